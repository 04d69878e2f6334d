// One line above the figures: what the charts do not show, and why.

import { element } from '../dom.js';
import { count, number } from '../format.js';

/** @import {State} from '../state.js' */
/** @import {Problem} from '../types.d.ts' */

/**
 * @param {Readonly<State>} state
 * @param {Problem[]} unplaced problems that no control shows
 * @returns {string[]}
 */
export function notices({ failure, problems, rejectedLink, progress, run }, unplaced) {
  const lines = [...rejectedLink.map((reason) => `Of this link: ${reason}.`)];
  if (failure) lines.push(failure);
  for (const { message } of unplaced) lines.push(`${message}.`);
  if (problems.length > 0 && run !== null) lines.push('A setting is not valid; the charts show the last valid ones.');
  if (progress) {
    const { finishedRequests, totalRequests, simulatedSeconds } = progress;
    lines.push(
      `Simulating: ${count(finishedRequests)} of ${count(totalRequests)} requests, ${number(simulatedSeconds)} s.`,
    );
  }
  return lines;
}

/**
 * @param {HTMLElement} parent
 * @param {Readonly<State>} state
 * @param {Problem[]} unplaced
 * @param {() => void} onCancel gives up the run under way
 */
export function renderNotice(parent, state, unplaced, onCancel) {
  for (const line of parent.querySelectorAll('p')) line.remove();
  parent.append(...notices(state, unplaced).map((line) => element('p', {}, line)));
  parent.classList.toggle(
    'problem',
    state.failure !== null || state.problems.length > 0 || state.rejectedLink.length > 0,
  );
  // The button stays, and stays where it is, while the figures behind it change: one that is replaced under the pointer
  // loses the press, and one that is replaced under the keyboard loses the focus.
  const present = parent.querySelector('button');
  if (!state.progress) {
    present?.remove();
  } else if (present === null) {
    const cancel = element('button', { type: 'button', class: 'quiet' }, 'Cancel');
    cancel.addEventListener('click', onCancel);
    parent.prepend(cancel);
  }
}
