// What stands behind a dashed line of a chart, or why there is none: a word in sight, the reason behind it.

import { element } from '../ui/dom.js';
import { noteName, noteReason } from '../words/charts.js';

/** @import {Note} from './spec.js' */

/**
 * One note, folded. The reason opens on a click, a touch or a key, and lies over the chart instead of moving it.
 * @param {Note} note
 */
function noteEntry({ name, says, holds, because }) {
  const words = element('p', {}, says ? element('strong', {}, `${says}. `) : null, noteReason(holds, because));
  return element(
    'details',
    { class: holds ? 'chart-note holds' : 'chart-note fails', 'data-note': name },
    element('summary', {}, noteName(name, holds)),
    words,
  );
}

/** The notes of one chart; what a person has unfolded stays so while its words change. */
export class Notes {
  #shown = '';

  constructor() {
    this.root = element('span', { class: 'chart-notes' });
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') for (const open of this.root.querySelectorAll('[open]')) open.removeAttribute('open');
    });
  }

  /**
   * A chart's sentence with its notes at the end.
   * @param {HTMLElement} summary
   */
  after(summary) {
    return element('div', { class: 'chart-words' }, summary, ' ', this.root);
  }

  /** @param {Note[]} [notes] */
  show(notes = []) {
    const shown = JSON.stringify(notes);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const before = /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll('details[open]'));
    const open = new Set([...before].map((details) => details.dataset.note));
    const entries = notes.map(noteEntry);
    for (const entry of entries) if (open.has(entry.dataset.note)) entry.setAttribute('open', '');
    this.root.replaceChildren(...entries);
  }
}
