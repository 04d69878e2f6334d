// Where a model, a GPU or measurements come from: files that are chosen or dropped on the dialog, or a text that is pasted.

import { element, setWords } from '../../ui/dom.js';
import { SOURCE, tooLargeWords } from '../../words/yours.js';
import { MAX_BYTES } from '../share/files.js';

/** @import {BroughtText} from '../../shared/types.d.ts' */

/**
 * @param {HTMLDialogElement} dialog on which files can be dropped
 * @param {object} options
 * @param {string} options.id
 * @param {string} options.intro
 * @param {string} options.choose
 * @param {string} options.paste what is pasted, as the label of its field
 * @param {string} [options.pasteNote]
 * @param {(texts: BroughtText[]) => unknown} options.onTexts
 */
export function sourcePart(dialog, { id, intro, choose, paste, pasteNote = '', onTexts }) {
  const input = element('input', {
    type: 'file',
    id: `${id}-file`,
    multiple: true,
    'aria-describedby': `${id}-private`,
  });
  const text = element('textarea', { id: `${id}-paste`, rows: 6, spellcheck: 'false', 'aria-label': paste });
  const read = element('button', { type: 'button' }, SOURCE.read);
  const problem = element('p', { class: 'traffic-problem', role: 'alert' });
  const say = (/** @type {string} */ words) => setWords(problem, words);
  const take = async (/** @type {File[]} */ files) => {
    if (files.length === 0) return;
    const large = files.find(({ size }) => size > MAX_BYTES);
    if (large) {
      say(tooLargeWords(large.name, MAX_BYTES));
      return;
    }
    say('');
    await onTexts(await textsOf(files));
  };
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // The same file can be chosen again.
    input.value = '';
    take(files);
  });
  // What is dropped here is meant for here, whatever it looks like.
  dialog.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    document.body.classList.remove('dropping');
    take(files);
  });
  read.addEventListener('click', () => {
    if (text.value.trim() === '') return;
    say('');
    onTexts([{ name: '', text: text.value }]);
  });
  const root = element(
    'section',
    { class: 'traffic-part', 'aria-label': SOURCE.title },
    element('p', {}, intro),
    element(
      'div',
      { class: 'traffic-choose' },
      element('label', { for: `${id}-file` }, choose),
      input,
      element('span', { class: 'note' }, SOURCE.drop),
    ),
    element('p', { class: 'note', id: `${id}-private` }, SOURCE.private),
    element(
      'details',
      { class: 'traffic-paste' },
      element('summary', {}, SOURCE.pasteTitle),
      element('p', { class: 'note' }, pasteNote || paste),
      text,
      read,
    ),
    problem,
  );
  return { root, say };
}

/**
 * @param {File[]} files
 * @returns {Promise<BroughtText[]>}
 */
export function textsOf(files) {
  return Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
}
