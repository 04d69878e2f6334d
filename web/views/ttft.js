// How TTFT is distributed over the requests of a run.

import { count, duration } from '../format.js';
import { theoryMarkers, theorySentence } from './theory_markers.js';

/** @import {ChartSpec} from '../charts/spec.js' */
/** @import {State} from '../state.js' */

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function ttftChart({ run, theory }) {
  if (run === null || run.histogram.counts.length === 0) return null;
  const { edges, counts } = run.histogram;
  const { p50_ms: p50, p90_ms: p90, p99_ms: p99 } = run.summary.ttft;
  const middles = Array.from(counts, (_count, i) => (edges[i] + edges[i + 1]) / 2);
  const half = (edges[1] - edges[0]) / 2;
  return {
    summary: `Half of the requests wait ${duration(p50)} or less for their first token, 90 % ${duration(p90)}, 99 % ${duration(p99)}.${theorySentence(run, theory)}`,
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
      ...theoryMarkers(run, theory),
    ],
  };
}
