// The second tier of KV memory: what every instance has in it over time, and what it stored, evicted and brought back.

import { HeatMap } from '../../charts/heatmap.js';
import { count, number } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';
import { TABLE } from '../../words/cluster_table.js';
import { alwaysZero, atMost } from '../../words/details.js';
import { circlingWords } from '../../words/headline.js';
import { SAVES_NOTHING, TIER, tiersWords } from '../../words/tier.js';

/** @import {HeatSpec} from '../../charts/heatmap.js' */
/** @import {Details, Summary} from '../../shared/types.d.ts' */

/** @typedef {NonNullable<Summary['tiers']>} Tiers */

/**
 * @param {Details} details
 * @param {number} capacity blocks of each tier
 * @returns {HeatSpec}
 */
export function tierSpec({ seconds, instanceCount, tierBlocks }, capacity) {
  const value = (/** @type {number} */ point, /** @type {number} */ instance) =>
    (100 * tierBlocks[point * instanceCount + instance]) / capacity;
  const highest = tierBlocks.reduce((best, blocks, at) => (blocks > tierBlocks[best] ? at : best), 0);
  const most = (100 * tierBlocks[highest]) / capacity;
  const [instance, point] = [highest % instanceCount, Math.floor(highest / instanceCount)];
  return {
    summary: most > 0 ? atMost(`${number(most)} ${TIER.unit}`, instance, seconds[point]) : alwaysZero(TIER.unit),
    unit: TIER.unit,
    colour: '--main',
    seconds,
    rows: instanceCount,
    value,
    max: 100,
    format: number,
    notes: [],
  };
}

/** @param {Tiers} tiers */
function table({ instances, busy_us: busy }) {
  const heads = TIER.heads.map((head, at) => element('th', { scope: 'col', title: TIER.meanings[at] || null }, head));
  const rows = instances.map(({ used, capacity, stores, evictions, reloads, transfer_us: us }, at) => {
    const cells = [
      TABLE.partOf(used, capacity),
      count(Number(stores)),
      count(Number(evictions)),
      count(Number(reloads)),
      TIER.time(Number(us)),
      TIER.share(Number(us), Number(busy[at])),
    ];
    return element(
      'tr',
      {},
      element('th', { scope: 'row', 'data-head': TIER.heads[0] }, String(at)),
      ...cells.map((cell, i) => element('td', { 'data-head': TIER.heads[i + 1] }, cell)),
    );
  });
  return element(
    'table',
    { class: 'plain tier-table' },
    element('caption', { class: 'visually-hidden' }, TIER.caption),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
}

/**
 * The tier's table and map, there only while a run has one.
 * @param {HTMLElement} parent
 * @param {() => string[]} simulated
 * @param {(at: number) => void} onPick of a moment, µs
 */
export function createTier(parent, simulated, onPick) {
  const summary = element('p', { class: 'chart-summary' });
  const warning = element('p', { class: 'error', hidden: true });
  const body = element('div', { class: 'split-body', tabindex: 0, role: 'region', 'aria-label': TIER.region });
  const holder = element('div', { class: 'turn-chart', hidden: true });
  const root = element(
    'section',
    { class: 'chart conversations', id: 'tier', 'aria-labelledby': 'tier-title', hidden: true },
    element('div', { class: 'chart-head' }, element('h3', { id: 'tier-title' }, TIER.title)),
    summary,
    warning,
    body,
    element('p', { class: 'note' }, SAVES_NOTHING),
  );
  parent.append(root, holder);
  /** @type {HeatMap|null} */
  let map = null;
  return {
    /** @param {Details} details @param {Summary} own */
    show(details, own) {
      const { tiers } = own;
      root.hidden = holder.hidden = !tiers;
      if (!tiers) return;
      map ??= new HeatMap(holder, { id: 'tier-map', title: TIER.map, simulated, onPick });
      setWords(summary, tiersWords(tiers.instances));
      const circling = circlingWords(own);
      warning.hidden = circling === '';
      setWords(warning, circling);
      body.replaceChildren(table(tiers));
      map.update(tierSpec(details, tiers.instances[0].capacity));
    },
    /** @param {number|null} at s */
    mark(at) {
      map?.mark(at);
    },
  };
}
