// One line above the figures: what the charts do not show, and why.

import { differenceInWords, inWords } from '../../settings/words.js';
import { SMALLER_REQUESTS } from '../../shared/budgets.js';
import { costWords } from '../../shared/costs.js';
import { count, number, plural } from '../../shared/format.js';
import { visible } from '../../shared/visible.js';
import { element, setWords } from '../../ui/dom.js';

/** @import {State} from '../../app/state.js' */
/** @import {Problem} from '../../shared/types.d.ts' */

/**
 * @param {Readonly<State>} state
 * @param {Problem[]} unplaced problems that no control shows
 * @returns {string[]}
 */
export function notices({ failure, rejectedLink, progress, run, cancelled, held, estimate, description }, unplaced) {
  const lines = [...rejectedLink.map((reason) => `About this link: ${reason}.`)];
  if (failure) lines.push(failure);
  for (const { message } of unplaced) lines.push(`${inWords(message, description?.schema ?? [])}.`);
  if (held && estimate)
    lines.push(`This link opens a large run: ${plural(estimate.requests, 'request')}, ${costWords(estimate)}.`);
  if (cancelled) {
    const words = run && description ? differenceInWords(run.pairs, cancelled.pairs, description) : null;
    const whose = words === null ? 'the last run' : `the run with ${words}`;
    lines.push(
      run === null ? 'Cancelled: there are no figures yet.' : `Cancelled: settings and figures are those of ${whose}.`,
    );
  }
  if (progress) {
    const { phase, finishedRequests, totalRequests, simulatedSeconds } = progress;
    lines.push(
      phase === 'generating'
        ? `Generating ${plural(totalRequests, 'request')}.`
        : `Simulating: ${count(finishedRequests)} of ${count(totalRequests)} requests, ${number(simulatedSeconds)} s.`,
    );
  }
  return lines;
}

/**
 * What would be run if the cancelled settings were: `Run 5,000,000 requests`.
 * @param {Readonly<State>} state
 */
export function cancelledWords({ cancelled, run, description }) {
  const words = cancelled && run && description ? differenceInWords(cancelled.pairs, run.pairs, description) : null;
  return words === null ? 'Run it after all' : `Run with ${words}`;
}

/**
 * Whether fewer requests would be fewer: an imported workload has its own number.
 * @param {Readonly<State>} state
 */
function canBeSmaller({ held, withoutEffect, description }) {
  const key = description?.schema.find(({ path }) => path === 'workload.num_requests')?.key;
  return held && key !== undefined && !withoutEffect.includes(key);
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
  // The button stays, and stays where it is, while the figures behind it change: one that is replaced under the pointer
  // loses the press, and one that is replaced under the keyboard loses the focus.
  const [cancel, again] = ['cancel', 'again'].map((name) => parent.querySelector(`button.${name}`));
  const { activeElement: focused } = document;
  const hadFocus = parent.contains(focused);
  button(parent, cancel, state.progress !== null, { name: 'cancel', words: 'Cancel', onClick: onCancel });
  const words = state.cancelled === null ? '' : cancelledWords(state);
  button(parent, again, words !== '', { name: 'again', words, onClick: onRunCancelled });
  const [run, smaller] = ['run', 'smaller'].map((name) => parent.querySelector(`button.${name}`));
  const fewer = `Run with ${count(SMALLER_REQUESTS)} requests`;
  button(parent, smaller, canBeSmaller(state), { name: 'smaller', words: fewer, onClick: onRunSmaller });
  button(parent, run, state.held, { name: 'run', words: 'Run', onClick: onRunHeld });
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
