// The rows of the table of a moment: an instance in each, and those of the second tier of KV memory in a table of their own, since
// both beside each other are wider than a page.

import { count, duration } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';
import { TABLE } from '../../words/cluster_table.js';

/** @import {TierFigures} from '../../shared/types.d.ts' */
/** @import {Bounds, instanceAt} from './moment.js' */

/**
 * The numbers of an instance, and what bounds them. It is given: what the picture shares with its table would be fetched apart.
 * @typedef {Omit<ReturnType<typeof instanceAt>, 'limit'> & Bounds & {kvFull: string, waitsFor: string}} Row
 */

/** @param {readonly string[]} heads */
function tableOf(heads) {
  const caption = element('caption');
  const body = element('tbody');
  const head = element('tr', {}, ...heads.map((words) => element('th', { scope: 'col' }, words)));
  return { root: element('table', {}, caption, element('thead', {}, head), body), caption, body };
}

/** @param {number} at @param {string[]} cells */
function row(at, cells) {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, String(at)),
    ...cells.map((cell) => element('td', {}, cell)),
  );
}

export class MomentRows {
  #instances = tableOf(TABLE.heads);

  #tiers = tableOf(TABLE.tierHeads);

  root = element(
    'div',
    { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': TABLE.label },
    this.#instances.root,
    this.#tiers.root,
  );

  /**
   * @param {string} clock
   * @param {Row[]} rows
   */
  show(clock, rows) {
    setWords(this.#instances.caption, TABLE.caption(clock));
    this.#instances.body.replaceChildren(...rows.map((numbers, at) => row(at, cellsOf(numbers))));
    const tiers = rows.flatMap(({ tier }, at) => (tier === null ? [] : [row(at, tierCells(tier))]));
    this.#tiers.root.hidden = tiers.length === 0;
    setWords(this.#tiers.caption, TABLE.tierCaption(clock));
    this.#tiers.body.replaceChildren(...tiers);
  }
}

/** @param {TierFigures} tier */
function tierCells({ used, capacity, stores, evictions, reloads, transfer_us: us }) {
  const counters = [stores, evictions, reloads].map((counter) => count(Number(counter)));
  return [TABLE.partOf(used, capacity), ...counters, duration(Number(us) / 1000)];
}

/** @param {Row} row */
function cellsOf(row) {
  return [
    count(row.waiting),
    count(row.prefill),
    count(row.decode),
    TABLE.partOf(row.stepTokens, row.stepBudget),
    TABLE.partOf(row.running, row.limit),
    TABLE.partOf(row.usedBlocks, row.kvBlocks),
    row.kvFull,
    row.waitsFor,
    count(row.onTheWay),
    count(row.evictions),
    count(row.completed),
  ];
}
