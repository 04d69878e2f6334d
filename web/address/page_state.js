// The part of the address that is about the page and not about the settings: between address and state.

import { isFrontDoor, PAGE_PARTS, pageValue } from './url.js';

/** @import {State} from '../app/state.js' */
/** @import {Pair} from '../shared/types.d.ts' */

const PARTS = Object.entries(PAGE_PARTS);

/** What is about the lessons alone. */
const OF_LESSONS = ['lesson', 'room', 'present', 'own'];

/** The parts of the state that an address holds. @type {(keyof State)[]} */
export const ADDRESS_PARTS = ['pairs', ...Object.values(PAGE_PARTS)];

/**
 * The state of the page as an address holds it. An address that holds nothing is the front door, which leads to the Story;
 * one with settings and without a view is a link of before there was a Story, and leads to the overview.
 * @param {string} hash
 * @returns {Partial<State>}
 */
export function pageState(hash) {
  const request = pageValue(hash, 'request');
  return {
    ...Object.fromEntries(PARTS.map(([key, part]) => [part, pageValue(hash, key)])),
    ...(isFrontDoor(hash) ? { tab: 'story' } : {}),
    request: /^\d+$/.test(request) ? Number(request) : null,
  };
}

/**
 * The same as it stands in the address. What is about lessons is left out while another tab is shown: a link is to what is seen.
 * @param {Readonly<State>} state
 * @returns {Pair[]}
 */
export function pagePairs(state) {
  const linked = PARTS.filter(([key]) => !OF_LESSONS.includes(key) || state.tab === 'lessons');
  return linked.map(([key, part]) => [key, String(state[part] ?? '')]);
}
