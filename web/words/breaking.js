// Words of what can be done to a cluster in its picture: stop an instance, send a burst. The Story says server.

import { count, duration, number, plural, wait } from '../shared/format.js';

export const BREAKING = {
  group: 'Break it',
  mode: 'What happens to its requests',
  /** Both ends of an instance. */
  modes: /** @type {const} */ ({ drain: 'it finishes what it has', crash: 'what it has is lost' }),
  size: 'Size of the burst',
  lastOne: 'The last one that takes requests cannot be stopped.',
  undo: 'Undo',
  undoAll: 'Undo all',
  refused: 'Not done: a setting has a value that cannot be used.',
  measuring: 'Measuring it without …',
  unmeasured: 'The run without it could not be measured; the next change tries again.',
  ours: 'Of this simulator only: BLIS has no such setting.',
};

/**
 * The name of an instance within a sentence.
 * @param {number} at from 0
 * @param {boolean} inStory
 */
const name = (at, inStory) => (inStory ? `server ${at + 1}` : `instance ${at}`);

/** @param {number} us */
const time = (us) => `${number(us / 1e6)} s`;

/**
 * @param {number|null} instance null where none can be stopped
 * @param {boolean} inStory
 */
export function killWords(instance, inStory) {
  if (instance === null) return inStory ? 'Kill a server' : 'Kill an instance';
  return `Kill ${name(instance, inStory)}`;
}

/** @param {number} us when @param {number} instance the fullest @param {boolean} inStory */
export function killHelp(us, instance, inStory) {
  return `At ${time(us)}, ${name(instance, inStory)} takes no more requests: it is the fullest one then. ${BREAKING.ours}`;
}

/** @param {number} requests */
export function burstWords(requests) {
  return `Send ${count(requests)} at once`;
}

/** @param {number} us when @param {number} requests */
export function burstHelp(us, requests) {
  return `At ${time(us)}, ${plural(requests, 'more request')} come all at once. ${BREAKING.ours}`;
}

/**
 * What an instance that stopped goes through, up to the number of those that are lost, which stands out.
 * @param {{instance: number, at: number, mode: 'drain'|'crash', held: number, answered: number, lost: number}} stop
 * @param {boolean} inStory
 * @returns {[string, string]}
 */
export function stopWords({ instance, at, mode, held, answered, lost }, inStory) {
  const who = capital(name(instance, inStory));
  if (mode === 'crash') {
    return lost > 0
      ? [`${who} crashes at ${time(at)}: `, `${plural(lost, 'request')} lost`]
      : [`${who} crashes at ${time(at)}, with nothing to lose`, ''];
  }
  const from = `${who} takes no more requests from ${time(at)} on`;
  if (held === 0) return [`${from}; it has none then`, ''];
  if (answered === held) return [`${from}, and finishes the ${count(held)} that it has`, ''];
  return [`${from}; of the ${count(held)} that it has, ${count(answered)} are answered`, ''];
}

/**
 * An instance that would stop, where the run ends before.
 * @param {{instance: number, at: number}} kill
 * @param {boolean} inStory
 */
export function noStopWords({ instance, at }, inStory) {
  return `${capital(name(instance, inStory))} would stop at ${time(at)}, after the end of the run`;
}

/**
 * @param {{requests: number, at: number}} burst
 * @param {boolean} came whether the run lasts until then, and has requests that a burst can repeat
 */
export function sentWords({ requests, at }, came) {
  const more = plural(requests, 'more request');
  return came ? `${more} at ${time(at)}, all at once` : `${more} would come at ${time(at)}, but the run has none then`;
}

/** Where there are too many to list. @param {number} more */
export function moreWords(more) {
  return `and ${plural(more, 'more event')}`;
}

/** @param {string} text */
const capital = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** @param {string} what the event, in words */
export function undoLabel(what) {
  return `${BREAKING.undo}: ${what}`;
}

/** Below this factor two waits are called equal. */
const EQUAL = 1.05;

/**
 * What happened to the wait.
 * @param {number} beforeMs without any of it
 * @param {number} nowMs
 * @param {number} lost requests
 * @param {boolean} inStory
 * @param {number} [events]
 */
export function effectWords(beforeMs, nowMs, lost, inStory, events = 1) {
  const figure = inStory ? 'The wait of the slowest 1 in 100' : 'TTFT p99';
  const served = lost > 0 ? ', the lost ones left out' : '';
  if (!(beforeMs > 0 && nowMs > 0)) return '';
  const [longer, shorter] = [nowMs / beforeMs, beforeMs / nowMs];
  const round = (/** @type {number} */ factor) => number(Number(factor.toPrecision(2)));
  const factor =
    longer >= EQUAL
      ? `${round(longer)}× longer`
      : shorter >= EQUAL
        ? `${round(shorter)}× shorter`
        : 'hardly any difference';
  const [before, now] = [beforeMs, nowMs].map(inStory ? wait : duration);
  return `${figure}: ${before} without, ${now} with ${events > 1 ? 'all of it' : 'it'} (${factor}${served}).`;
}

/** On the card of an instance that has stopped, at length and where there is little room. */
export const STOPPED_WORDS = {
  /** @param {number} lost */
  long: (lost) => (lost > 0 ? `crashed, ${count(lost)} lost` : 'stopped'),
  /** @param {number} lost */
  short: (lost) => (lost > 0 ? `${count(lost)} lost` : 'stopped'),
};
