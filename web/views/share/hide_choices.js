// What a teacher's link hides: a line for each group, whose single settings or parts unfold.

import { namesFor, PARTS_OF_PAGE, hiddenKeys, hiddenParts } from '../../settings/hidden.js';
import { placeOf, SECTIONS } from '../../settings/layers.js';
import { element, setWords } from '../../ui/dom.js';
import { SECTION_TITLES } from '../../words/sections.js';
import { eachWords, HIDE, HIDE_GROUPS, HIDE_PARTS, hidesWords } from '../../words/share.js';

/** @import {Branch} from '../../settings/hidden.js' */
/** @import {Setting} from '../../shared/types.d.ts' */

/** A group of boxes. @typedef {{name: string, title: string, parts: {name: string, label: string}[]}} Group */

/** @param {Setting[]} schema @returns {Group[]} the settings as in the form, then the parts of the page */
function groupsOf(schema) {
  const shown = schema.filter(({ kind, in_page: inPage }) => kind.type !== 'document' && inPage);
  const sections = /** @type {const} */ (['first', ...SECTIONS]).map((place) => ({
    name: `settings.${place}`,
    title: place === 'first' ? HIDE.first : SECTION_TITLES[place],
    parts: shown.filter((setting) => placeOf(setting) === place).map(({ key, label }) => ({ name: key, label })),
  }));
  const parts = Object.entries(PARTS_OF_PAGE).map(([name, all]) => ({
    name,
    title: HIDE_GROUPS[/** @type {keyof typeof HIDE_GROUPS} */ (name)],
    parts: all.map((part) => ({ name: part, label: HIDE_PARTS[/** @type {keyof typeof HIDE_PARTS} */ (part)] })),
  }));
  return [...sections.filter((section) => section.parts.length > 0), ...parts];
}

/** @param {Group[]} groups @returns {Branch[]} */
function branchesOf(groups) {
  const branch = (/** @type {Group} */ { name, parts }) => ({
    name,
    parts: parts.map((part) => ({ name: part.name, parts: [] })),
  });
  const settings = groups.filter(({ name }) => name.startsWith('settings.')).map(branch);
  const rest = groups.filter(({ name }) => !name.startsWith('settings.')).map(branch);
  return [{ name: 'settings', parts: settings }, ...rest];
}

/** @param {() => void} onChange */
export function hideChoices(onChange) {
  const list = element('div', { class: 'hide-list', role: 'group', 'aria-label': HIDE.region });
  const words = element('p', { class: 'note', role: 'status' });
  const allBut = element('button', { type: 'button' }, HIDE.allBut);
  const none = element('button', { type: 'button', class: 'quiet' }, HIDE.none);
  const root = element(
    'details',
    { class: 'hide-choices' },
    element('summary', {}, HIDE.summary),
    element('p', { class: 'note' }, HIDE.note),
    element('div', { class: 'share-files' }, allBut, none),
    words,
    list,
  );
  /** What is hidden, by the names of single boxes. @type {Set<string>} */
  let hidden = new Set();
  /** As the address says it, until the groups are there. */
  let wanted = '';
  /** @type {Group[]} */
  let groups = [];

  const boxes = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (list.querySelectorAll('input[value]'))];
  /** A box for all of a group is checked if all of them are, and half so if some are. */
  const tick = () => {
    for (const input of boxes()) input.checked = hidden.has(input.value);
    for (const group of list.querySelectorAll('.hide-group')) {
      const [all, ...each] = group.querySelectorAll('input');
      const checked = each.filter(({ value }) => hidden.has(value)).length;
      all.checked = checked === each.length;
      all.indeterminate = checked > 0 && !all.checked;
    }
    const count = groups.flatMap(({ parts }) => parts).length;
    setWords(words, hidesWords(hidden.size, count));
  };
  const hide = (/** @type {string[]} */ names, /** @type {boolean} */ away) => {
    for (const name of names) {
      if (away) hidden.add(name);
      else hidden.delete(name);
    }
    tick();
    onChange();
  };
  const everything = () => groups.flatMap(({ parts }) => parts.map(({ name }) => name));
  allBut.addEventListener('click', () => {
    hide(everything(), true);
    list.querySelector('input')?.focus();
  });
  none.addEventListener('click', () => hide(everything(), false));

  const box = (/** @type {Group['parts'][number]} */ { name, label }) => {
    const input = element('input', { type: 'checkbox', value: name });
    input.addEventListener('change', () => hide([name], input.checked));
    return element('label', {}, input, ` ${label}`);
  };
  const line = (/** @type {Group} */ { name, title, parts }) => {
    const all = element('input', { type: 'checkbox' });
    all.addEventListener('change', () =>
      hide(
        parts.map((part) => part.name),
        all.checked,
      ),
    );
    const each = element(
      'details',
      {},
      element('summary', { 'aria-label': eachWords(title) }, HIDE.each),
      element('div', { class: 'hide-boxes', role: 'group', 'aria-label': title }, ...parts.map(box)),
    );
    return element('div', { class: 'hide-group', 'data-group': name }, element('label', {}, all, ` ${title}`), each);
  };
  return {
    root,
    /** @param {string} names as in the address */
    set(names) {
      wanted = names;
      groups = [];
    },
    /**
     * Makes the list once the settings are known.
     * @param {Setting[]} schema
     * @returns {string} the names of what is to be hidden, as short as can be
     */
    show(schema) {
      if (groups.length === 0) {
        groups = groupsOf(schema);
        const all = new Set(everything());
        hidden = new Set([...hiddenKeys(wanted, schema), ...hiddenParts(wanted)].filter((name) => all.has(name)));
        if (list.childElementCount === 0) list.append(...groups.map(line));
        tick();
      }
      return branchesOf(groups)
        .flatMap((branch) => namesFor(branch, hidden))
        .join(',');
    },
  };
}
