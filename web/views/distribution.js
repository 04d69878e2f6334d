// How TTFT, ITL or E2E is distributed over the requests: a histogram or the cumulative share, linear or logarithmic.

import { count, duration, number } from '../format.js';
import { itlMarkers, p99Markers, theoryNotes } from './theory_markers.js';
import { shareUpTo } from './ttft.js';

/** @import {ChartSpec} from '../charts/spec.js' */
/** @import {State} from '../state.js' */
/** @import {Details, Distribution} from '../types.d.ts' */

/** @typedef {{figure: 'ttft'|'itl'|'e2e', form: 'histogram'|'share', scale: 'linear'|'log'}} DistributionChoice */

export const FIGURES = /** @type {const} */ ({
  ttft: { label: 'TTFT', axis: 'time to first token', colour: '--state-prefill' },
  itl: { label: 'ITL', axis: 'time between tokens, mean of each request', colour: '--state-decode' },
  e2e: { label: 'E2E', axis: 'time to the last token', colour: '--main' },
});

/**
 * The value that a share of the requests keeps to.
 * @param {Distribution['cumulative']} curve
 * @param {number} share
 */
export function quantile({ ms, share: shares }, share) {
  const at = shares.findIndex((value) => value >= share);
  return at < 0 ? ms[ms.length - 1] : ms[at];
}

/**
 * @param {Distribution} distribution
 * @param {DistributionChoice} choice
 * @returns {Pick<ChartSpec, 'x'|'y'|'xs'|'series'>}
 */
function drawn(distribution, { figure, form, scale }) {
  const { label, axis, colour } = FIGURES[figure];
  const log = scale === 'log';
  if (form === 'share') {
    const { ms } = distribution.cumulative;
    const from = log ? ms.findIndex((value) => value > 0) : 0;
    const xs = ms.slice(Math.max(from, 0));
    return {
      x: { label: axis, format: (value) => `within ${duration(value)}`, tick: duration, log },
      y: { label: '% of the requests', format: (value) => `${number(value)} %`, log: 'never', zero: true, most: 100 },
      xs,
      series: [
        {
          label,
          values: Array.from(xs, (value) => 100 * shareUpTo(distribution.cumulative, value)),
          kind: 'line',
          colour,
        },
      ],
    };
  }
  const { edges, counts } = distribution[scale];
  const xs = Array.from(counts, (_count, i) =>
    log ? Math.sqrt(edges[i] * edges[i + 1]) : (edges[i] + edges[i + 1]) / 2,
  );
  const between = (/** @type {number} */ value) => {
    const bin = xs.indexOf(value);
    return bin < 0 ? duration(value) : `${duration(edges[bin])} to ${duration(edges[bin + 1])}`;
  };
  return {
    x: { label: axis, format: between, tick: duration, log },
    y: { label: 'requests', format: count, log: 'never', zero: true, whole: true },
    xs,
    series: [{ label: 'requests', values: Array.from(counts), kind: 'bars', colour }],
  };
}

/** What theory has to say about a figure: a line of a chart, and its note. */
const THEORY = /** @type {const} */ ({
  ttft: { markers: p99Markers, note: 'p99' },
  itl: { markers: itlMarkers, note: 'itl' },
});

/**
 * @param {Details} details
 * @param {DistributionChoice} choice
 * @param {Pick<State, 'run'|'theory'>} state
 * @returns {ChartSpec|null}
 */
export function distributionChart({ curves }, choice, { run, theory }) {
  const distribution = curves.distributions[choice.figure];
  if (distribution.count === 0) return null;
  const { label } = FIGURES[choice.figure];
  const beside = choice.figure === 'e2e' ? null : THEORY[choice.figure];
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => quantile(distribution.cumulative, share));
  return {
    title: `Distribution of ${label}`,
    summary: `${label} of ${count(distribution.count)} requests: half within ${duration(p50)}, 90 % within ${duration(p90)}, 99 % within ${duration(p99)}.`,
    xName: label,
    ...drawn(distribution, choice),
    markers: [
      { axis: 'x', at: p50, label: 'p50', colour: '--good' },
      { axis: 'x', at: p90, label: 'p90', colour: '--warm' },
      { axis: 'x', at: p99, label: 'p99', colour: '--accent' },
      ...(run === null || beside === null ? [] : beside.markers(run, theory)),
    ],
    notes: beside === null ? [] : theoryNotes(run, theory, beside.note),
  };
}
