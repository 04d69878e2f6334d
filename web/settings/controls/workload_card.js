// The traffic among the settings: a workload that was brought in, with what it is and the way back to the form's own requests; or
// the way to bring one in.

import { element, setWords } from '../../ui/dom.js';
import { IMPORTED_WORKLOAD, REMOVE, YOUR_TRAFFIC } from '../../words/settings.js';
import { cardName, cardWords } from '../imported.js';
import { patternButtons, patternFields } from './pattern.js';

/** @import {State} from '../../app/state.js' */

/**
 * @param {object} actions
 * @param {() => void} actions.onRemove
 * @param {() => void} actions.onTraffic opens what brings traffic in
 * @param {(specification: string) => void} actions.onPattern takes a specification, or one that was changed
 * @param {(unfit: boolean) => void} actions.onUnfit hears whether the card holds what cannot be taken
 */
export function workloadCard({ onRemove, onTraffic, onPattern, onUnfit }) {
  const name = element('strong', {});
  const words = element('span', { class: 'note' });
  const button = (/** @type {string} */ kind, /** @type {string} */ says, /** @type {() => void} */ onClick) => {
    const made = element('button', { type: 'button', class: kind }, says);
    made.addEventListener('click', onClick);
    return made;
  };
  const remove = button('remove', REMOVE, onRemove);
  const change = button('change', YOUR_TRAFFIC.change, onTraffic);
  const bring = button('bring', YOUR_TRAFFIC.open, onTraffic);
  for (const opener of [change, bring]) opener.setAttribute('aria-haspopup', 'dialog');
  const fields = patternFields(onPattern, onUnfit);
  const root = element(
    'div',
    { class: 'workload-card', role: 'group', 'aria-label': IMPORTED_WORKLOAD, hidden: true },
    element('p', {}, name, ' ', words),
    element('div', { class: 'workload-actions' }, change, remove),
    fields.root,
  );
  // The button of a pattern is gone with the press: the focus goes to the card as soon as it is there.
  let entered = false;
  const none = element(
    'div',
    { class: 'workload-none' },
    bring,
    element('span', { class: 'note' }, YOUR_TRAFFIC.note),
    patternButtons((text) => {
      entered = true;
      onPattern(text);
    }),
  );
  return {
    root,
    /** Stands in for the card while there is no such workload. */
    none,
    /** What has the focus once a workload has gone. */
    bring,
    /** Where conversations are set, or brought in; null while neither is to be seen. @returns {HTMLElement|null} */
    firstField() {
      if (!none.hidden) return none.querySelector('.pattern');
      return root.hidden ? null : root.querySelector('.pattern-field:not([hidden]) input');
    },
    /**
     * @param {Readonly<State>} state
     * @param {boolean} away whether neither is to be seen
     */
    render(state, away) {
      const { imported } = state;
      none.hidden = imported !== null || away;
      if (imported === null && root.contains(document.activeElement)) bring.focus();
      root.hidden = imported === null || away;
      fields.render(state);
      if (imported === null) return;
      if (entered && !root.hidden) {
        entered = false;
        const held = document.activeElement;
        if (held === document.body || none.contains(held)) change.focus({ preventScroll: true });
      }
      setWords(name, cardName(state));
      setWords(words, cardWords(imported, state.config?.workload.spec));
    },
  };
}
