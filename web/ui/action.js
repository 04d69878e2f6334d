// A button whose words follow what it would do, as `Stop` for what is being done.

import { element, setWords } from './dom.js';

/** What takes longer than this can be stopped, ms: for less a button would only flicker. */
const STOP_AFTER_MS = 800;

export class ActionButton {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  #words = '';

  /**
   * @param {string} id
   * @param {() => void} onClick
   */
  constructor(id, onClick) {
    this.root = element('button', { type: 'button', class: 'quiet', id, hidden: true });
    this.root.addEventListener('click', () => {
      if (this.#words !== '') onClick();
    });
    this.root.addEventListener('blur', () => this.#settle());
  }

  /**
   * @param {string} words empty for nothing to do
   * @param {{soon?: boolean}} [options] soon: only if that is still so after a while
   */
  show(words, { soon = false } = {}) {
    if (words === this.#words) return;
    this.#words = words;
    clearTimeout(this.#timer);
    if (soon && this.root.hidden) this.#timer = setTimeout(() => this.#settle(), STOP_AFTER_MS);
    else this.#settle();
  }

  #settle() {
    clearTimeout(this.#timer);
    // Under the focus it stays, disabled: the keyboard is not thrown back to the top of the page.
    const focused = this.#words === '' && document.activeElement === this.root;
    this.root.hidden = this.#words === '' && !focused;
    this.root.setAttribute('aria-disabled', String(focused));
    if (!focused) setWords(this.root, this.#words);
  }
}
