// All settings that differ from the defaults, and those that a link hides, as a table.

import { hiddenKeys } from '../../settings/hidden.js';
import { textOf } from '../../settings/settings.js';
import { valueWords } from '../../settings/words.js';
import { element } from '../../ui/dom.js';
import { SIMULATED } from '../../words/overview.js';

/** @import {State} from '../../app/state.js' */
/** @import {Change, Simulated} from '../../settings/simulated.js' */
/** @import {Setting} from '../../shared/types.d.ts' */

/** A line of the list. @typedef {Pick<Change, 'setting'|'value'|'usual'> & {note: string}} Row */

/** @type {Record<Change['kind'], string>} */
const NOTES = { stated: '', counted: '', idle: SIMULATED.idle };

/**
 * The settings that a link hides.
 * @param {Readonly<State>} state
 * @returns {Setting[]}
 */
function hiddenSettings({ hide, description }) {
  const schema = description?.schema ?? [];
  const keys = hiddenKeys(hide, schema);
  return schema.filter(({ key }) => keys.has(key));
}

/**
 * Every setting that differs from its default, and those that the link hides, as they are.
 * @param {Readonly<State>} state with a run
 * @param {Simulated} simulated
 * @returns {Row[]}
 */
function rowsOf(state, { changes }) {
  const hidden = hiddenSettings(state);
  const pairs = new Map(state.run?.pairs);
  const changed = changes.map(({ kind, ...change }) => {
    const note = hidden.includes(change.setting) ? SIMULATED.hidden : '';
    return { ...change, note: [NOTES[kind], note].filter((words) => words !== '').join(', ') };
  });
  const unchanged = hidden.filter((setting) => !changes.some((change) => change.setting === setting));
  return [
    ...changed,
    ...unchanged.map((setting) => {
      const value = valueWords(setting, textOf(setting, pairs));
      return { setting, value, usual: value, note: SIMULATED.hidden };
    }),
  ];
}

/**
 * @param {Readonly<State>} state with a run
 * @param {Simulated} simulated
 */
export function listOf(state, simulated) {
  const rows = rowsOf(state, simulated);
  const heads = SIMULATED.heads.map((text) => element('th', { scope: 'col' }, text));
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
    element('caption', {}, SIMULATED.caption),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...lines),
  );
}
