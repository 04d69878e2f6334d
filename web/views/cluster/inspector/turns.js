// A conversation as one line of turns: what there is to draw, without any element of the page.

import { endUs, firstTokenUs, fateOf } from './life.js';

/** @import {Lives} from '../../../shared/types.d.ts' */
/** @import {End} from '../../../words/turns.js' */

/** Turns that are drawn; of a longer conversation those around the chosen one are. */
export const MOST_TURNS = 64;

/**
 * A stretch of a turn.
 * @typedef {object} Stretch
 * @property {'waiting'|'prefill'|'decode'} state
 * @property {number} fromUs
 * @property {number} toUs
 */

/**
 * @typedef {object} Turn
 * @property {number} request
 * @property {number} round from 0
 * @property {number|null} instance null if it was never routed
 * @property {boolean} moved whether another instance served the turn before
 * @property {number} fromUs arrival
 * @property {number} toUs when it was answered or ended otherwise; the end of the run if it never did
 * @property {boolean} open whether the run ended before it did
 * @property {Stretch[]} stretches
 * @property {number} thinkUs between the end of the turn before and its arrival; 0 for the first
 * @property {number} input tokens of the prompt
 * @property {number} context tokens of it that repeat the conversation
 * @property {number} cached tokens of it from the prefix cache
 * @property {number} ttftUs NaN without a first token
 * @property {string} state as the engine calls it
 * @property {ReturnType<typeof fateOf>['fate']} fate
 */

/**
 * @typedef {object} Conversation
 * @property {number} number
 * @property {string} name empty for a virtual user
 * @property {End} end null where rounds do not wait for answers
 * @property {string} last state of its last turn
 * @property {number} turnCount of all, drawn or not
 * @property {Turn[]} turns ascending
 * @property {number} fromUs
 * @property {number} toUs
 * @property {number[]} instances that served it, in the order in which they first did
 */

/**
 * The requests of every session, by its number, in the order of their rounds. Made once for the lives of a run.
 * @param {NonNullable<Lives['sessions']>} sessions
 * @returns {Map<number, number[]>}
 */
export function requestsBySession({ session, round }) {
  /** @type {Map<number, number[]>} */
  const requests = new Map();
  session.forEach((number, request) => {
    if (!Number.isFinite(number)) return;
    const own = requests.get(number);
    if (own) own.push(request);
    else requests.set(number, [request]);
  });
  for (const own of requests.values()) own.sort((a, b) => round[a] - round[b] || a - b);
  return requests;
}

/** @type {WeakMap<Lives, Map<number, number[]>>} */
const known = new WeakMap();

/**
 * The conversation of a request; null if it belongs to none, or nothing of it has arrived.
 * @param {Lives} lives
 * @param {number} request
 * @param {number} runEndUs
 * @returns {Conversation|null}
 */
export function conversationOf(lives, request, runEndUs) {
  const { sessions } = lives;
  const number = sessions?.session[request] ?? NaN;
  if (!sessions || !Number.isFinite(number)) return null;
  const bySession = known.get(lives) ?? requestsBySession(sessions);
  known.set(lives, bySession);
  const all = (bySession.get(number) ?? []).filter((each) => Number.isFinite(lives.arrival_us[each]));
  if (!all.includes(request)) return null;
  const first = Math.max(0, Math.min(all.indexOf(request) - MOST_TURNS / 2, all.length - MOST_TURNS));
  const turns = all.map((each, i) => turnOf(lives, each, i === 0 ? null : all[i - 1], runEndUs));
  const shown = turns.slice(first, first + MOST_TURNS);
  return {
    number,
    name: sessions.names[number] ?? '',
    end: sessions.ends[number] ?? null,
    last: turns[turns.length - 1].state,
    turnCount: all.length,
    turns: shown,
    fromUs: shown[0].fromUs,
    toUs: Math.max(...shown.map(({ toUs }) => toUs)),
    instances: [...new Set(turns.flatMap(({ instance }) => (instance === null ? [] : [instance])))],
  };
}

/**
 * @param {Lives} lives
 * @param {number} request
 * @param {number|null} before the turn before
 * @param {number} runEndUs
 * @returns {Turn}
 */
function turnOf(lives, request, before, runEndUs) {
  const fromUs = lives.arrival_us[request];
  const ended = endUs(lives, request);
  const toUs = Math.max(Number.isFinite(ended) ? ended : runEndUs, fromUs);
  const instance = lives.instance[request];
  const former = before === null ? NaN : lives.instance[before];
  const { context_tokens: context, round } = /** @type {NonNullable<Lives['sessions']>} */ (lives.sessions);
  return {
    request,
    round: round[request],
    instance: Number.isFinite(instance) ? instance : null,
    moved: Number.isFinite(instance) && Number.isFinite(former) && instance !== former,
    fromUs,
    toUs,
    open: !Number.isFinite(ended),
    stretches: stretchesOf(lives, request, toUs),
    thinkUs: before === null ? 0 : Math.max(fromUs - endUs(lives, before), 0) || 0,
    input: lives.input_tokens[request],
    context: context[request],
    cached: lives.cached_tokens[request],
    ttftUs: lives.ttft_us[request],
    state: lives.states[request],
    fate: fateOf(lives, request).fate,
  };
}

/**
 * @param {Lives} lives
 * @param {number} request
 * @param {number} toUs
 * @returns {Stretch[]}
 */
function stretchesOf(lives, request, toUs) {
  const borders = [lives.arrival_us[request], lives.first_scheduled_us[request], firstTokenUs(lives, request), toUs];
  const states = /** @type {const} */ (['waiting', 'prefill', 'decode']);
  return states.flatMap((state, i) => {
    const from = borders[i];
    if (!Number.isFinite(from)) return [];
    const to = borders.slice(i + 1).find((border) => Number.isFinite(border)) ?? toUs;
    const end = Math.min(Math.max(to, from), toUs);
    return end > from ? [{ state, fromUs: from, toUs: end }] : [];
  });
}

/**
 * What the context of a turn cost: all of it came from the cache but for a block that was not full, part of it did, or it was
 * computed again.
 * @param {Pick<Turn, 'context'|'cached'>} turn
 * @param {number} block tokens
 * @returns {'none'|'cached'|'part'|'recomputed'}
 */
export function contextFound({ context, cached }, block) {
  if (!(context > 0)) return 'none';
  if (cached + block > context) return 'cached';
  return cached > 0 ? 'part' : 'recomputed';
}
