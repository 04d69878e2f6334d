// For tests: a sweep whose workers count what they are asked.

import { Superseded } from './connection.js';
import { Pool } from './pool.js';
import { Sweeper } from './sweep.js';

/** @param {number} instances @param {number} seed @returns {any} */
export const config = (instances, seed = 42) => ({
  seed,
  model: { name: 'm', tp: null, latency_model: 'roofline' },
  cluster: { num_instances: instances },
  workload: { rate: 200 },
  instance: { max_num_running_reqs: 256 },
  routing: { snapshot_refresh_interval: 50_000 },
});

/** Answers every run with variant + seed, each after a moment. Can be interrupted like the engine's client. */
export class CountingClient {
  runs = 0;

  elapsedMs = 1;

  idle = true;

  life = 1;

  onIdle = () => {};

  /** Whether settings have been proposed to it that it has not answered yet. */
  proposing = false;

  run = 0;

  /** Variants that it refuses. @type {number[]} */
  refused = [];

  /** Most recent variants that it was told. @type {any[]} */
  variants = [];

  /** @type {((error: Error) => void)|null} */
  #interrupt = null;

  /** @param {any} work @param {(results: any[]) => void} onResults */
  sweep({ variants, tasks }, onResults) {
    if (variants.length > 0) this.variants = variants;
    this.idle = false;
    this.run += 1;
    return Promise.race([
      this.#runAll(this.run, tasks, onResults),
      new Promise((_resolve, reject) => {
        this.#interrupt = reject;
      }),
    ]).finally(() => {
      this.idle = !this.proposing;
    });
  }

  /** @param {number} run @param {any[]} tasks @param {(results: any[]) => void} onResults */
  async #runAll(run, tasks, onResults) {
    for (const { variant, seed } of tasks) {
      await new Promise((done) => setTimeout(done, 1));
      if (run !== this.run) return [];
      this.runs += 1;
      const figures = this.refused.includes(variant) ? null : { 'ttft-p99': variant + seed };
      onResults([{ variant, seed, figures, elapsedMs: this.elapsedMs }]);
    }
    return [];
  }

  cancel() {
    this.run += 1;
    this.#interrupt?.(new Superseded());
  }
}

/** @param {CountingClient[]} clients the first is that of the page's own runs */
export function sweeperOf(...clients) {
  const [main, ...shared] = /** @type {any[]} */ (clients);
  const left = [null, ...shared];
  const size = shared.length;
  return new Sweeper(new Pool({ main, size, backgroundTasks: clients.length, makeClient: () => left.shift() }));
}
