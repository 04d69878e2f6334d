// Words of the picture of the cluster.

import { count } from '../shared/format.js';

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
