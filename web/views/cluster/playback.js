// The playback of the run that is shown, in a worker alone for the picture, so that a fork does not hold it up.

import { busiestUs, passageOf } from './opening_play.js';

/** @import {EngineClient} from '../../engine/client.js' */
/** @import {Config, PlaybackInfo} from '../../shared/types.d.ts' */

export class OpenPlayback {
  #client;

  /** The worker that has it open: a released one has taken it with it. */
  #openedIn = 0;

  /** @type {{config: Config, endUs: number}|null} */
  #run = null;

  #controller = new AbortController();

  /** @param {EngineClient} client */
  constructor(client) {
    this.#client = client;
  }

  /**
   * @param {{config: Config, endUs: number}} run
   * @returns {Promise<PlaybackInfo>} fails with `Superseded` when it is given up
   */
  open(run) {
    this.#run = run;
    this.#controller = new AbortController();
    return this.#openAgain(run);
  }

  /** @param {{config: Config, endUs: number}} run */
  async #openAgain(run) {
    // What the worker holds of an earlier, large run it cannot give back.
    this.#client.renewIfFat();
    const info = await this.#client.query('openPlayback', run, this.#controller.signal);
    this.#openedIn = this.#client.life;
    return info;
  }

  async #ready() {
    const open = this.#openedIn === this.#client.life && !this.#client.released;
    if (!open && this.#run !== null) await this.#openAgain(this.#run);
  }

  /** @param {number} timeUs */
  momentAt(timeUs) {
    const moment = () => this.#client.query('moment', timeUs);
    const open = this.#openedIn === this.#client.life && !this.#client.released;
    // While time runs, a frame is not spent on waiting for nothing.
    return open ? moment() : this.#ready().then(moment);
  }

  /**
   * The play of the arrivals.
   * @param {PlaybackInfo} info
   */
  async passage(info) {
    await this.#ready();
    const arrivedUs = await this.#client.query('arrivals', info.seconds, this.#controller.signal);
    return passageOf(arrivedUs, busiestUs(info));
  }

  /** Gives up what is being opened. */
  stop() {
    this.#controller.abort();
  }
}
