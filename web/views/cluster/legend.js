// The legend, which counts as well: every state with its shape, its name and how many requests are in it.

import { count } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';
import { MARKS, markIcon } from '../../ui/palette.js';
import { dotWords, LEGEND, STORY_STATES } from '../../words/cluster.js';
import { countsByState } from './moment.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {StateName} from '../../ui/palette.js' */

/** States that most runs never see are left out until they are seen. */
const RARE = new Set(['preempted', 'rejected', 'timed-out', 'dropped', 'lost']);

const NAMES = /** @type {StateName[]} */ (Object.keys(MARKS));

export class Legend {
  /** Without numbers before there is a moment. @type {Map<StateName, {item: HTMLElement, number: HTMLElement, shown: number|null}>} */
  #entries = new Map();

  constructor() {
    const items = NAMES.map((name) => {
      const { label, meaning } = MARKS[name];
      const number = element('dd', {});
      const item = element(
        'div',
        { class: RARE.has(name) ? 'legend-entry absent' : 'legend-entry', 'data-state': name, title: meaning },
        element('dt', {}, markIcon(name), label),
        number,
      );
      this.#entries.set(name, { item, number, shown: null });
      return item;
    });
    this.bars = element('p', { class: 'cluster-bars' }, LEGEND.bars);
    this.root = element('dl', { class: 'cluster-legend', 'aria-label': LEGEND.label }, ...items);
  }

  /** @param {MomentView} moment */
  show(moment) {
    const counts = countsByState(moment);
    for (const [name, entry] of this.#entries) {
      const value = counts[name];
      if (value !== entry.shown) setWords(entry.number, count(value));
      entry.shown = value;
      entry.item.classList.toggle('absent', RARE.has(name) && value === 0);
    }
  }
}

/** The legend of the Story: two states in one line, and what a dot stands for. */
export class StoryLegend {
  #waiting = element('b', {}, '0');

  #answering = element('b', {}, '0');

  #dot = element('span', { class: 'story-dot' });

  #unit = element('span', { class: 'story-unit' });

  constructor() {
    const part = (
      /** @type {StateName} */ mark,
      /** @type {{label: string, meaning: string}} */ { label, meaning },
      /** @type {HTMLElement} */ number,
    ) => element('span', { class: 'story-state', title: meaning }, markIcon(mark), number, ` ${label}`);
    this.root = element(
      'p',
      { class: 'story-legend' },
      part('waiting', STORY_STATES.waiting, this.#waiting),
      part('decode', STORY_STATES.answering, this.#answering),
      element('span', {}, this.#dot, this.#unit),
    );
  }

  /**
   * @param {MomentView} moment
   * @param {number} dotRequests
   */
  show({ counts }, dotRequests) {
    const waiting = counts.waiting + counts.evicted;
    setWords(this.#waiting, count(waiting));
    this.root.classList.toggle('some-wait', waiting > 0);
    setWords(this.#answering, count(counts.prefill + counts.decode));
    const [dot, unit] = dotWords(dotRequests);
    setWords(this.#dot, dot);
    setWords(this.#unit, unit);
  }
}
