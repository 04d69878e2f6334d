// One line above the figures: what the charts do not show, and why.

import { differenceInWords, inWords } from '../../settings/words.js';
import { SMALLER_REQUESTS } from '../../shared/budgets.js';
import { missingList } from '../../shared/named_list.js';
import { showsSettings } from '../../shared/places.js';
import { visible } from '../../shared/visible.js';
import { element, setWords } from '../../ui/dom.js';
import {
  aboutLink,
  BUTTONS,
  CANCELLED_FIRST,
  cancelledWords as cancelledSentence,
  droppedKillsWords,
  heldWords,
  missingListWords,
  progressWords,
  runAfterAll,
  runWithFewer,
  unknownSetting,
} from '../../words/overview.js';

/** @import {State} from '../../app/state.js' */
/** @import {Problem} from '../../shared/types.d.ts' */

/**
 * @param {Readonly<State>} state
 * @param {Problem[]} unplaced problems that no control shows
 * @returns {string[]}
 */
export function notices(state, unplaced) {
  const { failure, rejectedLink, progress, run, cancelled, held, estimate, description } = state;
  const lines = rejectedLink.map(aboutLink);
  if (failure) lines.push(failure);
  for (const problem of unplaced) {
    const { message } = problem;
    const missing = missingList(problem);
    if (missing !== null) {
      lines.push(missingListWords(missing));
      continue;
    }
    const [, unknown] = message.match(/^(.*?): got .*, expected the name of a setting$/s) ?? [];
    lines.push(unknown ? unknownSetting(unknown) : `${inWords(message, description?.schema ?? [])}.`);
  }
  // In the Story they are gone from the list beside the slider.
  const { droppedKills, config } = state;
  if (droppedKills.length > 0 && config !== null && showsSettings(state))
    lines.push(droppedKillsWords(droppedKills, config.cluster.num_instances));
  if (held && estimate) lines.push(...heldWords(estimate, run === null));
  if (cancelled) {
    const words = run && description ? differenceInWords(run.pairs, cancelled.pairs, description) : null;
    lines.push(run === null ? CANCELLED_FIRST : cancelledSentence(words));
  }
  if (progress) lines.push(progressWords(progress));
  return lines;
}

/**
 * What would be run if the cancelled settings were: `Run 5,000,000 requests`.
 * @param {Readonly<State>} state
 */
export function cancelledWords({ cancelled, run, description }) {
  const words = cancelled && run && description ? differenceInWords(cancelled.pairs, run.pairs, description) : null;
  return runAfterAll(words);
}

/**
 * Whether fewer requests would be fewer: an imported workload has its own number.
 * @param {Readonly<State>} state
 */
function canBeSmaller({ held, lock, withoutEffect, description }) {
  const key = description?.schema.find(({ path }) => path === 'workload.num_requests')?.key;
  return held && lock !== '1' && key !== undefined && !withoutEffect.includes(key);
}

/**
 * @typedef {object} Actions
 * @property {() => void} onCancel gives up the run under way
 * @property {() => void} onRunCancelled runs it after all
 * @property {() => void} onRunHeld runs what a link asks for
 * @property {() => void} onRunSmaller runs it with fewer requests
 */

/**
 * @param {HTMLElement} parent
 * @param {Readonly<State>} state
 * @param {Problem[]} unplaced
 * @param {Actions} actions
 */
export function renderNotice(parent, state, unplaced, { onCancel, onRunCancelled, onRunHeld, onRunSmaller }) {
  const lines = notices(state, unplaced).map(visible);
  const shown = [...parent.querySelectorAll('p')];
  // Lines that stay the same are left alone: each change of this region is read aloud.
  if (lines.join('\n') !== shown.map(({ textContent }) => textContent).join('\n')) {
    for (const line of shown) line.remove();
    parent.append(...lines.map((line) => element('p', {}, line)));
  }
  parent.classList.toggle(
    'problem',
    state.failure !== null || state.problems.length > 0 || state.rejectedLink.length > 0,
  );
  // Where there are no figures, what could be run is all that there is to see.
  parent.classList.toggle('offer', state.run === null && (state.held || state.cancelled !== null));
  // The button stays, and stays where it is, while the figures behind it change: one that is replaced under the pointer
  // loses the press, and one that is replaced under the keyboard loses the focus.
  const [cancel, again] = ['cancel', 'again'].map((name) => parent.querySelector(`button.${name}`));
  const { activeElement: focused } = document;
  const hadFocus = parent.contains(focused);
  button(parent, cancel, state.progress !== null, { name: 'cancel', words: BUTTONS.cancel, onClick: onCancel });
  const words = state.cancelled === null ? '' : cancelledWords(state);
  button(parent, again, words !== '', { name: 'again', words, onClick: onRunCancelled });
  const [run, smaller] = ['run', 'smaller'].map((name) => parent.querySelector(`button.${name}`));
  const fewer = runWithFewer(SMALLER_REQUESTS);
  button(parent, smaller, canBeSmaller(state), { name: 'smaller', words: fewer, onClick: onRunSmaller });
  button(parent, run, state.held, { name: 'run', words: BUTTONS.run, onClick: onRunHeld });
  const first = parent.querySelector('button.run');
  // The button that has done its work is gone: the keyboard goes on with what has come in its place, from here.
  if (hadFocus && !focused?.isConnected) (parent.querySelector('button') ?? parent).focus();
  // The one that does what the link says comes first, whichever was made first.
  if (first && first !== parent.firstElementChild && first !== document.activeElement) parent.prepend(first);
}

/**
 * @param {HTMLElement} parent
 * @param {Element|null} present
 * @param {boolean} wanted
 * @param {{name: string, words: string, onClick: () => void}} options
 */
function button(parent, present, wanted, { name, words, onClick }) {
  if (!wanted) {
    present?.remove();
    return;
  }
  if (present !== null) {
    setWords(present, words);
    return;
  }
  const made = element('button', { type: 'button', class: `quiet ${name}` }, words);
  made.addEventListener('click', onClick);
  parent.prepend(made);
}
