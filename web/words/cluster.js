// Words of the picture of the cluster.

import { count, duration, plural } from '../shared/format.js';
import { STOPPED_WORDS } from './breaking.js';

/** @import {TierFigures} from '../shared/types.d.ts' */

/** Buttons of the time. In the Story there is only the first of them, and it has its words on it. */
export const TIME_BUTTONS = {
  play: 'Play',
  replay: 'Replay',
  pause: 'Pause',
  start: 'To the start',
  step: 'To the next event',
  end: 'To the end',
};

/** Said where the system asks for less motion: a press is consent, and nothing plays before it. */
export const CALM = 'Your system asks for less motion, so Play shows two pictures a second.';

/** The two states that the Story tells apart: what they are called, and what they are. */
export const STORY_STATES = {
  waiting: { label: 'waiting', meaning: 'In the queue of a server, because it has no room for them yet.' },
  answering: { label: 'answering', meaning: 'At work: its prompt is read, or its answer is written.' },
};

/**
 * The name of an instance, where the Story speaks of servers.
 * @param {number} at from 0
 */
export function serverName(at) {
  return `Server ${at + 1}`;
}

/**
 * The name of an instance everywhere else.
 * @param {number} at from 0
 */
export function instanceName(at) {
  return `Instance ${at}`;
}

/** @param {number} waiting */
export function waitingWords(waiting) {
  return `${count(waiting)} waiting`;
}

/**
 * What a dot of the Story's picture stands for, in two parts of which a phone shows the first; nothing where it is one
 * request.
 * @param {number} requests
 * @returns {[string, string]}
 */
export function dotWords(requests) {
  return requests === 1 ? ['', ''] : [`1 dot = ${count(requests)}`, ' requests'];
}

/**
 * The Story's picture in a sentence, for those who do not see it.
 * @param {{servers: number, waiting: number, answering: number, clock: string}} numbers
 */
export function storyPictureWords({ servers, waiting, answering, clock }) {
  const cluster = servers === 1 ? '1 server' : `${count(servers)} servers`;
  return `Picture of ${cluster} ${clock} after the first request: ${count(waiting)} waiting, ${count(answering)} being answered.`;
}

/** What stands where there is no picture. */
export const OFFER = {
  none: 'There is no run yet.',
  opening: 'Replaying the run for its picture …',
  stopped: 'Stopped.',
  show: 'Show the cluster',
  stop: 'Stop',
  /** @param {string} cost */
  large: (cost) => `This run is large: its picture takes ${cost}.`,
};

/** @param {string} message */
export function failureWords(message) {
  return `The cluster cannot be shown (${message}); the next change tries again.`;
}

/** What stands at the stations before the instances, and below them. */
export const STATION_WORDS = {
  gateway: 'gateway',
  admission: 'admission',
  routing: 'routing',
  /** @param {number} requests */
  toCome: (requests) => `${count(requests)} to come`,
  /** @param {number} requests */
  here: (requests) => `${count(requests)} here`,
  asides: {
    rejected: (/** @type {number} */ requests) => `${count(requests)} rejected`,
    transit: (/** @type {number} */ requests) => `${count(requests)} on the way`,
    'timed-out': (/** @type {number} */ requests) => `${count(requests)} timed out`,
    dropped: (/** @type {number} */ requests) => `${count(requests)} too large`,
    lost: (/** @type {number} */ requests) => `${count(requests)} lost`,
    done: (/** @type {number} */ requests) => `${count(requests)} completed`,
  },
};

/** Beside the bars of an instance: at length, and where there is little room. */
export const BAR_WORDS = {
  long: {
    /** @param {string} share */
    stepBudget: (share) => `step budget ${share}`,
    /** @param {number} running @param {number} limit */
    slots: (running, limit) => `slots ${count(running)}/${count(limit)}`,
    /** @param {string} share */
    kvBlocks: (share) => `KV blocks ${share}`,
  },
  short: {
    /** @param {string} share */
    stepBudget: (share) => `step ${share}`,
    /** @param {number} running @param {number} limit */
    slots: (running, limit) => `slots ${count(running)}/${count(limit)}`,
    /** @param {string} share */
    kvBlocks: (share) => `KV ${share}`,
  },
};

/** What requests wait for, where there is little room. @type {Record<import('#engine').Limit, string>} */
export const WAITS_SHORT = {
  step_budget: 'waits: prompt reading',
  slots: 'waits: slots are full',
  kv_blocks: 'waits: KV is full',
  step_under_way: 'waits: end of the step',
};

/**
 * Over the picture, where it is taken away.
 * @param {string} clock
 */
export function pictureTitle(clock) {
  return `The cluster at ${clock}`;
}

