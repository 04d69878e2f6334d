// How TTFT, ITL or E2E is distributed: a histogram or the cumulative share, linear or logarithmic.

import { binned, commonEnd, evenEdges, shareUpTo } from '../../shared/bins.js';
import { count, duration, number } from '../../shared/format.js';
import { distributionOf, fromTo, LATENCIES, percentOf, quantiles, within, withoutPlace } from '../../words/details.js';
import { ghostOf } from '../overview/ghost.js';
import { itlMarkers, p99Markers, theoryNotes } from '../theory/markers.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {Distribution} from '#engine' */
/** @import {Details} from '../../shared/types.d.ts' */

/** @typedef {{figure: 'ttft'|'itl'|'request_itl'|'e2e', form: 'histogram'|'share', scale: 'linear'|'log'}} DistributionChoice */

export const FIGURES = /** @type {const} */ ({
  ttft: { ...LATENCIES.ttft, colour: '--state-prefill' },
  itl: { ...LATENCIES.itl, colour: '--state-decode' },
  request_itl: { ...LATENCIES.request_itl, colour: '--state-decode' },
  e2e: { ...LATENCIES.e2e, colour: '--main' },
});

/** Of two runs laid over each other. */
const BINS = 50;

/**
 * The run before, drawn in grey.
 * @typedef {object} Ghost
 * @property {Distribution} distribution
 * @property {string} words in the legend
 */

/** @param {Distribution} distribution */
const cumulativeOf = ({ cumulative: { value_ms: ms, share } }) => ({ ms, share });

/**
 * The share of the samples within a time; of two runs at the times of both.
 * @param {Distribution} distribution
 * @param {DistributionChoice} choice
 * @param {Ghost|null} ghost
 * @returns {Pick<ChartSpec, 'x'|'y'|'xs'|'series'>}
 */
function shares(distribution, { figure, scale }, ghost) {
  const { label, axis, colour, samples } = FIGURES[figure];
  const log = scale === 'log';
  const all = [distribution, ...(ghost ? [ghost.distribution] : [])].map(cumulativeOf);
  const times = [...new Set(all.flatMap(({ ms }) => ms))].sort((a, b) => a - b);
  const xs = log ? times.filter((ms) => ms > 0) : times;
  const [now, before] = all.map((each) => xs.map((ms) => 100 * shareUpTo(each, ms)));
  return {
    x: {
      label: axis,
      format: (value) => within(duration(value)),
      tick: duration,
      log,
      ...(log ? {} : { ends: [0, commonEnd(...all)] }),
    },
    y: { label: percentOf(samples), format: (value) => `${number(value)}%`, log: 'never', zero: true, max: 100 },
    xs,
    series: [
      { label, values: now, kind: 'line', colour },
      ...(ghost
        ? [{ label: ghost.words, values: before, kind: /** @type {const} */ ('line'), colour: '--muted' }]
        : []),
    ],
  };
}

/**
 * Bins that hold two runs, evenly apart on the scale.
 * @param {ReturnType<typeof cumulativeOf>[]} both
 * @param {boolean} log
 */
function commonEdges(both, log) {
  if (!log) return evenEdges(commonEnd(...both), BINS);
  const times = both.flatMap(({ ms }) => ms.filter((value) => value > 0));
  const [low, high] = [Math.min(...times), Math.max(...times)];
  const ratio = high > low ? high / low : 1.1;
  return Array.from({ length: BINS + 1 }, (_unused, i) => low * ratio ** (i / BINS));
}

/**
 * Bars: of one run its own counts, of two runs percentages in bins that they have in common.
 * @param {Distribution} distribution
 * @param {DistributionChoice} choice
 * @param {Ghost|null} ghost
 * @returns {Pick<ChartSpec, 'x'|'y'|'xs'|'series'>}
 */
function bars(distribution, { figure, scale }, ghost) {
  const { label, axis, colour, samples } = FIGURES[figure];
  const log = scale === 'log';
  const own = distribution[scale];
  const both = [distribution, ...(ghost ? [ghost.distribution] : [])].map(cumulativeOf);
  const edges = ghost ? commonEdges(both, log) : own.edges_ms;
  const xs = edges.slice(1).map((edge, i) => (log ? Math.sqrt(edges[i] * edge) : (edges[i] + edge) / 2));
  const between = (/** @type {number} */ value) => {
    const bin = xs.indexOf(value);
    return bin < 0 ? duration(value) : fromTo(duration(edges[bin]), duration(edges[bin + 1]));
  };
  const [now, before] = ghost ? both.map((each) => binned(each, edges)) : [own.counts];
  return {
    x: { label: axis, format: between, tick: duration, log },
    y: ghost
      ? { label: percentOf(samples), format: (value) => `${number(value)}%`, log: 'never', zero: true, max: 100 }
      : { label: samples, format: count, log: 'never', zero: true, whole: true },
    xs,
    series: [
      { label: ghost ? label : samples, values: now, kind: 'bars', colour },
      ...(ghost
        ? [{ label: ghost.words, values: before, kind: /** @type {const} */ ('outline'), colour: '--muted' }]
        : []),
    ],
  };
}

/** Theory's part in a chart: a line, and its note. */
const THEORY = /** @type {const} */ ({
  ttft: { markers: p99Markers, note: 'p99' },
  itl: { markers: itlMarkers, note: 'itl' },
});

/**
 * @param {Details} details
 * @param {DistributionChoice} choice
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function distributionChart({ curves }, choice, state) {
  const { run, theory } = state;
  const previous = ghostOf(state);
  const before = previous?.curves?.distributions[choice.figure];
  const ghost = previous && before && before.summary.count > 0 ? { distribution: before, words: previous.words } : null;
  const distribution = curves.distributions[choice.figure];
  const { count: sampleCount, p50_ms: p50, p90_ms: p90, p99_ms: p99 } = distribution.summary;
  if (sampleCount === 0) return null;
  const { label, samples } = FIGURES[choice.figure];
  const beside = choice.figure === 'ttft' || choice.figure === 'itl' ? THEORY[choice.figure] : null;
  const { left_out: zeros } = distribution.log;
  const leftOut = choice.scale === 'log' && zeros > 0 ? withoutPlace(count(zeros), samples) : '';
  const draw = choice.form === 'share' ? shares : bars;
  return {
    title: distributionOf(label),
    summary: `${quantiles(label, `${count(sampleCount)} ${samples}`, [p50, p90, p99].map(duration))}${leftOut}`,
    xName: label,
    ...draw(distribution, choice, ghost),
    markers: [
      { axis: 'x', at: p50, label: 'p50', colour: '--muted' },
      { axis: 'x', at: p90, label: 'p90', colour: '--muted' },
      { axis: 'x', at: p99, label: 'p99', colour: '--accent' },
      ...(run === null || beside === null ? [] : beside.markers(run, theory)),
    ],
    notes: beside === null ? [] : theoryNotes(run, theory, beside.note),
  };
}
