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
 * @returns {Control & {mark: (reasons: Map<string, string>, missing: Set<string>) => void}}
 */
export function choiceControl(setting, choices, onEdit) {
  const select = element('select', {}, ...choices.map(({ value, label }) => element('option', { value }, label)));
  const { root, explain, note, offer: offerDoors } = field(setting, select, [select]);
  select.addEventListener('change', () => onEdit(setting.key, select.value));
  return {
    root,
    explain,
    offer: offerDoors,
    /**
     * Says in the menu what cannot be chosen as things stand, and why; what does not exist is left out.
     * @param {Map<string, string>} reasons by value
     * @param {Set<string>} missing
     */
    mark(reasons, missing) {
      for (const option of select.options) {
        const { value } = option;
        const label = choices.find((choice) => choice.value === value)?.label ?? value;
        const reason = reasons.get(value);
        const words = reason ? `${label} (${reason})` : label;
        setWords(option, words);
        option.hidden = missing.has(value) && value !== select.value;
        option.disabled = option.hidden;
      }
    },
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