/** The picture as a whole, for those who walk through it by keys. */
export const PICTURE = {
  role: 'picture',
  label:
    'Picture of the cluster. Arrow keys choose an instance, Enter goes to its requests, Enter again inspects one, Escape goes back.',
};

export const LEGEND = {
  label: 'Requests by state',
  bars: 'Bars of an instance, from the top: step budget (tokens of the step under way), slots, KV blocks. Outlined is the one that requests wait for.',
};

export const TIME_WORDS = {
  group: 'Time',
  line: 'Time',
  speed: 'Speed',
  help: 'What the time line shows, and keys',
  /** @param {string} now @param {string} end */
  clock: (now, end) => `${now} of ${end}`,
  /** @param {string} speed */
  speedIs: (speed) => `${speed} real time`,
  /** What the small hill of the Story is. */
  depthInStory: 'waiting, over time',
  /** @param {number} most */
  depth: (most) => `waiting, at most ${count(most)}`,
};

/** What the question mark beside the time says. */
export const HELP = [
  'This is the exact state at the time shown. Behind the time line: how many requests wait, in all queues together.',
  'In an instance: its queue, with the next request at the right, its batch, and how full its three limits are: the tokens of a step, the slots of the batch, the blocks of the KV cache (the memory for the keys and values of attention).',
  'Where there are too many requests to draw, areas stand for them, and numbers.',
  'Keys: Space plays and pauses, Home and End jump, “.” goes to the next event; on the time line the arrows move.',
].join(' ');

/** Opens the table of all instances. */
export const AS_TABLE = 'As a table';

/**
 * The cluster in one sentence, for screen readers.
 * @param {string} clock
 * @param {{waiting: number, prefill: number, decode: number, done: number, preempted: number, rejected: number, timedOut: number, lost: number}} numbers
 */
export function momentWords(clock, { waiting, prefill, decode, done, preempted, rejected, timedOut, lost }) {
  const parts = [`${count(waiting)} waiting`, `${count(prefill)} in prefill`, `${count(decode)} in decode`];
  parts.push(`${count(done)} completed`);
  if (preempted > 0) parts.push(`${count(preempted)} preempted`);
  if (rejected > 0) parts.push(`${count(rejected)} rejected`);
  if (timedOut > 0) parts.push(`${count(timedOut)} timed out`);
  if (lost > 0) parts.push(`${count(lost)} lost`);
  return `At ${clock}: ${parts.join(', ')}.`;
}

/**
 * An instance in a sentence.
 * @param {number} instance
 * @param {{waiting: number, stepTokens: number, stepBudget: number, running: number, limit: number, prefill: number, decode: number, kvShare: string, evictions: number, waits: string, stopped: boolean, lost: number, tier?: TierFigures|null}} numbers
 *   waits: why requests wait; empty if none do
 */
export function instanceWords(instance, numbers) {
  const { waiting, stepTokens, stepBudget, running, limit, prefill, decode, kvShare, evictions, waits } = numbers;
  const parts = [
    ...(numbers.stopped ? [STOPPED_WORDS.long(numbers.lost)] : []),
    `${count(waiting)} waiting`,
    `step budget ${count(stepTokens)} of ${count(stepBudget)} tokens`,
    `${count(running)} of ${count(limit)} slots (${count(prefill)} prefill, ${count(decode)} decode)`,
    `KV blocks ${kvShare} full`,
  ];
  if (evictions > 0) parts.push(plural(evictions, 'preemption'));
  if (numbers.tier) parts.push(tierWords(numbers.tier));
  if (waits !== '') parts.push(waits);
  return `Instance ${instance}: ${parts.join(', ')}.`;
}

/** A request on the picture. */
export const REQUEST_WORDS = {
  /** @param {number} instance */
  gone: (instance) => `Instance ${instance}: no request is there any more.`,
  /** @param {number} request @param {number} instance @param {number} place @param {boolean} preempted */
  queued: (request, instance, place, preempted) =>
    `Request ${request}: ${preempted ? 'preempted, waiting again' : 'waiting'}, place ${place} in the queue of instance ${instance}.`,
  /** @param {number} request @param {number} instance @param {number} place @param {boolean} prefill */
  running: (request, instance, place, prefill) =>
    `Request ${request}: ${prefill ? 'in prefill' : 'in decode'}, place ${place} in the batch of instance ${instance}.`,
  /** For those who have keys: a tap has inspected it already. */
  key: ' Enter inspects it.',
};

/**
 * The second tier of an instance, as the end of its sentence.
 * @param {TierFigures} tier
 */
export const tierWords = ({ capacity, used, stores, evictions, reloads, transfer_us: us }) =>
  `CPU tier ${count(used)} of ${plural(capacity, 'block')}, ${count(stores)} stored, ${count(evictions)} evicted, ${count(reloads)} brought back in ${duration(us / 1000)}`;
