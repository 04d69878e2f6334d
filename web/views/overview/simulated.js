// The line at the headline that says what is simulated, its list of changed settings, and what a link hides.

import { hiddenKeys } from '../../settings/hidden.js';
import { moreWords, simulatedBy } from '../../settings/simulated.js';
import { textOf } from '../../settings/settings.js';
import { valueWords } from '../../settings/words.js';
import { plural } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';

/** @import {State, Store} from '../../app/state.js' */
/** @import {Change, Simulated} from '../../settings/simulated.js' */
/** @import {Setting} from '../../shared/types.d.ts' */

/** A line of the list. @typedef {Pick<Change, 'setting'|'value'|'usual'> & {note: string}} Row */

/** @type {Record<Change['kind'], string>} */
const NOTES = { stated: '', counted: '', idle: 'no effect' };

/**
 * The settings that a link hides.
 * @param {Readonly<State>} state
 * @returns {Setting[]}
 */
function hiddenSettings({ hide, description }) {
  const keys = hiddenKeys(hide);
  return (description?.schema ?? []).filter(({ key }) => keys.has(key));
}

/**
 * Every setting that differs from its default, and those that the link hides, as they are.
 * @param {Readonly<State>} state with a run
 * @param {Simulated} simulated
 * @returns {Row[]}
 */
export function rowsOf(state, { changes }) {
  const hidden = hiddenSettings(state);
  const pairs = new Map(state.run?.pairs);
  const changed = changes.map(({ kind, ...change }) => {
    const note = hidden.includes(change.setting) ? 'hidden by the link' : '';
    return { ...change, note: [NOTES[kind], note].filter((words) => words !== '').join(', ') };
  });
  const unchanged = hidden.filter((setting) => !changes.some((change) => change.setting === setting));
  return [
    ...changed,
    ...unchanged.map((setting) => {
      const value = valueWords(setting, textOf(setting, pairs));
      return { setting, value, usual: value, note: 'hidden by the link' };
    }),
  ];
}

/** @param {Row[]} rows */
function table(rows) {
  const heads = ['Setting', 'Value', 'Default'].map((text) => element('th', { scope: 'col' }, text));
  const lines = rows.map(({ setting, value, usual, note }) =>
    element(
      'tr',
      { 'data-key': setting.key },
      element('th', { scope: 'row' }, setting.label, note === '' ? null : element('span', { class: 'note' }, note)),
      element('td', {}, value),
      element('td', {}, usual),
    ),
  );
  return element(
    'table',
    { class: 'plain' },
    element('caption', {}, 'What differs from the defaults'),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...lines),
  );
}

/** @param {Simulated} simulated */
function partsOf({ parts }) {
  return parts.flatMap(({ text, replaced }) => [
    element('span', { class: 'part' }, element('span', { class: replaced ? 'replaced' : null }, text), ' ·'),
    ' ',
  ]);
}

/**
 * @param {Store} store
 * @returns {HTMLElement}
 */
export function createSimulated(store) {
  const parts = element('span', {});
  const more = element(
    'button',
    { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': 'simulated-list', hidden: true },
    '',
  );
  const words = element('span', {});
  const showAll = element('button', { type: 'button', class: 'quiet' }, 'Show them');
  const hidden = element('p', { class: 'hidden-controls', hidden: true }, words, showAll);
  const list = element('div', {
    class: 'simulated-list',
    id: 'simulated-list',
    role: 'region',
    tabindex: 0,
    'aria-label': 'Changed settings',
    hidden: true,
  });
  const root = element('div', { class: 'simulated' }, element('p', {}, parts, more), list, hidden);

  const render = () => {
    const { state } = store;
    const { run, description } = state;
    if (run === null || description === null) return;
    const simulated = simulatedBy(run, description);
    parts.replaceChildren(...partsOf(simulated));
    setWords(more, moreWords(simulated));
    more.hidden = false;
    const count = hiddenSettings(state).length;
    hidden.hidden = count === 0;
    setWords(words, `This link hides ${count === 1 ? 'one setting' : plural(count, 'setting')}. `);
    if (!list.hidden) list.replaceChildren(table(rowsOf(state, simulated)));
  };
  const open = (/** @type {boolean} */ shown) => {
    list.hidden = !shown;
    more.setAttribute('aria-expanded', String(shown));
    render();
  };
  more.addEventListener('click', () => open(list.hidden === true));
  root.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || list.hidden) return;
    open(false);
    more.focus();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (!list.hidden && target instanceof Node && !root.contains(target)) open(false);
  });
  // In another page there are no controls that could be shown.
  showAll.addEventListener('click', () => {
    if (store.state.embed === '1') open(true);
    else store.change({ hide: '' });
  });
  store.watch(['run', 'description', 'hide'], render);
  return root;
}
