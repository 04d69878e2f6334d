// Says that something was thrown away, with the way to have it back. It stays until it is dismissed or overtaken: someone who
// reads slowly, or has it read aloud, needs the time.

import { DISMISS, UNDO } from '../words/page.js';
import { element, setWords } from './dom.js';

export class Toast {
  #words = element('p', { role: 'status' });

  #action = element('button', { type: 'button', class: 'undo' }, UNDO);

  /** @type {() => void} */
  #onUndo = () => {};

  /** Where the focus goes when the toast goes. @type {HTMLElement|null} */
  #opener = null;

  constructor() {
    const dismiss = element('button', { type: 'button', class: 'quiet', 'aria-label': DISMISS }, '×');
    this.parts = element('div', { class: 'toast-parts' }, this.#action, dismiss);
    // The words stand in a region that is always there: only a change of such a one is read aloud.
    this.root = element('div', { class: 'toast' }, this.#words, this.parts);
    this.parts.hidden = true;
    this.#action.addEventListener('click', () => {
      const undo = this.#onUndo;
      this.hide();
      undo();
    });
    dismiss.addEventListener('click', () => this.hide());
    this.root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.hide();
    });
  }

  /** @param {HTMLElement} place what it follows in the order of focus */
  follow(place) {
    if (place.nextElementSibling !== this.root) place.after(this.root);
  }

  /**
   * @param {string} words what has happened
   * @param {() => void} onUndo
   * @param {HTMLElement|null} opener what was pressed; it has the focus back afterwards
   */
  show(words, onUndo, opener) {
    this.#onUndo = onUndo;
    this.#opener = opener;
    setWords(this.#words, words);
    this.parts.hidden = false;
    this.root.classList.add('shown');
  }

  hide() {
    if (this.parts.hidden) return;
    const focused = this.root.contains(document.activeElement);
    this.parts.hidden = true;
    this.root.classList.remove('shown');
    setWords(this.#words, '');
    if (focused) this.#opener?.focus();
  }
}
