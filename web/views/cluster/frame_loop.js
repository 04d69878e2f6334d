// The frames of a play: the player moves on with each of the screen's, or, where less motion is asked for, twice a second.

import { CALM_FRAME_MS } from './clock.js';

/** @import {Player} from './player.js' */

export class FrameLoop {
  #player;

  #still;

  #onMoved;

  #last = 0;

  /** Whether a frame has been requested. */
  #waiting = false;

  /**
   * @param {Player} player
   * @param {MediaQueryList} still whether the person asks for less motion
   * @param {(elapsed: number) => void} onMoved called with every frame but those of less motion, ms after the one before
   */
  constructor(player, still, onMoved) {
    this.#player = player;
    this.#still = still;
    this.#onMoved = onMoved;
  }

  /** To be called when playing begins; it ends by itself. */
  start() {
    this.#last = performance.now();
    this.#ask();
  }

  #ask() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame((now) => {
      this.#waiting = false;
      this.#frame(now);
      if (this.#player.playing) this.#ask();
    });
  }

  /** @param {number} now ms */
  #frame(now) {
    const elapsed = now - this.#last;
    if (this.#still.matches) {
      if (elapsed < CALM_FRAME_MS) return;
      this.#last = now;
      this.#player.frame(elapsed, CALM_FRAME_MS);
      return;
    }
    this.#last = now;
    this.#player.frame(elapsed);
    if (this.#player.playing) this.#onMoved(elapsed);
  }
}
