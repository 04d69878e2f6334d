// What a computation takes, in words. The figures are rough, and so are the words.

/** @import {Estimate} from './types.d.ts' */

/**
 * With one significant digit, two from 100 on.
 * @param {number} value
 */
function rough(value) {
  return value < 10 ? Math.max(Math.round(value), 1) : Number(value.toPrecision(value < 100 ? 1 : 2));
}

/**
 * `about 8 s`, `about 3 min`.
 * @param {number} seconds
 */
export function timeWords(seconds) {
  return seconds < 100 ? `about ${rough(seconds)} s` : `about ${rough(seconds / 60)} min`;
}

/**
 * `about 700 MB`, `about 1.3 GB`.
 * @param {number} bytes
 */
export function memoryWords(bytes) {
  const megabytes = rough(bytes / 1e6);
  return megabytes < 1000 ? `about ${megabytes} MB` : `about ${megabytes / 1000} GB`;
}

/**
 * Memory and time.
 * @param {Pick<Estimate, 'bytes'|'seconds'>} estimate
 */
export function costWords({ bytes, seconds }) {
  return `${memoryWords(bytes)}, ${timeWords(seconds)}`;
}
