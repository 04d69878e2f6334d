// The frames of two runs that are played side by side, and the time that they share.

/** @import {RunFrames} from '../../shared/types.d.ts' */

/** What is played takes so long, ms, whatever it lasts in the run. */
export const PLAY_MS = 5000;

/** Frames of a play: as many as can be told apart in that time. */
const FRAMES = 200;

/** Most points of a timeline. */
const MOST_POINTS = 4000;

/**
 * How often to look at a run from its start, so that the part to be played has its frames.
 * @param {[number, number]} seconds of that part
 */
export function pointsFor([from, to]) {
  return Math.min(Math.ceil((FRAMES * to) / Math.max(to - from, 0.001)) + 1, MOST_POINTS);
}

/** One moment of a run. @typedef {{seconds: number, waiting: Uint32Array, running: Uint32Array, allWaiting: number, allRunning: number}} Frame */

/** @param {Uint32Array} requests */
const sum = (requests) => requests.reduce((all, each) => all + each, 0);

/**
 * The frames of the part that is played.
 * @param {RunFrames} run
 * @param {[number, number]} seconds of that part
 * @returns {Frame[]} at least one
 */
export function framesOf({ seconds, instanceCount, waiting, running }, [from]) {
  const first = Math.min(
    Math.max(
      seconds.findIndex((second) => second >= from),
      0,
    ),
    seconds.length - 1,
  );
  return Array.from(seconds.slice(first), (second, i) => {
    const at = (first + i) * instanceCount;
    const [waits, runs] = [waiting.slice(at, at + instanceCount), running.slice(at, at + instanceCount)];
    return { seconds: second, waiting: waits, running: runs, allWaiting: sum(waits), allRunning: sum(runs) };
  });
}

/**
 * Most requests that an instance holds in some frames.
 * @param {Frame[]} frames
 */
export function fullestOf(frames) {
  let most = 0;
  for (const { waiting, running } of frames)
    waiting.forEach((requests, at) => (most = Math.max(most, requests + running[at])));
  return most;
}

/**
 * The place in a play after some real time.
 * @param {number} place from 0 to 1
 * @param {number} elapsedMs
 */
export const placeAfter = (place, elapsedMs) => Math.min(place + Math.max(elapsedMs, 0) / PLAY_MS, 1);

/**
 * The frame at a place of the play.
 * @param {number} place from 0 to 1
 * @param {number} count of frames
 */
export const frameAt = (place, count) => Math.round(Math.min(Math.max(place, 0), 1) * (count - 1));

/** Where so little is left of what was there at its fullest, a play has gone on for too long. */
const EMPTIED = 0.1;

/**
 * How many frames are worth playing: up to the end, or to the fullest queue where after it both runs only empty.
 * @param {Pick<Frame, 'allWaiting'|'allRunning'>[][]} runs with as many frames each
 */
export function framesToPlay(runs) {
  const all = runs[0].map((_frame, i) =>
    runs.reduce(
      (sum, run) => ({
        waiting: sum.waiting + run[i].allWaiting,
        held: sum.held + run[i].allWaiting + run[i].allRunning,
      }),
      {
        waiting: 0,
        held: 0,
      },
    ),
  );
  const most = Math.max(...all.map(({ held }) => held));
  if (all[all.length - 1].held > EMPTIED * most) return all.length;
  let fullest = 0;
  all.forEach(({ waiting, held }, i) => {
    const best = all[fullest];
    if (waiting > best.waiting || (waiting === best.waiting && held > best.held)) fullest = i;
  });
  return fullest + 1;
}
