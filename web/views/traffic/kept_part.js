// The lists of requests that this browser keeps: use one again, rename it, remove it.

import { forgetList, keptLists, MAX_LIST_BYTES, noteList } from '../../shared/list_store.js';
import { element, setWords } from '../../ui/dom.js';
import { KEPT, keptWords, namedButton, removedWords, usedWords } from '../../words/traffic.js';

/** @import {KeptList} from '../../shared/list_store.js' */

/** Longest name, characters. */
export const MAX_NAME = 120;

/**
 * @param {object} actions
 * @param {(list: KeptList) => Promise<string>} actions.onUse tells what is wrong; empty if nothing is
 * @param {(list: KeptList, name: string) => void} actions.onRename
 * @param {() => string} actions.inUse digest of the list that the settings name, or empty
 */
export function keptPart({ onUse, onRename, inUse }) {
  const list = element('ul', { class: 'traffic-kept' });
  const none = element('p', { class: 'note' }, KEPT.none);
  const used = element('p', { class: 'note' });
  const status = element('p', { class: 'traffic-status', role: 'status' });
  const root = element(
    'section',
    { class: 'traffic-part', id: 'traffic-kept-part', 'aria-labelledby': 'traffic-kept-title' },
    element('h3', { id: 'traffic-kept-title' }, KEPT.title),
    none,
    list,
    used,
    status,
  );
  const say = (/** @type {string} */ words) => setWords(status, words);

  const button = (/** @type {string} */ words, /** @type {string} */ name, /** @type {() => unknown} */ onClick) => {
    const made = element(
      'button',
      { type: 'button' },
      words,
      element('span', { class: 'visually-hidden' }, namedButton(name)),
    );
    made.addEventListener('click', onClick);
    return made;
  };

  const line = (/** @type {KeptList} */ note) => {
    const { digest, name } = note;
    const id = `traffic-kept-${digest}`;
    const title = element('strong', {}, name);
    const remove = button(KEPT.remove, name, async () => {
      await forgetList(digest);
      say(removedWords(name));
      await render();
      /** @type {HTMLElement|null} */
      const next = list.querySelector('button') ?? root.querySelector('h3');
      next?.focus();
    });
    const rename = button(KEPT.rename, name, () => {
      const input = element('input', {
        id: `${id}-name`,
        class: 'text',
        'aria-label': KEPT.newName,
        value: name,
        maxlength: MAX_NAME,
      });
      const save = element('button', { type: 'submit' }, KEPT.save);
      const form = element('form', { class: 'traffic-rename' }, input, save);
      form.addEventListener('submit', async (event) => {
        event.preventDefault();
        const given = input.value.trim();
        if (given !== '' && given !== name) {
          await noteList(digest, { name: given });
          onRename(note, given);
        }
        await render();
        /** @type {HTMLElement|null} */
        const again = list.querySelector(`[data-digest="${digest}"] button`);
        again?.focus();
      });
      title.replaceWith(form);
      rename.hidden = true;
      input.focus();
      input.select();
    });
    const use = button(KEPT.use, name, async () => say(await onUse(note)));
    const now = inUse() === digest;
    return element(
      'li',
      { 'data-digest': digest },
      element(
        'div',
        { class: 'traffic-kept-words' },
        title,
        now ? element('span', { class: 'traffic-in-use' }, KEPT.inUse) : null,
        element('span', { class: 'note' }, keptWords(note)),
      ),
      element('div', { class: 'traffic-kept-actions' }, use, rename, remove),
    );
  };

  async function render() {
    const notes = await keptLists();
    none.hidden = notes.length > 0;
    used.hidden = notes.length === 0;
    list.hidden = notes.length === 0;
    setWords(
      used,
      usedWords(
        notes.reduce((sum, { bytes }) => sum + bytes, 0),
        MAX_LIST_BYTES,
      ),
    );
    list.replaceChildren(...notes.map(line));
  }
  root.querySelector('h3')?.setAttribute('tabindex', '-1');
  return { root, render, say };
}
