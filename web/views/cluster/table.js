// The same moment as a real table: for screen readers, and to read exact numbers.

import { count, duration } from '../../shared/format.js';
import { LIMITS } from '../../words/limits.js';
import { element, setWords } from '../../ui/dom.js';
import { TABLE } from '../../words/cluster.js';
import { clockText } from './clock.js';
import { instanceAt, percent } from './moment.js';

/** @import {MomentView, TierFigures} from '../../shared/types.d.ts' */
/** @import {Bounds} from './moment.js' */

/** While time runs, the table follows only this often, ms: faster could not be read. */
const REFRESH_MS = 250;

export class MomentTable {
  #last = -Infinity;

  constructor() {
    this.caption = element('caption');
    this.body = element('tbody');
    this.head = element('tr');
    const table = element('table', {}, this.caption, element('thead', {}, this.head), this.body);
    const scroller = element('div', { class: 'scroller', tabindex: 0, role: 'region' }, table);
    scroller.setAttribute('aria-label', TABLE.label);
    this.root = element('details', { id: 'cluster-table' }, element('summary', {}, TABLE.open), scroller);
  }

  /**
   * @param {MomentView} moment
   * @param {Bounds} bounds
   * @param {boolean} playing
   * @param {number} now ms
   */
  show(moment, bounds, playing, now) {
    if (!this.root.open || (playing && now - this.#last < REFRESH_MS)) return;
    this.#last = now;
    setWords(this.caption, TABLE.caption(clockText(moment.timeUs)));
    const heads = moment.instances.tiers.length > 0 ? [...TABLE.heads, ...TABLE.tierHeads] : TABLE.heads;
    if (this.head.childElementCount !== heads.length)
      this.head.replaceChildren(...heads.map((head) => element('th', { scope: 'col' }, head)));
    this.body.replaceChildren(
      ...Array.from({ length: moment.instanceCount }, (_unused, at) => rowOf(moment, at, bounds)),
    );
  }
}

/** @param {TierFigures|null} tier */
function tierCells(tier) {
  if (tier === null) return [];
  const { used, capacity, stores, evictions, reloads, transfer_us: us } = tier;
  const counters = [stores, evictions, reloads].map((counter) => count(Number(counter)));
  return [TABLE.partOf(used, capacity), ...counters, duration(Number(us) / 1000)];
}

/**
 * @param {MomentView} moment
 * @param {number} at
 * @param {Bounds} bounds
 */
function rowOf(moment, at, { limit, kvBlocks, stepBudget }) {
  const numbers = instanceAt(moment, at);
  const { waiting, prefill, decode, running, usedBlocks, onTheWay, evictions, completed, stepTokens } = numbers;
  const name = waiting > 0 ? numbers.limit : null;
  const cells = [
    count(waiting),
    count(prefill),
    count(decode),
    TABLE.partOf(stepTokens, stepBudget),
    TABLE.partOf(running, limit),
    TABLE.partOf(usedBlocks, kvBlocks),
    percent(usedBlocks, kvBlocks),
    name === null ? '–' : LIMITS[name].name,
    count(onTheWay),
    count(evictions),
    count(completed),
    ...tierCells(numbers.tier),
  ];
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, String(at)),
    ...cells.map((cell) => element('td', {}, cell)),
  );
}
