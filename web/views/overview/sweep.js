// A figure against the values of one setting, with the spread over seeds.

import { axisOf } from '../../engine/axes.js';
import { metric } from '../../shared/metrics.js';
import { pinned } from '../../words/charts.js';
import {
  beforeValue,
  figureAgainst,
  HIGHEST,
  LOWEST,
  lowestToHighest,
  NONE_KNOWN,
  NONE_RUNS,
  nowWords,
  P99,
  sweepBest,
  sweepComputing,
  sweepEnds,
  sweepFlat,
  sweepOffered,
  sweepOverloaded,
  sweepStopped,
} from '../../words/overview_charts.js';
import { capacityBorder, capacityMarkers, capacityNotes } from '../theory/markers.js';
import { ghostOf } from './ghost.js';
import { chosenPair } from './sweep_control.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec, Marker, Series} from '../../charts/spec.js' */
/** @import {SweepAxis} from '../../engine/axes.js' */
/** @import {Metric} from '../../shared/metrics.js' */
/** @import {Catalog, Config, Sweep, SweepPoint} from '../../shared/types.d.ts' */
/** @import {Pin} from '../compare/pins.js' */

/**
 * @param {Sweep} sweep
 * @param {SweepPoint} point
 * @param {Metric} shown
 */
function current(sweep, { bySeed }, { id }) {
  const value = bySeed.get(sweep.seed)?.[id] ?? NaN;
  return Number.isNaN(value) ? null : value;
}

/**
 * The spread is drawn where more than one seed is known.
 * @param {SweepPoint} point
 * @param {Metric} shown
 * @param {(...values: number[]) => number} extreme
 */
function spread({ bySeed }, { id }, extreme) {
  const value = bySeed.size > 1 ? extreme(...[...bySeed.values()].map((figures) => figures[id])) : NaN;
  return Number.isNaN(value) ? null : value;
}

/**
 * From how many instances on the cluster keeps up in the long run: as theory has it, else as many as it keeps up with
 * now. Null if nobody knows.
 * @param {Readonly<State>} state
 * @param {number} here
 * @returns {{from: number, byTheory: boolean}|null}
 */
function keepsUp({ run, theory }, here) {
  const border = capacityBorder(run, theory, 'instances');
  if (border !== null) return { from: Math.ceil(border), byTheory: true };
  return run?.summary.verdict.kind === 'steady' ? { from: here, byTheory: false } : null;
}

/**
 * Which number of instances is too small, and which is enough. A figure that hardly improves is no advice where the run
 * only ends before a queue has grown.
 * @param {Readonly<State>} state
 * @param {{at: number, value: number}[]} known
 * @param {number} here
 * @param {Metric} shown
 */
function advice(state, known, here, shown) {
  const enough = keepsUp(state, here);
  if (enough === null) return '';
  const [first, last] = [known[0], known[known.length - 1]];
  // The smallest value from which more of it improve the figure by less than a tenth.
  const knee = shown.better === 'lower' && last.value > 0 ? known.find(({ value }) => value <= last.value * 1.1) : null;
  // Where it gets worse again, nothing of this is true.
  const worse = known.some(({ value }) => value * 1.1 < last.value);
  const flat = knee && !worse && knee.at < last.at ? knee.at : null;
  const { from, byTheory } = enough;
  const overloaded = byTheory && from > first.at ? sweepOverloaded(from, flat !== null && flat < from) : '';
  // Where the curve is flat before enough is reached, to say so would be no advice.
  const misleads = overloaded !== '' && flat !== null && flat < from;
  const beyond = flat === null || misleads ? last.at : Math.max(flat, from);
  return `${overloaded}${beyond < last.at ? sweepFlat(beyond, shown.label) : ''}`;
}

/**
 * Which of several is best, and how the present one compares.
 * @param {{at: number, value: number}[]} all
 * @param {{at: number, value: number}|undefined} here
 * @param {SweepAxis} axis
 * @param {Metric} shown
 */
