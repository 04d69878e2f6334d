// How TTFT is distributed over the requests of a run.

import { count, duration, number } from '../../shared/format.js';
import { p99Markers, theoryNotes } from '../theory/markers.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {RunReport} from '../../shared/types.d.ts' */
/** @import {Pin} from '../compare/pins.js' */

/**
 * The share of samples up to and including a value.
 * @param {{ms: ArrayLike<number>, share: ArrayLike<number>}} cdf ascending
 * @param {number} value
 */
export function shareUpTo({ ms, share }, value) {
  let low = 0;
  let high = ms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ms[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : share[low - 1];
}

/**
 * Two runs as cumulative shares: histograms of different spans cannot be laid over each other, these can.
 * @param {RunReport} run
 * @param {Pin} pin
 * @returns {ChartSpec}
 */
function comparedChart({ cdf, summary }, pin) {
  const xs = [...new Set([...cdf.ms, ...pin.cdf.ms])].sort((a, b) => a - b);
  const column = (/** @type {typeof pin.cdf|typeof cdf} */ of) => xs.map((ms) => 100 * shareUpTo(of, ms));
  const [now, before] = [summary.ttft.p99_ms, pin.summary.ttft.p99_ms];
  return {
    summary: `99% of the requests have their first token within ${duration(now)}, of pinned run ${pin.name} within ${duration(before)}.`,
    xName: 'TTFT',
    x: { label: 'time to first token', format: (value) => `within ${duration(value)}`, tick: duration, log: xs[0] > 0 },
    y: { label: '% of the requests', format: (value) => `${number(value)}%`, log: 'never', zero: true },
    xs,
    series: [
      { label: 'now', values: column(cdf), kind: 'line', colour: '--main' },
      { label: `pinned: ${pin.name}`, values: column(pin.cdf), kind: 'line', colour: '--warm', dash: [6, 4] },
    ],
    markers: [
      { axis: 'x', at: now, label: 'p99 now', colour: '--main' },
      { axis: 'x', at: before, label: `p99 ${pin.name}`, colour: '--warm' },
    ],
  };
}

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function ttftChart({ run, pins, against, theory }) {
  if (run === null || run.histogram.counts.length === 0) return null;
  const pin = pins.find(({ id }) => id === against);
  if (pin) return comparedChart(run, pin);
  const { edges, counts } = run.histogram;
  const { p50_ms: p50, p90_ms: p90, p99_ms: p99 } = run.summary.ttft;
  const middles = Array.from(counts, (_count, i) => (edges[i] + edges[i + 1]) / 2);
  const half = (edges[1] - edges[0]) / 2;
  return {
    summary: `Half of the requests wait ${duration(p50)} or less for their first token, 90% ${duration(p90)}, 99% ${duration(p99)}.`,
    xName: 'TTFT',
    x: {
      label: 'time to first token',
      format: (value) => `${duration(value - half)} to ${duration(value + half)}`,
      tick: duration,
    },
    y: { label: 'requests', format: count, log: 'never', zero: true, whole: true },
    xs: middles,
    series: [{ label: 'requests', values: Array.from(counts), kind: 'bars', colour: '--main' }],
    markers: [
      { axis: 'x', at: p50, label: 'p50', colour: '--good' },
      { axis: 'x', at: p90, label: 'p90', colour: '--warm' },
      { axis: 'x', at: p99, label: 'p99', colour: '--accent' },
      ...p99Markers(run, theory),
    ],
    notes: theoryNotes(run, theory, 'p99'),
  };
}
