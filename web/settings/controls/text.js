// Values that are typed in their own notation, such as `critical=100ms,batch=1.5s`.

import { element } from '../../ui/dom.js';
import { field, onTyped, patientInput } from './field.js';

/** @import {Setting} from '../../shared/types.d.ts' */
/** @import {Control, OnEdit} from './field.js' */

/**
 * @param {Setting} setting
 * @param {string} placeholder
 * @param {OnEdit} onEdit
 * @returns {Control}
 */
export function textControl(setting, placeholder, onEdit) {
  const input = element('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    class: 'text',
    placeholder,
  });
  const { root, explain } = field(setting, input, [input]);
  const patient = patientInput(input);
  onTyped(input, () => {
    patient.typed();
    onEdit(setting.key, input.value.trim());
  });
  return { root, explain, show: (text) => patient.show(text) };
}