function bestOf(all, here, axis, shown) {
  const known = all.filter(({ value }) => Number.isFinite(value));
  if (known.length === 0) return NONE_KNOWN;
  const sign = shown.better === 'higher' ? -1 : 1;
  const best = known.reduce((one, other) => (sign * other.value < sign * one.value ? other : one));
  const words = (/** @type {{at: number, value: number}} */ { at, value }) =>
    `${shown.format(value)} on ${axis.format(at)}`;
  return sweepBest(shown.better === null ? 'lowest' : 'best', words(best), here ? words(here) : null, known.length);
}

/**
 * @param {Readonly<State>} state
 * @param {Sweep} sweep
 * @param {number} here
 * @param {SweepAxis} axis
 * @param {Metric} shown
 */
function summarise(state, sweep, here, axis, shown) {
  const known = sweep.points.flatMap((point) => {
    const value = current(sweep, point, shown);
    return value === null ? [] : [{ at: point.at, value }];
  });
  const { finished, planned } = sweep;
  if (sweep.status === 'offered') return sweepOffered(planned);
  if (sweep.status === 'stopped') return sweepStopped(finished, planned);
  if (sweep.points.some(({ bySeed }) => !bySeed.has(sweep.seed))) return sweepComputing(finished, planned);
  if (known.length === 0) return sweep.points.length === 0 ? NONE_RUNS : NONE_KNOWN;
  const point = known.find(({ at }) => at === here);
  if (axis.names) return bestOf(known, point, axis, shown);
  const [first, last] = [known[0], known[known.length - 1]];
  const short = axis.whole && axis.id === 'instances' ? String : axis.format;
  const ends = sweepEnds(
    [shown.format(first.value), axis.format(first.at)],
    [shown.format(last.value), short(last.at)],
    point ? [shown.format(point.value), short(here)] : null,
  );
  return `${ends}${axis.id === 'instances' ? advice(state, known, here, shown) : ''}`;
}

/**
 * The pinned run's curve, if it was swept over the same setting.
 * @param {Pin|undefined} pin
 * @param {Sweep} sweep
 * @param {Metric} shown
 * @returns {Series[]}
 */
function pinnedSeries(pin, sweep, { id }) {
  if (!pin?.sweep || pin.sweep.axis !== sweep.axis) return [];
  const values = new Map(pin.sweep.points.map(({ at, figures }) => [at, figures[id]]));
  return [
    {
      label: pinned(pin.name),
      values: sweep.points.map(({ at }) => values.get(at) ?? null),
      kind: 'line',
      colour: '--ink',
      dash: [6, 4],
      points: 'square',
    },
  ];
}

/**
 * The curve of the run before, unless it is the same: only the swept setting has changed then.
 * @param {Readonly<State>} state
 * @param {Sweep} sweep
 * @param {Metric} shown
 * @returns {Series[]}
 */
function ghostSeries(state, sweep, shown) {
  const ghost = ghostOf(state);
  const earlier = ghost?.sweep;
  if (!ghost || !earlier || earlier.axis !== sweep.axis || earlier.config === sweep.config) return [];
  const values = new Map(earlier.points.map((point) => [point.at, current(earlier, point, shown)]));
  const column = sweep.points.map(({ at }) => values.get(at) ?? null);
  if (column.every((value, i) => value === null || value === current(sweep, sweep.points[i], shown))) return [];
  return [{ label: ghost.words, values: column, kind: 'line', colour: '--muted' }];
}

/**
 * Where the run before stood, if the swept setting has changed.
 * @param {Readonly<State>} state
 * @param {SweepAxis} axis
 * @param {number} here
 * @returns {Marker[]}
 */
function ghostMarker(state, axis, here) {
  const ghost = ghostOf(state);
  if (!ghost) return [];
  const at = axis.current(ghost.run.config, state.description?.catalog ?? null);
  return at === here ? [] : [{ axis: 'x', at, label: beforeValue(axis.tick(at)), colour: '--muted' }];
}

