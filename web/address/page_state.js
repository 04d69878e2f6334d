// The part of the address that is about the page and not about the settings: which key holds which part of the state.

import { pageValue } from './url.js';

/** @import {State} from '../app/state.js' */
/** @import {Pair} from '../shared/types.d.ts' */

/** @type {[key: string, part: 'tab'|'lesson'|'sweepAxis'|'sweepMetric'|'targets'|'hide'|'embed'][]} */
const PARTS = [
  ['tab', 'tab'],
  ['lesson', 'lesson'],
  ['over', 'sweepAxis'],
  ['show', 'sweepMetric'],
  ['goal', 'targets'],
  ['hide', 'hide'],
  ['embed', 'embed'],
];

/**
 * What an address says about the page.
 * @param {string} hash
 * @returns {Partial<State>}
 */
export function pageState(hash) {
  const request = pageValue(hash, 'request');
  return {
    ...Object.fromEntries(PARTS.map(([key, part]) => [part, pageValue(hash, key)])),
    request: /^\d+$/.test(request) ? Number(request) : null,
  };
}

/**
 * The same as it stands in the address. A lesson is left out while another tab is shown: a link is to what is seen.
 * @param {Readonly<State>} state
 * @returns {Pair[]}
 */
export function pagePairs(state) {
  const said = PARTS.filter(([key]) => key !== 'lesson' || state.tab === 'lessons');
  return [
    ...said.map(([key, part]) => /** @type {Pair} */ ([key, state[part]])),
    ['request', String(state.request ?? '')],
  ];
}

/**
 * Whether the address has to be written anew.
 * @param {Readonly<State>} state
 * @param {Readonly<State>} before
 */
export function pageChanged(state, before) {
  return state.request !== before.request || PARTS.some(([, part]) => state[part] !== before[part]);
}
