// The run before the one that is shown: every chart has it in grey. It is the last one that stood for a second, so that
// the ghosts do not flicker while a slider is dragged: they are of the run before the drag.

import { differenceInWords } from '../settings/words.js';
import { before, OTHER_SETTINGS } from '../words/charts.js';

/** @import {Curves, Description, ShownRun, Sweep} from '../shared/types.d.ts' */
/** @import {State, Store} from './state.js' */

/**
 * @typedef {object} Previous
 * @property {ShownRun} run
 * @property {string} different what was otherwise: `4 instances`
 * @property {string} words the same for a legend
 * @property {Sweep|null} sweep around it, as far as it was known
 * @property {Pick<Curves, 'distributions'|'goodput'>|null} curves of its details, if they were looked at
 */

/** A run that was shown for a shorter time was on the way to another one, ms. */
const STANDS_AFTER_MS = 1000;

/** What is known of a run while it is shown. @typedef {Omit<Previous, 'words'|'different'> & {since: number}} Standing */

/**
 * @param {ShownRun} earlier
 * @param {ShownRun} run
 * @param {Description|null} description
 */
function wordsOf(earlier, run, description) {
  const different = (description && differenceInWords(earlier.pairs, run.pairs, description)) ?? OTHER_SETTINGS;
  return { different, words: before(different) };
}

/**
 * Follows the store, and puts the run before the present one into it.
 * @param {Pick<Store, 'state'|'watch'|'change'>} store
 * @param {() => number} [clock] ms
 */
export function keepPrevious(store, clock = () => performance.now()) {
  /** @type {Standing|null} */
  let standing = null;
  /** The last one that stood. @type {Standing|null} */
  let stood = null;
  const follow = (/** @type {Readonly<State>} */ { run, sweep, description }) => {
    if (run === null) return;
    const now = clock();
    if (standing?.run.digest === run.digest) {
      standing.run = run;
      return;
    }
    if (standing !== null && now - standing.since >= STANDS_AFTER_MS) stood = standing;
    standing = { run, sweep, curves: null, since: now };
    // A person who comes back sees the run once, not over itself.
    const shown = stood === null || stood.run.digest === run.digest ? null : stood;
    store.change({ previous: shown && { ...shown, ...wordsOf(shown.run, run, description) } });
  };
  store.watch(['run'], follow);
  follow(store.state);
  store.watch(['sweep'], ({ sweep, config }) => {
    // A sweep of newer settings comes before their run does.
    if (standing !== null && config === standing.run.config) standing.sweep = sweep;
  });
  store.watch(['details'], ({ details }) => {
    if (standing === null || details?.config !== standing.run.config) return;
    const { distributions, goodput } = details.curves;
    standing.curves = { distributions, goodput };
  });
}
