// The selected request, beside the tabs: it stays selected from view to view, and can be let go.

import { element, setWords } from '../../ui/dom.js';
import { SELECTED, selectedWords } from '../../words/overview.js';

/** @import {Store} from '../../app/state.js' */

/**
 * @param {HTMLElement} tabs the list of tabs
 * @param {Store} store
 */
export function createSelected(tabs, store) {
  const name = element('span', { class: 'selected-name' });
  const inspect = element('button', { type: 'button', class: 'quiet' }, SELECTED.inspect);
  const clear = element('button', { type: 'button', class: 'quiet', 'aria-label': SELECTED.clear }, '×');
  const root = element(
    'div',
    { class: 'selected', id: 'selected', role: 'status', hidden: true },
    name,
    inspect,
    clear,
  );
  tabs.after(root);
  inspect.addEventListener('click', () => store.change({ tab: 'cluster' }));
  clear.addEventListener('click', () => store.change({ request: null, at: null }));
  store.follow(['request', 'tab'], ({ request, tab }) => {
    root.hidden = request === null || tab === 'lessons';
    setWords(name, request === null ? '' : selectedWords(request));
    inspect.hidden = tab === 'cluster';
  });
}
