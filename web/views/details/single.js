// Single requests and single decisions over time, each a point that can be selected; and regret by instance.

import { count, duration, number, plural } from '../../shared/format.js';
import {
  ALL_BEST,
  ARRIVAL,
  ARRIVAL_AND_REQUEST,
  DECISION_AND_REQUEST,
  DECISION_TIME,
  longestWait,
  requestWords,
  worstDecision,
} from '../../words/details.js';
import { regretUnit } from '../overview/regret.js';
import { excessSeries, theoryNotes } from '../theory/markers.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec, Marker} from '../../charts/spec.js' */
/** @import {Details, RunReport} from '../../shared/types.d.ts' */

/**
 * The indices that are drawn: the worst of each stretch of time, and the selected one.
 * @param {Uint32Array} worst ascending in time
 * @param {Float64Array} times
 * @param {Float64Array} values
 * @param {number|null} selected
 */
function withSelected(worst, times, values, selected) {
  const known = selected !== null && Number.isFinite(times[selected]) && Number.isFinite(values[selected]);
  if (!known || worst.includes(selected)) return [...worst];
  return [...worst, selected].sort((a, b) => times[a] - times[b]);
}

/**
 * @param {number|null} selected
 * @param {Float64Array} times µs
 * @returns {Marker[]}
 */
function selectedMarker(selected, times) {
  if (selected === null || !Number.isFinite(times[selected])) return [];
  return [{ axis: 'x', at: times[selected] / 1e6, label: requestWords(selected), colour: '--ink' }];
}

/**
 * What a point reads like: its time and its request.
 * @param {number[]} shown
 * @param {number[]} xs
 */
function pointName(shown, xs) {
  const at = new Map(xs.map((x, i) => [x, shown[i]]));
  return (/** @type {number} */ value) => {
    const request = at.get(value);
    return `${number(value)} s${request === undefined ? '' : `, ${requestWords(request)}`}`;
  };
}

/**
 * @param {Details} details
 * @param {Pick<State, 'request'|'run'|'theory'>} state
 * @returns {ChartSpec|null}
 */
export function waitsChart({ curves }, { request: selected, run, theory }) {
  const { arrivalUs, ttftUs } = curves.requests;
  const shown = withSelected(curves.worstWaits, arrivalUs, ttftUs, selected);
  if (shown.length === 0) return null;
  const xs = shown.map((request) => arrivalUs[request] / 1e6);
  const worst = shown.reduce((a, b) => (ttftUs[b] > ttftUs[a] ? b : a));
  return {
    summary: longestWait(worst, ttftUs[worst] / 1000, shown.length === arrivalUs.length),
    xName: ARRIVAL_AND_REQUEST,
    x: { label: ARRIVAL, format: pointName(shown, xs), tick: (value) => `${number(value)} s` },
    y: { label: 'TTFT', format: duration, log: 'auto', zero: true },
    xs,
    series: [
      {
        label: 'TTFT',
        values: shown.map((request) => ttftUs[request] / 1000),
        kind: 'marks',
        colour: '--state-prefill',
      },
      ...(run === null ? [] : excessSeries(run, theory, xs, arrivalUs[arrivalUs.length - 1] / 1e6)),
    ],
    notes: theoryNotes(run, theory, 'excess'),
    requests: shown,
    markers: selectedMarker(selected, arrivalUs),
  };
}

/**
 * @param {Details} details
 * @param {RunReport} run
 * @param {number|null} selected
 * @returns {ChartSpec|null}
 */
export function decisionsChart({ curves }, { summary }, selected) {
  const { routedUs, regret, instance } = curves.requests;
  const shown = withSelected(curves.worstDecisions, routedUs, regret, selected);
  if (shown.length === 0) return null;
  const unit = regretUnit(summary);
  const xs = shown.map((request) => routedUs[request] / 1e6);
  const worst = shown.reduce((a, b) => (regret[b] > regret[a] ? b : a));
  return {
    summary: regret[worst] === 0 ? ALL_BEST : worstDecision(worst, instance[worst], regret[worst], unit),
    xName: DECISION_AND_REQUEST,
    x: { label: DECISION_TIME, format: pointName(shown, xs), tick: (value) => `${number(value)} s` },
    y: { label: `regret in ${unit}`, format: number, log: 'never', zero: true },
    xs,
    series: [
      { label: 'regret', values: shown.map((request) => regret[request]), kind: 'marks', colour: '--state-transit' },
    ],
    requests: shown,
    markers: selectedMarker(selected, routedUs),
  };
}

/**
 * @param {Details} details
 * @param {RunReport} run
 * @returns {ChartSpec|null}
 */
export function regretByInstanceChart({ curves }, { summary }) {
  const mean = curves.byInstance.map((each) => each.mean);
  const decisions = curves.byInstance.map((each) => each.decisions);
  const unit = regretUnit(summary);
  const worst = mean.indexOf(Math.max(...mean));
  return {
    summary:
      mean[worst] > 0
        ? `Choosing instance ${worst} cost most: ${number(mean[worst])} ${unit} on average over ${plural(decisions[worst], 'decision')}.`
        : 'No instance was chosen where a better one was left aside.',
    xName: 'Instance',
    x: { label: 'chosen instance', format: (value) => `Instance ${value}`, tick: String, whole: true },
    y: { label: `regret in ${unit}`, format: number, log: 'never', zero: true },
    xs: mean.map((_value, i) => i),
    series: [
      { label: 'mean regret', values: mean, kind: 'bars', colour: '--state-transit' },
      { label: 'largest', values: curves.byInstance.map(({ max }) => max), kind: 'marks', colour: '--accent' },
    ],
    markers: [
      {
        axis: 'y',
        at: summary.mean_regret,
        label: `mean of ${count(decisions.reduce((sum, value) => sum + value, 0))} decisions ${number(summary.mean_regret)}`,
        colour: '--ink',
      },
    ],
  };
}
