// One of several: a closed set from the schema, or names from the catalogue.

import { element, setWords } from '../../ui/dom.js';
import { field } from './field.js';

/** @import {Setting} from '../../shared/types.d.ts' */
/** @import {Control, OnEdit} from './field.js' */

/**
 * @typedef {object} Choice
 * @property {string} value
 * @property {string} label
 * @property {string} [help]
 */

/**
 * @param {Setting} setting
 * @param {Choice[]} choices
 * @param {OnEdit} onEdit
 * @returns {Control}
 */
export function choiceControl(setting, choices, onEdit) {
  const select = element('select', {}, ...choices.map(({ value, label }) => element('option', { value }, label)));
  const { root, explain, note, offer: offerDoors } = field(setting, select, [select]);
  select.addEventListener('change', () => onEdit(setting.key, select.value));
  return {
    root,
    explain,
    offer: offerDoors,
    show(text) {
      offer(select, text);
      select.value = text;
      const help = choices.find(({ value }) => value === text)?.help;
      note.hidden = !help;
      setWords(note, help ?? '');
    },
  };
}

/**
 * A value that is not among the options, as a link can bring it, is still shown.
 * @param {HTMLSelectElement} select
 * @param {string} text
 */
function offer(select, text) {
  if ([...select.options].some(({ value }) => value === text)) return;
  select.append(element('option', { value: text }, text));
}

/**
 * @param {Setting} setting
 * @param {OnEdit} onEdit
 * @returns {Control}
 */
export function switchControl(setting, onEdit) {
  const input = element('input', { type: 'checkbox' });
  const { root, explain } = field(setting, input, [input]);
  input.addEventListener('change', () => onEdit(setting.key, String(input.checked)));
  return {
    root,
    explain,
    show(text) {
      input.checked = text === 'true';
    },
  };
}
