// The engine in workers, for programs that must not stand still: promises, progress, signals, and nothing to free.

import { Connection, EngineFailure, NotHandedOver, RefusedSettings } from '../../../../web/engine/connection.js';
import { ConfigError } from '../../config_error.js';
import { hidden, problem } from './hidden.js';

/** A worker that holds more than this is replaced when it is idle: the memory of WebAssembly cannot shrink. */
const FAT_BYTES = 256 * 2 ** 20;

/** @typedef {import('../../../../web/engine/connection.js').WorkerLike} WorkerLike */
/** @typedef {{signal?: AbortSignal, onProgress?: (progress: any) => void}} Listening */
/** @typedef {Listening & {operation: string, argument: unknown, resolve: (value: any) => void, reject: (reason: unknown) => void}} Job */

/** What waits for a worker, and the workers. */
export class Client {
  /** @type {Connection[]} */
  #lines;

  /** @type {Job[]} */
  #waiting = [];

  #closed = false;

  /**
   * @param {() => WorkerLike} start
   * @param {number} workers how many there are at most; each starts when it is needed
   */
  constructor(start, workers) {
    if (!Number.isInteger(workers) || workers < 1)
      throw new RangeError(`workers: got ${workers}, expected a whole number of at least 1`);
    this.#lines = Array.from({ length: workers }, () => new Connection({ start, fatBytes: FAT_BYTES }));
    for (const line of this.#lines) line.onIdle = () => this.#next();
  }

  /**
   * @param {unknown} config
   * @param {Listening & {columns?: readonly string[], limits?: boolean}} [options]
   */
  async simulate(config, { columns = [], limits = false, ...listening } = {}) {
    const names = [...columns];
    refuseHidden(config);
    refuseHidden(names, 'columns');
    return this.#ask('simulate', { config, columns: names, limits }, listening);
  }

  /**
   * @param {readonly unknown[]} variants
   * @param {Iterable<number|bigint>} seeds
   * @param {Listening} [options]
   */
  async sweep(variants, seeds, { signal, onProgress } = {}) {
    const configs = [...variants];
    const all = [...seeds];
    for (const config of configs) refuseHidden(config);
    for (const seed of all) refuseHidden(seed, 'seed');
    const total = configs.length * all.length;
    let finished = 0;
    const one = () => {
      finished += 1;
      onProgress?.({ finished, total });
    };
    // A seed at a time: variants that differ in the cluster alone share its requests. What fails ends the others.
    const end = new AbortController();
    const giveUp = () => end.abort(signal?.reason);
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    const ofSeed = (/** @type {number|bigint} */ seed) =>
      this.#ask('sweep', { variants: configs, seed }, { signal: end.signal, onProgress: one });
    try {
      const bySeed = await Promise.all(all.map(ofSeed));
      return configs.map((_, variant) => bySeed.map((runs) => runs[variant]));
    } catch (error) {
      end.abort(error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  close() {
    this.#closed = true;
    const reason = new DOMException('the client was closed', 'AbortError');
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    for (const line of this.#lines) line.close();
  }

  /**
   * @param {string} operation
   * @param {unknown} argument
   * @param {Listening} listening
   * @returns {Promise<any>}
   */
  #ask(operation, argument, { signal, onProgress }) {
    if (this.#closed) return Promise.reject(new DOMException('the client was closed', 'AbortError'));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const job = { operation, argument, signal, onProgress, resolve, reject };
      const abort = () => {
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settled = () => signal?.removeEventListener('abort', abort);
      job.resolve = (value) => (settled(), resolve(value));
      job.reject = (reason) => (settled(), reject(reason));
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** Gives what waits to the workers that are free. */
  #next() {
    for (const line of this.#lines) {
      if (this.#waiting.length === 0) return;
      if (!line.idle) continue;
      const { operation, argument, resolve, reject, ...listening } = /** @type {Job} */ (this.#waiting.shift());
      line.askNewest(operation, argument, listening).then(resolve, (error) => reject(asThrown(error, this.#closed)));
    }
  }
}

/**
 * @param {unknown} error of the connection
 * @param {boolean} closed
 */
function asThrown(error, closed) {
  if (error instanceof RefusedSettings) return new ConfigError(error.problem);
  // What looks like plain data and cannot be copied all the same: a proxy, such as the reactive objects of frameworks.
  if (error instanceof NotHandedOver)
    return new ConfigError(problem('configuration', 'an object', `plain data, which can be copied (${error.message})`));
  return closed && !(error instanceof EngineFailure) ? new DOMException('the client was closed', 'AbortError') : error;
}

/**
 * Copies lose what is not their own: it has to be noticed on this side.
 * @param {unknown} value
 * @param {string} [path]
 */
function refuseHidden(value, path) {
  const found = hidden(value, path);
  if (found) throw new ConfigError(found);
}
