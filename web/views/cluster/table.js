// The same moment as a real table: for screen readers, and to read exact numbers.

import { count } from '../../shared/format.js';
import { LIMITS } from '../../shared/limits.js';
import { element, setWords } from '../../ui/dom.js';
import { clockText } from './clock.js';
import { instanceAt, percent } from './moment.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {Bounds} from './moment.js' */

const HEADS = [
  'Instance',
  'Waiting',
  'Prefill',
  'Decode',
  'Step budget',
  'Slots',
  'KV blocks',
  'KV full',
  'Waits for',
  'On the way',
  'Preemptions',
  'Completed',
];

/** While time runs, the table follows only this often, ms: faster could not be read. */
const REFRESH_MS = 250;

export class MomentTable {
  #last = -Infinity;

  constructor() {
    this.caption = element('caption');
    this.body = element('tbody');
    const heads = HEADS.map((head) => element('th', { scope: 'col' }, head));
    const table = element('table', {}, this.caption, element('thead', {}, element('tr', {}, ...heads)), this.body);
    const scroller = element('div', { class: 'scroller', tabindex: 0, role: 'region' }, table);
    scroller.setAttribute('aria-label', 'State of every instance');
    this.root = element('details', { id: 'cluster-table' }, element('summary', {}, 'As a table'), scroller);
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
    setWords(this.caption, `Every instance at ${clockText(moment.timeUs)}`);
    this.body.replaceChildren(
      ...Array.from({ length: moment.instanceCount }, (_unused, at) => rowOf(moment, at, bounds)),
    );
  }
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
    `${count(stepTokens)} of ${count(stepBudget)}`,
    `${count(running)} of ${count(limit)}`,
    `${count(usedBlocks)} of ${count(kvBlocks)}`,
    percent(usedBlocks, kvBlocks),
    name === null ? '–' : LIMITS[name].name,
    count(onTheWay),
    count(evictions),
    count(completed),
  ];
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, String(at)),
    ...cells.map((cell) => element('td', {}, cell)),
  );
}
