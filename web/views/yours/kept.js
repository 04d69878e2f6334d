// What this browser keeps of the user's own models, GPUs or measured latencies: use it again, or remove it.

import { shelved, unshelve } from '../../shared/shelf.js';
import { element, setWords } from '../../ui/dom.js';
import { KEPT, keptRemoved } from '../../words/yours.js';

/** @import {ShelfName} from '../../shared/shelf.js' */

/**
 * @param {ShelfName} shelf
 * @param {object} options
 * @param {(entry: any) => string} options.line
 * @param {(entry: any) => unknown} options.onUse
 * @param {() => string} options.inUse the name of the one in use, or empty
 */
export function keptPart(shelf, { line, onUse, inUse }) {
  const list = element('ul', { class: 'traffic-kept' });
  const status = element('p', { class: 'traffic-status', role: 'status' });
  const id = `kept-${shelf}`;
  const heading = element('h3', { id, tabindex: -1 }, KEPT.title);
  const root = element(
    'section',
    { class: 'traffic-part', 'aria-labelledby': id, hidden: true },
    heading,
    list,
    status,
  );
  const button = (/** @type {string} */ words, /** @type {string} */ name, /** @type {() => unknown} */ onClick) => {
    const hidden = element('span', { class: 'visually-hidden' }, ` ${name}`);
    const made = element('button', { type: 'button' }, words, hidden);
    made.addEventListener('click', onClick);
    return made;
  };
  const entry = (/** @type {any} */ each) => {
    const { name } = each;
    const remove = button(KEPT.remove, name, () => {
      unshelve(shelf, name);
      render();
      root.hidden = false;
      setWords(status, keptRemoved(name));
      (list.querySelector('button') ?? heading).focus();
    });
    return element(
      'li',
      { 'data-name': name },
      element(
        'div',
        { class: 'traffic-kept-words' },
        element('strong', {}, name),
        inUse() === name ? element('span', { class: 'traffic-in-use' }, KEPT.inUse) : null,
        element('span', { class: 'note' }, line(each)),
      ),
      element(
        'div',
        { class: 'traffic-kept-actions' },
        button(KEPT.use, name, () => onUse(each)),
        remove,
      ),
    );
  };
  function render() {
    const entries = shelved(shelf);
    root.hidden = entries.length === 0;
    setWords(status, '');
    list.replaceChildren(...entries.map(entry));
  }
  return { root, render };
}
