// How a step is timed: one of several models, and the coefficients that were fitted to measurements, if there are some.

import { element, setWords } from '../../ui/dom.js';
import { MEASURED } from '../../words/settings.js';
import { measuredName } from '../documents.js';
import { choiceControl } from './choice.js';
import { dialogButton } from './chooser.js';

/** @import {Setting} from '../../shared/types.d.ts' */
/** @import {Choice} from './choice.js' */
/** @import {Control, OnEdit} from './field.js' */

/** The event of the press that takes measured coefficients out. */
export const REMOVE_MEASURED = 'remove-measured';

/**
 * @param {Setting} setting
 * @param {Choice[]} choices
 * @param {OnEdit} onEdit
 * @returns {Control}
 */
export function latencyControl(setting, choices, onEdit) {
  const control = choiceControl(setting, choices, onEdit);
  const name = element('strong', {});
  const bring = dialogButton(MEASURED.open, 'measured', null, { class: 'bring' });
  const remove = element('button', { type: 'button', class: 'remove' }, MEASURED.remove);
  remove.addEventListener('click', () => remove.dispatchEvent(new CustomEvent(REMOVE_MEASURED, { bubbles: true })));
  const card = element(
    'div',
    { class: 'measured-card', role: 'group', 'aria-label': MEASURED.title, hidden: true },
    element('p', {}, `${MEASURED.title}: `, name),
    element(
      'div',
      { class: 'workload-actions' },
      dialogButton(MEASURED.change, 'measured', null, { class: 'change' }),
      remove,
    ),
  );
  const none = element('p', { class: 'workload-none' }, bring, element('span', { class: 'note' }, MEASURED.note));
  control.root.append(card, none);
  return {
    ...control,
    follow(_text, { config }) {
      const measured = measuredName(config);
      if (measured === null && card.contains(document.activeElement)) bring.focus();
      card.hidden = measured === null;
      none.hidden = measured !== null;
      setWords(name, measured ?? '');
    },
  };
}
