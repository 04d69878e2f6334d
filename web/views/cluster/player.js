// Plays a run: a clock in simulated time, and the exact state of the cluster at that time. The state is queried, never
// guessed: while an answer is under way, frames are left out.

import { REAL_TIME, SPEEDS, advance, clampTime } from './clock.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {Passage} from './opening_play.js' */

export class Player {
  #ask;

  #timeUs = 0;

  #endUs = 0;

  #playing = false;

  #under = false;

  /** The time to be shown next, null if the one shown is the one wanted. @type {number|null} */
  #wanted = null;

  /** Answers of a run that is no longer played are thrown away. */
  #run = 0;

  /** @type {MomentView|null} */
  #moment = null;

  /** What is played, if it ends by itself. @type {Passage|null} */
  #passage = null;

  speed = SPEEDS[REAL_TIME];

  /** Called with every new moment. @type {(moment: MomentView) => void} */
  onMoment = () => {};

  /** Called when playing begins or ends. @type {() => void} */
  onPlaying = () => {};

  /** @type {(error: unknown) => void} */
  onError = () => {};

  /** @param {(timeUs: number) => Promise<MomentView>} ask */
  constructor(ask) {
    this.#ask = ask;
  }

  get timeUs() {
    return this.#timeUs;
  }

  get endUs() {
    return this.#endUs;
  }

  get playing() {
    return this.#playing;
  }

  get moment() {
    return this.#moment;
  }

  /** Whether what is shown is what was asked for. */
  get settled() {
    return !this.#under && this.#wanted === null && this.#moment !== null;
  }

  /**
   * Opens another run.
   * @param {number} endUs
   * @param {number|null} firstUs where to begin; null for the time of the run before
   */
  open(endUs, firstUs) {
    this.pause();
    this.#run += 1;
    this.#under = false;
    this.#moment = null;
    this.#endUs = endUs;
    this.seek(firstUs ?? this.#timeUs);
  }

  play() {
    if (this.#playing) return;
    if (this.#timeUs >= this.#endUs) this.seek(0);
    this.#playing = true;
    this.onPlaying();
  }

  /**
   * Plays what ends by itself; whatever else moves or stops time ends it earlier.
   * @param {Passage} passage
   * @param {number} fromUs
   */
  playThrough(passage, fromUs) {
    this.pause();
    this.seek(fromUs);
    this.#passage = passage;
    this.#playing = true;
    this.onPlaying();
  }

  pause() {
    this.#passage = null;
    if (!this.#playing) return;
    this.#playing = false;
    // What is shown from now on is a whole number of µs.
    this.seek(this.#timeUs);
    this.onPlaying();
  }

  /** @param {number} timeUs */
  seek(timeUs) {
    this.#timeUs = Math.round(clampTime(timeUs, this.#endUs));
    this.#wanted = this.#timeUs;
    this.#fetch();
  }

  /** To the next event; after the last one nothing moves. */
  step() {
    this.pause();
    const next = this.#moment?.nextUs ?? null;
    if (next !== null) this.seek(next);
  }

  /**
   * One frame.
   * @param {number} elapsedMs since the one before
   * @param {number} [longestMs] that time may leap
   */
  frame(elapsedMs, longestMs) {
    if (!this.#playing) return;
    const passage = this.#passage;
    const endUs = Math.min(passage?.toUs ?? Infinity, this.#endUs);
    this.#timeUs = advance(this.#timeUs, elapsedMs, passage?.speed ?? this.speed, endUs, longestMs);
    if (this.#timeUs >= endUs) {
      this.pause();
      if (passage !== null) this.seek(passage.restUs);
      return;
    }
    if (this.#under) return;
    this.#wanted = Math.floor(this.#timeUs);
    this.#fetch();
  }

  async #fetch() {
    if (this.#under || this.#wanted === null) return;
    const run = this.#run;
    this.#under = true;
    const wanted = this.#wanted;
    this.#wanted = null;
    try {
      const moment = await this.#ask(wanted);
      if (run !== this.#run) return;
      this.#moment = moment;
      this.#under = false;
      this.onMoment(moment);
    } catch (error) {
      if (run !== this.#run) return;
      this.#under = false;
      this.onError(error);
      return;
    }
    await this.#fetch();
  }
}
