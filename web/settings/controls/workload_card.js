// A workload that was brought in, among the settings: what it is, and the way back to the form's own requests.

import { element, setWords } from '../../ui/dom.js';
import { IMPORTED_WORKLOAD, REMOVE } from '../../words/settings.js';
import { cardName, cardWords } from '../imported.js';

/** @import {State} from '../../app/state.js' */

/**
 * @param {() => void} onRemove
 * @param {() => HTMLElement|null} successor what has the focus once the card has gone
 */
export function workloadCard(onRemove, successor) {
  const name = element('strong', {});
  const words = element('span', { class: 'note' });
  const remove = element('button', { type: 'button', class: 'remove' }, REMOVE);
  remove.addEventListener('click', onRemove);
  const root = element(
    'div',
    { class: 'workload-card', role: 'group', 'aria-label': IMPORTED_WORKLOAD, hidden: true },
    element('p', {}, name, ' ', words),
    remove,
  );
  return {
    root,
    /** @param {Readonly<State>} state */
    render(state) {
      const { imported } = state;
      if (imported === null && root.contains(document.activeElement)) successor()?.focus();
      root.hidden = imported === null;
      if (imported === null) return;
      setWords(name, cardName(state));
      setWords(words, cardWords(imported));
    },
  };
}
