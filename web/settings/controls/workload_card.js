// A workload that was brought in, among the settings: what it is, and the way back to the form's own requests.

import { number, plural } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';

/** @import {State} from '../../app/state.js' */
/** @import {Imported} from '../../shared/types.d.ts' */

/**
 * `1,000 requests · 200 requests/s`
 * @param {Imported} imported
 */
export function cardWords({ requests, rate }) {
  const words = [];
  if (typeof requests === 'number') words.push(plural(requests, 'request'));
  if (typeof rate === 'number') words.push(`${number(rate)} requests/s`);
  return words.join(' · ');
}

/**
 * What it is called: the name of its file, or its kind.
 * @param {Pick<State, 'imported'|'importedName'>} state
 */
export function cardName({ imported, importedName }) {
  if (importedName !== '') return importedName;
  return imported?.kind === 'specification' ? 'Workload specification' : 'Imported requests';
}

/** @param {() => void} onRemove */
export function workloadCard(onRemove) {
  const name = element('strong', {});
  const words = element('span', { class: 'note' });
  const remove = element('button', { type: 'button', class: 'remove' }, 'Remove');
  remove.addEventListener('click', onRemove);
  const root = element(
    'div',
    { class: 'workload-card', role: 'group', 'aria-label': 'Imported workload', hidden: true },
    element('p', {}, name, ' ', words),
    remove,
  );
  return {
    root,
    /** @param {Readonly<State>} state */
    render(state) {
      const { imported } = state;
      const group = root.closest('details')?.querySelector('summary');
      if (imported === null && root.contains(document.activeElement)) group?.focus();
      root.hidden = imported === null;
      if (imported === null) return;
      setWords(name, cardName(state));
      setWords(words, cardWords(imported));
    },
  };
}
