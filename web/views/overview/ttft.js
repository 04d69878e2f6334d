// How TTFT is distributed over the requests of a run, beside a pinned run or the one before: in the same bins on the same
// axis, which stays while the values change within it.

import { binned, commonEnd, evenEdges } from '../../shared/bins.js';
import { duration, number } from '../../shared/format.js';
import { pinned } from '../../words/charts.js';
import {
  fromTo,
  NOW,
  OF_REQUESTS,
  p99Of,
  P99_BEFORE,
  TTFT_AXIS,
  waitedBefore,
  waits,
  waitsBeside,
  waitsPinned,
} from '../../words/overview_charts.js';
import { p99Markers, theoryNotes } from '../theory/markers.js';
import { ghostOf } from './ghost.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {Cumulative} from '../../shared/bins.js' */

/** The width of one is a round number, as that of the axis is. */
const BINS = 50;

/**
 * What a run is compared with.
 * @typedef {object} Other
 * @property {Cumulative} cdf
 * @property {number} p99 ms
 * @property {string} words in the legend
 * @property {string} mark of its p99
 * @property {string} sentence with its p99
 * @property {Pick<ChartSpec['series'][number], 'colour'|'dash'>} style
 */

/**
 * The pinned run that a person compares with, or else the one before.
 * @param {Readonly<State>} state
 * @returns {Other|null}
 */
function otherOf(state) {
  const pin = state.pins.find(({ id }) => id === state.against);
  if (pin) {
    const style = { colour: '--ink', dash: [6, 4] };
    const p99 = pin.summary.ttft.p99_ms;
    const sentence = waitsPinned(pin.name, duration(p99));
    return { cdf: pin.cdf, p99, words: pinned(pin.name), sentence, mark: p99Of(pin.name), style };
  }
  const ghost = ghostOf(state);
  if (!ghost || ghost.run.cdf.ms.length === 0) return null;
  const { cdf, summary } = ghost.run;
  const p99 = summary.ttft.p99_ms;
  const sentence = waitedBefore(ghost.different, duration(p99));
  return { cdf, p99, words: ghost.words, sentence, mark: P99_BEFORE, style: { colour: '--muted' } };
}

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function ttftChart(state) {
  const { run, theory } = state;
  if (run === null || run.cdf.ms.length === 0) return null;
  const other = otherOf(state);
  const end = commonEnd(run.cdf, other?.cdf);
  const edges = evenEdges(end, BINS);
  const half = edges[1] / 2;
  const { p50_ms: p50, p90_ms: p90, p99_ms: p99 } = run.summary.ttft;
  return {
    summary: other ? waitsBeside(duration(p99), other.sentence) : waits(duration(p50), duration(p90), duration(p99)),
    xName: 'TTFT',
    x: {
      label: TTFT_AXIS,
      format: (value) => fromTo(duration(Math.max(value - half, 0)), duration(value + half)),
      tick: duration,
      ends: [0, end],
    },
    y: { label: OF_REQUESTS, format: (value) => `${number(value)}%`, log: 'never', zero: true, max: 100 },
    xs: edges.slice(1).map((edge) => edge - half),
    series: [
      { label: NOW, values: binned(run.cdf, edges), kind: 'bars', colour: '--main' },
      ...(other
        ? [
            {
              label: other.words,
              values: binned(other.cdf, edges),
              kind: /** @type {const} */ ('outline'),
              ...other.style,
            },
          ]
        : []),
    ],
    markers: [
      ...(other
        ? [{ axis: /** @type {const} */ ('x'), at: other.p99, label: other.mark, colour: other.style.colour }]
        : [
            { axis: /** @type {const} */ ('x'), at: p50, label: 'p50', colour: '--muted' },
            { axis: /** @type {const} */ ('x'), at: p90, label: 'p90', colour: '--muted' },
          ]),
      { axis: 'x', at: p99, label: 'p99', colour: '--accent' },
      ...p99Markers(run, theory),
    ],
    notes: theoryNotes(run, theory, 'p99'),
  };
}
