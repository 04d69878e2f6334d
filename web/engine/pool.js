// Several engines that share a list of searches: the next free one takes the next.

import { EngineClient, Superseded } from './client.js';

/** @import {SizeReport, SizeWork} from '../shared/types.d.ts' */

/** Most workers of a pool: more would take the machine away from everything else. */
const MAX_WORKERS = 4;

/** How many workers are worth having here; they share the cores with the page, which has little to do meanwhile. */
export function workerCount() {
  return Math.min(Math.max(navigator.hardwareConcurrency ?? 1, 1), MAX_WORKERS);
}

/**
 * @typedef {object} Waiting
 * @property {SizeWork} work
 * @property {(report: SizeReport) => void} onReport
 * @property {(report: SizeReport) => void} resolve
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
   * The answer of a search; searches are taken in the order of asking as engines become free.
   * @param {SizeWork} work
   * @param {(report: SizeReport) => void} onReport
   * @returns {Promise<SizeReport>}
   */
  size(work, onReport) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, onReport, resolve, reject });
      this.#next();
    });
  }

  #next() {
    const client = this.#free.pop();
    if (!client) return;
    const search = this.#waiting.shift();
    if (!search) {
      this.#free.push(client);
      return;
    }
    client
      .size(search.work, search.onReport)
      .then(search.resolve, search.reject)
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
