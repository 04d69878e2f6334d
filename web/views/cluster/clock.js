// The arithmetic of simulated time: how fast it passes, where it ends, how it is written.

import { number } from '../../shared/format.js';

/** Simulated seconds per second, slowest first: from slow motion, in which single steps of a batch can be seen. */
export const SPEEDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The speed to begin with, by its place in SPEEDS. */
export const REAL_TIME = SPEEDS.indexOf(1);

/** A frame after a long pause of the browser must not leap, ms. */
const LONGEST_FRAME_MS = 100;

/** Where less motion is asked for, a picture stands for so long, ms. */
export const CALM_FRAME_MS = 500;

/**
 * Simulated time after a frame.
 * @param {number} timeUs before it
 * @param {number} elapsedMs of real time
 * @param {number} speed
 * @param {number} endUs
 * @param {number} [longestMs] that time may leap
 */
export function advance(timeUs, elapsedMs, speed, endUs, longestMs = LONGEST_FRAME_MS) {
  const elapsed = Math.min(Math.max(elapsedMs, 0), longestMs);
  return clampTime(timeUs + elapsed * 1000 * speed, endUs);
}

/**
 * @param {number} timeUs
 * @param {number} endUs
 */
export function clampTime(timeUs, endUs) {
  return Math.min(Math.max(timeUs, 0), endUs);
}

/**
 * The time at a place of the time line.
 * @param {number} share from 0 to 1
 * @param {number} endUs
 */
export function timeAt(share, endUs) {
  return Math.round(clampTime(share * endUs, endUs));
}

/**
 * A simulated time as a clock shows it: always three digits after the point, so that nothing jumps while it runs.
 * @param {number} timeUs
 */
export function clockText(timeUs) {
  return `${(timeUs / 1e6).toFixed(3)} s`;
}

/** @param {number} speed */
export function speedText(speed) {
  return `${number(speed)}×`;
}

/**
 * A time as the Story says it: to a tenth of a second.
 * @param {number} timeUs
 */
export function shortClockText(timeUs) {
  return `${(timeUs / 1e6).toFixed(1)} s`;
}
