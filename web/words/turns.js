// Words of the line of turns in the inspector: a conversation, its rounds, and how it ended.

import { count, duration, plural } from '../shared/format.js';

/** @import {ConversationEnd} from '../shared/types.d.ts' */

/** @typedef {ConversationEnd|null} End */

/** @param {number} us */
const time = (us) => duration(us / 1000);

/** A conversation reads as `Conversation chat_12`, a virtual user as `User 12`. */
const titleOf = (/** @type {{name: string, number: number}} */ { name, number }) =>
  name === '' ? `Virtual user ${count(number)}` : `Conversation ${name}`;

/** How a conversation ended, and how its last turn did. @type {Record<ConversationEnd, (last: string) => string>} */
const ENDS = {
  completed: () => 'All its turns were answered.',
  cancelled: (last) => `Broken off: its last turn ${LAST[last] ?? 'got no answer'}, so the client sent no more.`,
  refused: (last) =>
    `Broken off: its last turn ${LAST[last] ?? 'got no answer'}. The client hears nothing and sends no more.`,
  horizon_interrupted: () => 'Interrupted: its next turn would have come after the end of the run.',
  budget_exhausted: () => 'It stopped because the requests of the run were used up.',
  under_way: () => 'A turn was still under way when the run ended.',
};

/** @type {Record<'none'|'cached'|'part'|'recomputed', string>} */
const FOUND = {
  none: '',
  cached: 'its context was in the cache',
  part: 'part of its context was in the cache',
  recomputed: 'its context was computed again',
};

/** How a turn ended, where it was not answered. @type {Record<string, string>} */
export const UNANSWERED = {
  timed_out: 'timed out',
  rejected: 'refused at the gateway',
  dropped: 'too large for any instance',
  lost: 'lost in a crash',
};

/** The same of the last turn of a conversation. @type {Record<string, string>} */
const LAST = {
  timed_out: 'timed out',
  rejected: 'was refused at the gateway',
  dropped: 'was too large for any instance',
  lost: 'was lost in a crash',
};

/**
 * @typedef {object} TurnFacts
 * @property {number} round
 * @property {number|null} instance
 * @property {boolean} moved
 * @property {number} thinkUs
 * @property {number} input
 * @property {number} context
 * @property {number} cached
 * @property {number} ttftUs
 * @property {string} state
 * @property {boolean} open
 * @property {'none'|'cached'|'part'|'recomputed'} found
 */

export const TURNS = {
  label: 'Turns of the conversation; arrow keys go from turn to turn',
  /** @param {number} turns @param {number} drawn */
  longer: (turns, drawn) => `${count(drawn)} of its ${count(turns)} turns are shown.`,
  legend: {
    waiting: 'waiting',
    prefill: 'prefill',
    decode: 'decode',
    thinking: 'thinking or tool',
    cached: 'context from the cache',
    part: 'part of it',
    recomputed: 'computed again',
    unanswered: 'not answered',
  },
  instance: (/** @type {number} */ instance) => `#${instance}`,
  noInstance: '–',
  unanswered: '✕',
};

/**
 * The conversation in a sentence.
 * @param {{name: string, number: number, turnCount: number, instances: number[], fromUs: number, toUs: number, end: End, last: string}} facts
 */
export function conversationWords({ name, number, turnCount, instances, fromUs, toUs, end, last }) {
  const where =
    instances.length === 0
      ? 'none of them routed'
      : instances.length === 1
        ? `all on instance ${instances[0]}`
        : `on ${plural(instances.length, 'instance')}`;
  const ended = end === null ? '' : ` ${ENDS[end](last)}`;
  return `${titleOf({ name, number })}: ${plural(turnCount, 'turn')} in ${time(toUs - fromUs)}, ${where}.${ended}`;
}

/**
 * A turn in a sentence: what a screen reader says, and what the pointer sees.
 * @param {TurnFacts} turn
 */
export function turnWords({ round, instance, moved, thinkUs, input, context, cached, ttftUs, state, open, found }) {
  const words = [
    instance === null ? 'not routed' : `instance ${instance}${moved ? ', another one than before' : ''}`,
    ...(thinkUs > 0 ? [`${time(thinkUs)} after the answer before`] : []),
    `prompt of ${plural(input, 'token')}${context > 0 ? `, ${count(context)} of them context` : ''}, ${count(cached)} cached`,
    ...(found === 'none' ? [] : [FOUND[found]]),
    Number.isFinite(ttftUs) ? `first word after ${time(ttftUs)}` : 'no first word',
    ...(open ? ['unfinished when the run ended'] : UNANSWERED[state] ? [UNANSWERED[state]] : []),
  ];
  return `Turn ${count(round + 1)}: ${words.join('; ')}`;
}