/**
 * Marks beyond what was swept would only squeeze the curve.
 * @param {Marker[]} markers
 * @param {Sweep} sweep
 */
function inSweep(markers, { points }) {
  return markers.filter(({ at }) => at >= points[0].at && at <= points[points.length - 1].at);
}

/**
 * The curve, with the figure of the run itself where its seed's has not been computed.
 * @param {Readonly<State>} state
 * @param {Sweep} sweep
 * @param {number} here
 * @param {Metric} shown
 */
function curve({ run, config }, sweep, here, shown) {
  const own = run !== null && run.config === config ? shown.of(run.summary) : null;
  return sweep.points.map((point) => current(sweep, point, shown) ?? (point.at === here ? own : null));
}

/**
 * An axis whose values are places in a list says what stands there.
 * @param {SweepAxis} axis
 * @param {Config} config
 * @param {Catalog|null} catalog
 * @returns {SweepAxis}
 */
function named(axis, config, catalog) {
  const names = axis.names?.(config, catalog);
  if (names === undefined) return axis;
  const name = (/** @type {number} */ at) => names[at] ?? '';
  return { ...axis, format: name, tick: name };
}

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function sweepChart(state) {
  const { sweep, config, sweepMetric, pins, against, description, run, theory } = state;
  if (sweep === null || config === null) return null;
  const axis = named(axisOf(sweep.axis), config, description?.catalog ?? null);
  const shown = metric(sweepMetric);
  const here = axis.current(config, description?.catalog ?? null);
  const seeds = Math.max(...sweep.points.map(({ bySeed }) => bySeed.size), 1);
  const edge = axis.names ? /** @type {const} */ ('marks') : /** @type {const} */ ('edge');
  const settable = chosenPair({ sweep, config, description }, here) !== null;
  const values = (/** @type {(point: SweepPoint) => number|null} */ of) => sweep.points.map(of);
  return {
    title: figureAgainst(shown.label, axis.label),
    summary: summarise(state, sweep, here, axis, shown),
    growing: sweep.status === 'running',
    xName: axis.name,
    x: {
      label: axis.label,
      format: axis.format,
      tick: axis.tick,
      whole: axis.whole,
      log: axis.log,
      ...(axis.names ? { turned: true } : {}),
    },
    y: { label: shown.label, format: shown.format, log: 'auto', zero: true },
    xs: sweep.points.map(({ at }) => at),
    series: [
      {
        label: shown.id === 'ttft-p99' ? P99 : shown.label,
        values: curve(state, sweep, here, shown),
        // What is between two names is nothing.
        kind: axis.names ? 'marks' : 'line',
        colour: '--main',
        points: 'dot',
      },
      {
        label: LOWEST,
        values: values((point) => spread(point, shown, Math.min)),
        kind: edge,
        colour: axis.names ? '--muted' : '--main',
      },
      {
        label: HIGHEST,
        values: values((point) => spread(point, shown, Math.max)),
        kind: edge,
        colour: axis.names ? '--warm' : '--main',
      },
      ...pinnedSeries(
        pins.find(({ id }) => id === against),
        sweep,
        shown,
      ),
      ...ghostSeries(state, sweep, shown),
    ],
    bands: axis.names ? [] : [{ upper: 2, lower: 1, label: seeds > 1 ? lowestToHighest(seeds) : '', colour: '--main' }],
    ...(settable ? { choice: { at: here, label: (at) => nowWords(axis.tick(at)), colour: '--accent' } } : {}),
    markers: [
      ...(settable
        ? []
        : [/** @type {Marker} */ ({ axis: 'x', at: here, label: nowWords(axis.tick(here)), colour: '--accent' })]),
      ...inSweep([...ghostMarker(state, axis, here), ...capacityMarkers(run, theory, axis.id)], sweep),
    ],
    notes: capacityNotes(run, theory, axis.id),
  };
}
