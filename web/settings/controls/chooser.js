// A choice of many: a button that shows what is chosen, and opens the dialog in which another one is found.

import { element, setWords } from '../../ui/dom.js';
import { controlId, field } from './field.js';

/** @import {State} from '../../app/state.js' */
/** @import {Setting} from '../../shared/types.d.ts' */
/** @import {Control} from './field.js' */

/** The event of a button that opens a dialog; its detail is the name of the dialog and what it is opened with. */
export const DIALOG = 'dialog';

/**
 * @param {string} words
 * @param {string} name of the dialog
 * @param {unknown} given
 * @param {Record<string, string>} [attributes]
 */
export function dialogButton(words, name, given, attributes = {}) {
  const button = element('button', { type: 'button', 'aria-haspopup': 'dialog', ...attributes }, words);
  button.addEventListener('click', () =>
    button.dispatchEvent(new CustomEvent(DIALOG, { bubbles: true, detail: [name, given] })),
  );
  return button;
}

/**
 * @param {Setting} setting
 * @param {'model'|'gpu'} what
 * @param {(text: string, state: Readonly<State>) => {title: string, note: string}} describe
 * @returns {Control}
 */
export function chooserControl(setting, what, describe) {
  const id = controlId(setting);
  const chosen = element('span', { id: `${id}-value` });
  const button = dialogButton('', 'choose', what, { class: 'chooser', 'aria-labelledby': `${id}-label ${id}-value` });
  button.append(chosen);
  const { root, explain, note, offer } = field(setting, button, [button]);
  return {
    root,
    explain,
    offer,
    show() {},
    follow(text, state) {
      const words = describe(text, state);
      button.value = text;
      setWords(chosen, words.title);
      setWords(note, words.note);
      note.hidden = words.note === '';
    },
  };
}
