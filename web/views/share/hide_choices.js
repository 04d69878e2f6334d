// Which controls a teacher's link hides.

import { element } from '../../ui/dom.js';

/** @import {Setting} from '../../shared/types.d.ts' */

/** @param {() => void} onChange */
export function hideChoices(onChange) {
  const list = element('div', { class: 'hide-list', role: 'group', 'aria-label': 'Controls hidden by the link' });
  const root = element(
    'details',
    { class: 'hide-choices' },
    element('summary', {}, 'Hide controls in this link (for teaching)'),
    list,
  );
  /** @type {Set<string>} */
  let hidden = new Set();
  const box = (/** @type {Setting} */ { key, label }) => {
    const input = element('input', { type: 'checkbox', value: key, checked: hidden.has(key) });
    input.addEventListener('change', () => {
      if (input.checked) hidden.add(key);
      else hidden.delete(key);
      onChange();
    });
    return element('label', {}, input, ` ${label}`);
  };
  return {
    root,
    /** @param {Set<string>} keys */
    set(keys) {
      hidden = new Set(keys);
      for (const input of list.querySelectorAll('input')) input.checked = hidden.has(input.value);
    },
    /**
     * Makes the list once the settings are known.
     * @param {Setting[]} schema
     * @returns {string[]} the keys that are to be hidden, in the order of the schema
     */
    show(schema) {
      const shown = schema.filter(({ kind, in_page: inPage }) => kind.type !== 'document' && inPage);
      if (list.childElementCount === 0) list.append(...shown.map(box));
      return shown.map(({ key }) => key).filter((key) => hidden.has(key));
    },
  };
}
