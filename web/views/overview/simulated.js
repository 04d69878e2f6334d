// The line at the headline that says what is simulated, its list of changed settings, and what a link hides.

import { hiddenKeys } from '../../settings/hidden.js';
import { moreWords, simulatedBy } from '../../settings/simulated.js';
import { fileMissing } from '../../shared/builds.js';
import { element, setWords } from '../../ui/dom.js';
import { hiddenWords, listFailed, SIMULATED } from '../../words/overview.js';

/** @import {State, Store} from '../../app/state.js' */
/** @import {Simulated} from '../../settings/simulated.js' */

/** @param {Simulated} simulated */
function partsOf({ parts }) {
  return parts.flatMap(({ text, replaced }) => [
    element('span', { class: 'part' }, element('span', { class: replaced ? 'replaced' : null }, text), ' ·'),
    ' ',
  ]);
}

/**
 * Puts the list into its place; what makes it comes when it is first opened.
 * @param {HTMLElement} list
 * @param {Readonly<State>} state
 * @param {Simulated} simulated
 */
async function fill(list, state, simulated) {
  try {
    const { listOf } = await import('./simulated_list.js');
    list.replaceChildren(listOf(state, simulated));
  } catch (error) {
    setWords(list, listFailed(error));
    fileMissing();
  }
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
  const showAll = element('button', { type: 'button', class: 'quiet' }, SIMULATED.show);
  const hidden = element('p', { class: 'hidden-controls', hidden: true }, words, showAll);
  const list = element('div', {
    class: 'simulated-list',
    id: 'simulated-list',
    role: 'region',
    tabindex: 0,
    'aria-label': SIMULATED.list,
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
    const count = hiddenKeys(state.hide, description.schema).size;
    hidden.hidden = count === 0;
    setWords(words, hiddenWords(count));
    showAll.hidden = state.lock === '1' && state.embed !== '1';
    if (!list.hidden) fill(list, state, simulated);
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
    if (store.state.embed === '1') {
      open(true);
      return;
    }
    store.change({ hide: '' });
    // The paragraph of this button is gone.
    more.focus();
  });
  store.follow(['run', 'description', 'hide', 'lock'], render);
  return root;
}
