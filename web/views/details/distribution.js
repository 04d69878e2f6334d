// How TTFT, ITL or E2E is distributed: a histogram or the cumulative share, linear or logarithmic.

import { count, duration, number } from '../../shared/format.js';
import { itlMarkers, p99Markers, theoryNotes } from '../theory/markers.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {Distribution} from '#engine' */
/** @import {Details} from '../../shared/types.d.ts' */

/** @typedef {{figure: 'ttft'|'itl'|'request_itl'|'e2e', form: 'histogram'|'share', scale: 'linear'|'log'}} DistributionChoice */

export const FIGURES = /** @type {const} */ ({
  ttft: { label: 'TTFT', axis: 'time to first token', colour: '--state-prefill', samples: 'requests' },
  itl: { label: 'ITL', axis: 'time between two tokens', colour: '--state-decode', samples: 'gaps' },
  request_itl: {
    label: 'ITL by request',
    axis: 'mean time between the tokens of a request',
    colour: '--state-decode',
    samples: 'requests',
  },
  e2e: { label: 'E2E', axis: 'time to the last token', colour: '--main', samples: 'requests' },
});

/**
 * @param {Distribution} distribution
 * @param {DistributionChoice} choice
 * @returns {Pick<ChartSpec, 'x'|'y'|'xs'|'series'>}
 */
function drawn(distribution, { figure, form, scale }) {
  const { label, axis, colour, samples } = FIGURES[figure];
  const log = scale === 'log';
  if (form === 'share') {
    const { value_ms: ms, share } = distribution.cumulative;
    const from = log
      ? Math.max(
          ms.findIndex((value) => value > 0),
          0,
        )
      : 0;
    return {
      x: { label: axis, format: (value) => `within ${duration(value)}`, tick: duration, log },
      y: { label: `% of the ${samples}`, format: (value) => `${number(value)}%`, log: 'never', zero: true, max: 100 },
      xs: ms.slice(from),
      series: [
        {
          label,
          values: share.slice(from).map((each) => 100 * each),
          kind: 'line',
          colour,
        },
      ],
    };
  }
  const { edges_ms: edges, counts } = distribution[scale];
  const xs = counts.map((_count, i) => (log ? Math.sqrt(edges[i] * edges[i + 1]) : (edges[i] + edges[i + 1]) / 2));
  const between = (/** @type {number} */ value) => {
    const bin = xs.indexOf(value);
    return bin < 0 ? duration(value) : `${duration(edges[bin])} to ${duration(edges[bin + 1])}`;
  };
  return {
    x: { label: axis, format: between, tick: duration, log },
    y: { label: samples, format: count, log: 'never', zero: true, whole: true },
    xs,
    series: [{ label: samples, values: counts, kind: 'bars', colour }],
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
 * @param {Pick<State, 'run'|'theory'>} state
 * @returns {ChartSpec|null}
 */
export function distributionChart({ curves }, choice, { run, theory }) {
  const distribution = curves.distributions[choice.figure];
  const { count: sampleCount, p50_ms: p50, p90_ms: p90, p99_ms: p99 } = distribution.summary;
  if (sampleCount === 0) return null;
  const { label, samples } = FIGURES[choice.figure];
  const beside = choice.figure === 'ttft' || choice.figure === 'itl' ? THEORY[choice.figure] : null;
  const { left_out: zeros } = distribution.log;
  const leftOut =
    choice.scale === 'log' && zeros > 0
      ? ` ${count(zeros)} ${samples} of 0 ms have no place on a logarithmic scale.`
      : '';
  return {
    title: `Distribution of ${label}`,
    summary: `${label} of ${count(sampleCount)} ${samples}: half within ${duration(p50)}, 90% within ${duration(p90)}, 99% within ${duration(p99)}.${leftOut}`,
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
