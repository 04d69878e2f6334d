// Which controls a teacher's link hides.

import { placeOf, SECTIONS } from '../../settings/layers.js';
import { element } from '../../ui/dom.js';
import { SECTION_TITLES } from '../../words/settings.js';
import { allOfWords, HIDE } from '../../words/share.js';

/** @import {Setting} from '../../shared/types.d.ts' */

/** @param {() => void} onChange */
export function hideChoices(onChange) {
  const list = element('div', { class: 'hide-list', role: 'group', 'aria-label': HIDE.region });
  const root = element(
    'details',
    { class: 'hide-choices' },
    element('summary', {}, HIDE.summary),
    element('p', { class: 'note' }, HIDE.note),
    list,
  );
  /** @type {Set<string>} */
  let hidden = new Set();
  const boxes = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (list.querySelectorAll('input[value]'))];
  /** A box for all of a group is checked if all of them are, and half so if some are. */
  const tick = () => {
    for (const input of boxes()) input.checked = hidden.has(input.value);
    for (const group of list.querySelectorAll('fieldset')) {
      const [all, ...each] = group.querySelectorAll('input');
      const checked = each.filter(({ value }) => hidden.has(value)).length;
      all.checked = checked === each.length;
      all.indeterminate = checked > 0 && !all.checked;
    }
  };
  const hide = (/** @type {string[]} */ keys, /** @type {boolean} */ away) => {
    for (const key of keys) {
      if (away) hidden.add(key);
      else hidden.delete(key);
    }
    tick();
    onChange();
  };
  const box = (/** @type {Setting} */ { key, label }) => {
    const input = element('input', { type: 'checkbox', value: key });
    input.addEventListener('change', () => hide([key], input.checked));
    return element('label', {}, input, ` ${label}`);
  };
  const group = (/** @type {string} */ title, /** @type {Setting[]} */ settings) => {
    const all = element('input', { type: 'checkbox', 'aria-label': allOfWords(title) });
    const keys = settings.map(({ key }) => key);
    all.addEventListener('change', () => hide(keys, all.checked));
    const legend = element('legend', {}, element('label', {}, all, ` ${title}`));
    return element('fieldset', {}, legend, ...settings.map(box));
  };
  /** @param {Setting[]} settings in the order of the schema */
  const fill = (settings) => {
    // In the sections of the form, where those who know it look for them.
    const parts = /** @type {const} */ (['first', ...SECTIONS]).flatMap((place) => {
      const own = settings.filter((setting) => placeOf(setting) === place);
      return own.length === 0 ? [] : [group(place === 'first' ? HIDE.first : SECTION_TITLES[place], own)];
    });
    list.append(...parts);
    tick();
  };
  return {
    root,
    /** @param {Set<string>} keys */
    set(keys) {
      hidden = new Set(keys);
      tick();
    },
    /**
     * Makes the list once the settings are known.
     * @param {Setting[]} schema
     * @returns {string[]} the keys that are to be hidden, in the order of the schema
     */
    show(schema) {
      const shown = schema.filter(({ kind, in_page: inPage }) => kind.type !== 'document' && inPage);
      if (list.childElementCount === 0) fill(shown);
      return shown.map(({ key }) => key).filter((key) => hidden.has(key));
    },
  };
}
