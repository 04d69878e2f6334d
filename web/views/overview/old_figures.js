// Marks figures that do not belong to the settings shown as old, and names the settings that they belong to.

import { withDrafts } from '../../settings/settings.js';
import { differenceInWords } from '../../settings/words.js';
import { byId, element, setWords } from '../../ui/dom.js';
import { oldFiguresWords } from '../../words/overview.js';

/** @import {State, Store} from '../../app/state.js' */

/**
 * The sentence for figures that do not belong to the settings shown; null if they do. A run that is over before its
 * progress is shown makes nothing old.
 * @param {Readonly<State>} state
 */
export function oldFigures({ run, config, pairs, drafts, problems, unfit, progress, failure, held, description }) {
  if (run === null || description === null) return null;
  // What broke the engine down at once was not even accepted.
  const overtaken = (run.config !== config || drafts.size > 0) && (progress !== null || failure !== null || held);
  if (problems.length === 0 && !unfit && !overtaken) return null;
  const wanted = withDrafts(pairs, drafts, description.schema);
  return oldFiguresWords(differenceInWords(run.pairs, wanted, description));
}

/** What the sentence depends on. @type {(keyof State)[]} */
const PARTS = ['run', 'config', 'pairs', 'drafts', 'problems', 'unfit', 'progress', 'failure', 'held', 'description'];

/** @param {Store} store */
export function createOldFigures(store) {
  // It is always there: only a change of what stands in such a region is read aloud.
  const ribbon = element('p', { class: 'old-figures', id: 'old-figures', role: 'status' });
  byId('headline').before(ribbon);
  store.follow(PARTS, (state) => {
    const words = oldFigures(state);
    if (setWords(ribbon, words ?? '')) document.body.classList.toggle('old', words !== null);
  });
}
