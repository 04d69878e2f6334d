// What the picture of a run does when it comes: the first run of a visit plays its arrivals once, in the Story; all others
// stand still.

/** @import {PlaybackInfo} from '../../shared/types.d.ts' */

/** Arrivals that take longer than this are compressed, µs. */
const LONGEST_SPAN_US = 6e6;

/** To so much of real time, µs. */
const COMPRESSED_US = 5e6;

/**
 * A play that ends by itself.
 * @typedef {object} Passage
 * @property {number} toUs where it ends
 * @property {number} restUs where the picture stands after it
 * @property {number} speed simulated seconds per second
 */

/**
 * Where the picture of a new run stands: it plays from the start, rests at its fullest queue, goes to the time that was
 * asked for, or keeps the time of the run before.
 * @param {{inStory: boolean, first: boolean, still: boolean, at: number|null}} situation first: the first run of this visit;
 *   still: whether the person asks for less motion; at: a time that was asked for
 * @returns {'play'|'rest'|'asked'|'keep'}
 */
export function openingOf({ inStory, first, still, at }) {
  if (at !== null) return 'asked';
  if (inStory) return first && !still ? 'play' : 'rest';
  return first ? 'rest' : 'keep';
}

/**
 * The arrivals as a play of a few seconds.
 * @param {number} arrivedUs when the last request had arrived
 * @param {number} restUs
 * @returns {Passage}
 */
export function passageOf(arrivedUs, restUs) {
  return { toUs: arrivedUs, restUs, speed: arrivedUs > LONGEST_SPAN_US ? arrivedUs / COMPRESSED_US : 1 };
}

/**
 * Where a press on Play begins: anew, unless the play was stopped on its way.
 * @param {number} timeUs
 * @param {Passage} passage
 */
export function beginningOf(timeUs, { toUs, restUs }) {
  return timeUs < toUs && timeUs !== restUs ? timeUs : 0;
}

/**
 * When most requests waited, of equals where most ran: at the start of a run there is nothing to see.
 * @param {Pick<PlaybackInfo, 'seconds'|'waiting'|'running'>} info
 */
export function busiestUs({ seconds, waiting, running }) {
  let best = 0;
  for (let i = 1; i < waiting.length; i += 1) {
    if (waiting[i] > waiting[best] || (waiting[i] === waiting[best] && running[i] > running[best])) best = i;
  }
  return Math.round((seconds[best] ?? 0) * 1e6);
}
