// The search among the settings: what is typed, how many were found, and the way back to all of them.

import { element } from '../../ui/dom.js';
import {
  NONE_SHOWN,
  SEARCH_EXAMPLE,
  SEARCH_LABEL,
  SHOW_ALL,
  foundWords,
  noneFoundWords,
} from '../../words/settings.js';

const ID = 'settings-search';

/**
 * @typedef {object} Found
 * @property {number} shown how many settings are shown
 * @property {number} missing how many are called so and not shown
 * @property {string[]} remarks
 */

/**
 * @param {(query: string) => void} onQuery
 * @param {() => void} onEnter
 */
export function searchBox(onQuery, onEnter) {
  const input = element('input', {
    type: 'search',
    id: ID,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'search',
    placeholder: SEARCH_EXAMPLE,
    'aria-describedby': `${ID}-status`,
  });
  const status = element('div', { class: 'search-status', id: `${ID}-status`, role: 'status' });
  const all = element('button', { type: 'button', class: 'show-all', hidden: true }, SHOW_ALL);
  const root = element(
    'div',
    { class: 'settings-search', role: 'search' },
    element('label', { for: ID }, SEARCH_LABEL),
    input,
    status,
    all,
  );
  const clear = () => {
    input.value = '';
    onQuery('');
    input.focus();
  };
  input.addEventListener('input', () => onQuery(input.value.trim()));
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    onEnter();
  });
  all.addEventListener('click', clear);
  let told = '';
  return {
    root,
    input,
    clear,
    /** @param {Found|null} found null: nothing is looked for */
    tell(found) {
      all.hidden = found === null;
      const sentences = found === null ? [] : sentencesOf(input.value.trim(), found);
      // What stands there already is not read again.
      if (sentences.join('\n') === told) return;
      told = sentences.join('\n');
      status.replaceChildren(...sentences.map((words) => element('p', {}, words)));
    },
  };
}

/**
 * @param {string} query
 * @param {Found} found
 */
export function sentencesOf(query, { shown, missing, remarks }) {
  if (shown > 0) return [foundWords(shown), ...remarks];
  if (remarks.length > 0) return [missing > 0 ? NONE_SHOWN : noneFoundWords(query), ...remarks];
  return [noneFoundWords(query)];
}
