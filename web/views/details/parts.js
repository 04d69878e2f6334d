// Where the time of a request goes as a table, and what every instance did over time as maps of shades.

import { count, duration, number } from '../../shared/format.js';
import { element } from '../../ui/dom.js';
import {
  alwaysZero,
  atMost,
  MAP_WORDS,
  NONE_COMPLETED,
  ofAtMost,
  PHASE_MEANINGS,
  SPLIT_CAPTION,
  SPLIT_HEADS,
  splitWords,
} from '../../words/details.js';
import { theoryNotes } from '../theory/markers.js';

/** @import {State} from '../../app/state.js' */
/** @import {HeatSpec} from '../../charts/heatmap.js' */
/** @import {Details} from '../../shared/types.d.ts' */

/** What the maps show: which column of the timeline. */
export const MAPS = /** @type {const} */ ([
  { id: 'queue-map', ...MAP_WORDS.queue, column: 'waiting', colour: '--state-waiting' },
  { id: 'batch-map', ...MAP_WORDS.batch, column: 'running', colour: '--state-decode' },
  { id: 'kv-map', ...MAP_WORDS.kv, column: 'usedBlocks', colour: '--main' },
]);

/**
 * The notes of theory on a map.
 * @param {typeof MAPS[number]} map
 * @param {Pick<State, 'run'|'theory'>} state
 */
export function mapNotes({ id }, { run, theory }) {
  return id === 'batch-map' ? theoryNotes(run, theory, 'batch', 'little') : [];
}

/**
 * @param {Details} details
 * @param {typeof MAPS[number]} map
 * @param {Pick<State, 'run'|'theory'>} state
 * @returns {HeatSpec}
 */
export function heatSpec(details, map, state) {
  const { seconds, instanceCount, kvBlocks, config } = details;
  const { column, unit, colour } = map;
  const numbers = details[column];
  const at = (/** @type {number} */ point, /** @type {number} */ instance) => numbers[point * instanceCount + instance];
  const kv = column === 'usedBlocks';
  const value = kv ? (/** @type {number} */ p, /** @type {number} */ i) => (100 * at(p, i)) / kvBlocks : at;
  let [highest, where, when] = [0, 0, 0];
  for (let point = 0; point < seconds.length; point += 1) {
    for (let instance = 0; instance < instanceCount; instance += 1) {
      if (value(point, instance) > highest) [highest, where, when] = [value(point, instance), instance, point];
    }
  }
  const format = kv ? number : count;
  const limit = column === 'running' ? ofAtMost(config.instance.max_num_running_reqs) : '';
  const summary = highest === 0 ? alwaysZero(unit) : atMost(`${format(highest)} ${unit}${limit}`, where, seconds[when]);
  return {
    summary,
    unit,
    colour,
    seconds,
    rows: instanceCount,
    value,
    max: kv ? 100 : highest,
    format,
    notes: mapNotes(map, state),
  };
}

/**
 * The stretches in order, and all of them together, which is the mean E2E.
 * @param {Details['phases']} phases
 */
function stretchesOf(phases) {
  const names = /** @type {(keyof typeof PHASE_MEANINGS)[]} */ (Object.keys(PHASE_MEANINGS));
  const stretches = names.map((name) => ({ name, meanMs: phases[`${name}_ms`] }));
  return { stretches, total: stretches.reduce((sum, { meanMs }) => sum + meanMs, 0) };
}

/**
 * @param {Details} details
 */
export function splitSummary({ phases }) {
  if (phases.completed === 0) return NONE_COMPLETED;
  const { total, stretches } = stretchesOf(phases);
  const longest = stretches.reduce((a, b) => (b.meanMs > a.meanMs ? b : a));
  return splitWords(total, phases.completed, (100 * longest.meanMs) / total, longest.name);
}

/**
 * The stretches as a table with bars, which is its own text.
 * @param {Details} details
 */
export function splitTable({ phases }) {
  const { total, stretches } = stretchesOf(phases);
  const rows = stretches.map(({ name, meanMs }) => {
    const share = total > 0 ? meanMs / total : 0;
    const bar = element('span', { class: `split-bar ${name}` });
    bar.style.width = `${100 * share}%`;
    return element(
      'tr',
      { 'data-phase': name },
      element('th', { scope: 'row' }, name, element('span', { class: 'meaning' }, PHASE_MEANINGS[name])),
      element('td', {}, duration(meanMs)),
      element('td', {}, `${number(100 * share)}%`),
      element('td', { class: 'split-track' }, bar),
    );
  });
  return element(
    'table',
    { class: 'plain split-table' },
    element('caption', { class: 'visually-hidden' }, SPLIT_CAPTION),
    element(
      'thead',
      { class: 'visually-hidden' },
      element('tr', {}, ...SPLIT_HEADS.map((head) => element('th', { scope: 'col' }, head))),
    ),
    element('tbody', {}, ...rows),
  );
}
