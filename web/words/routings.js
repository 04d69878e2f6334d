// Words of the comparison of sticky with balanced routing.

import { number, plural } from '../shared/format.js';

/** @import {RoutingId} from '../views/compare/routings.js' */

/** What the routings are called, and what each does with a conversation. @type {Record<RoutingId, {name: string, does: string}>} */
export const ROUTING_WORDS = {
  'round-robin': { name: 'Round robin', does: 'balanced: the next turn goes to the next instance' },
  'least-loaded': { name: 'Least loaded', does: 'balanced: the next turn goes where there is least to do' },
  sticky: { name: 'Sticky, default weights', does: 'cached context counts twice as much as a short queue' },
  'load-first': { name: 'Sticky, load first', does: 'load counts twice as much as cached context' },
  own: { name: 'As set now', does: 'the routing of the settings' },
};

export const ROUTINGS_WORDS = {
  title: 'Conversations: sticky or balanced?',
  help: 'The same conversations with each routing: sticky ones stay where their context is cached, balanced ones go where there is room.',
  compare: 'Compare sticky with balanced',
  again: 'Compare again',
  stop: 'Stop',
  one: 'With one instance there is nothing to choose: set at least two to compare.',
  /** @param {number} seeds */
  caption: (seeds) => `Mean over ${plural(seeds, 'seed')}, smallest to largest in brackets`,
  region: 'Routings compared',
  routing: 'Routing',
  actions: 'Actions',
  use: 'Use',
  now: 'set now',
  of: (/** @type {string} */ name) => ` ${name}`,
  /** @param {number} done @param {number} all */
  working: (done, all) => `${done} of ${plural(all, 'run')} done …`,
  stopped: 'Stopped.',
  /** @param {string} message */
  failed: (message) => `The routings could not be compared: ${message}.`,
  refused: 'cannot be run',
  old: 'The settings have changed since: compare again.',
};

/** @param {string} low @param {string} high */
export const rangeWords = (low, high) => `(${low} to ${high})`;

/**
 * The comparison in a sentence.
 * @param {{name: string, hits: number, ttft: string}} sticky
 * @param {{name: string, hits: number, ttft: string}} balanced
 */
export function verdictWords(sticky, balanced) {
  return `${sticky.name}: ${number(sticky.hits)}% of the prompts from the cache and ${sticky.ttft} to the first token of later turns. ${balanced.name}: ${number(balanced.hits)}% and ${balanced.ttft}.`;
}
