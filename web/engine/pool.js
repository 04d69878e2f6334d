// Several engines that share a list of runs: the next free one takes the next run.

import { EngineClient, Superseded } from './client.js';

/** @import {Config, Limits, Measurement} from '../types.d.ts' */

/** Most workers of a pool: more would take the machine away from everything else. */
const MAX_WORKERS = 4;

/** How many workers are worth having here; they share the cores with the page, which has little to do meanwhile. */
export function workerCount() {
  return Math.min(Math.max(navigator.hardwareConcurrency ?? 1, 1), MAX_WORKERS);
}

/**
 * @typedef {object} Waiting
 * @property {Config} config
 * @property {Limits|undefined} limits
 * @property {(measurement: Measurement) => void} resolve
 * @property {(error: unknown) => void} reject
 */

export class Pool {
  #clients;

  /** @type {Waiting[]} */
  #waiting = [];

  /** @type {EngineClient[]} */
  #free;

  /** @param {EngineClient[]} clients */
  constructor(clients = Array.from({ length: workerCount() }, () => new EngineClient())) {
    this.#clients = clients;
    this.#free = [...clients];
  }

  /**
   * The figures of a run, in the order of asking as engines become free.
   * @param {Config} config
   * @param {Limits} [limits] what each request should keep to
   * @returns {Promise<Measurement>}
   */
  measure(config, limits) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ config, limits, resolve, reject });
      this.#next();
    });
  }

  #next() {
    const client = this.#free.pop();
    if (!client) return;
    const run = this.#waiting.shift();
    if (!run) {
      this.#free.push(client);
      return;
    }
    client
      .measure(run.config, run.limits)
      .then(run.resolve, run.reject)
      .finally(() => {
        this.#free.push(client);
        this.#next();
      });
  }

  /** Gives up everything that has not been answered. */
  cancel() {
    for (const { reject } of this.#waiting.splice(0)) reject(new Superseded());
    for (const client of this.#clients) client.cancel();
  }
}
