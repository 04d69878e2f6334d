// TTFT p99 over instance counts: many independent runs, spread over workers, reported one by one.

import { Superseded } from './client.js';

/** @import {Config, Sweep} from '../types.d.ts' */
/** @import {EngineClient} from './client.js' */

/** How many instance counts a sweep has. */
const POINTS = 16;

/** Seeds of the band, the current one included. */
const SEEDS = 5;

/** The further seeds are left out where one run takes longer than this, ms. */
const CHEAP_MS = 400;

/**
 * The instance counts around the current one, ascending: 1 to 16, or further out if the current one is.
 * @param {number} current
 * @returns {number[]}
 */
export function instanceCounts(current) {
  const last = current <= 12 ? POINTS : Math.ceil(current * 1.33);
  const first = last <= POINTS ? 1 : Math.floor(current * 0.5);
  const counts = new Set([current]);
  for (let i = 0; i < POINTS; i += 1) counts.add(Math.round(first + ((last - first) * i) / (POINTS - 1)));
  return [...counts].sort((a, b) => a - b);
}

/**
 * The order in which points are worth knowing: the current one, then its neighbours, outwards.
 * @param {number[]} counts
 * @param {number} current
 */
export function outwards(counts, current) {
  return [...counts].sort((a, b) => Math.abs(a - current) - Math.abs(b - current));
}

/**
 * The seeds of the band, as text: a seed may be larger than a number can hold.
 * @param {number|bigint} seed
 * @returns {(number|bigint)[]}
 */
export function seedsFrom(seed) {
  const step = typeof seed === 'bigint' ? 1n : 1;
  const seeds = [seed];
  for (let i = 1; i < SEEDS; i += 1) {
    const last = seeds[i - 1];
    // @ts-expect-error: `step` has the type of `seed`.
    seeds.push(last + step);
  }
  return seeds;
}

/**
 * What has to be the same for two sweeps to be the same.
 * @param {Config} config
 * @returns {string}
 */
export function sweepKey(config) {
  const counts = instanceCounts(config.cluster.num_instances);
  const base = { ...config, cluster: { ...config.cluster, num_instances: 0 } };
  const asText = (/** @type {string} */ _key, /** @type {unknown} */ value) => {
    if (typeof value === 'bigint') return value.toString();
    return value instanceof Map ? [...value] : value;
  };
  return JSON.stringify([counts, base], asText);
}

/** A sweep at a time; a new one replaces it. */
export class Sweeper {
  #clients;

  #generation = 0;

  /** @type {string|null} */
  #key = null;

  /** @param {EngineClient[]} clients */
  constructor(clients) {
    this.#clients = clients;
  }

  /**
   * Sweeps around a configuration, unless that is what was swept last.
   * @param {Config} config
   * @param {(sweep: Sweep) => void} onChange called with every new point
   * @returns {Promise<void>} settled when the sweep has ended or was replaced; fails if a run did
   */
  async sweep(config, onChange) {
    const key = sweepKey(config);
    if (key === this.#key) return;
    this.cancel();
    this.#key = key;
    const generation = this.#generation;
    const counts = instanceCounts(config.cluster.num_instances);
    const seeds = seedsFrom(config.seed);
    const order = outwards(counts, config.cluster.num_instances);
    const tasks = seeds.flatMap((seed) => order.map((instances) => ({ instances, seed })));
    /** @type {Sweep} */
    const sweep = {
      points: counts.map((instances) => ({ instances, bySeed: new Map() })),
      seed: String(config.seed),
      planned: tasks.length,
      finished: 0,
    };
    onChange({ ...sweep });
    const work = async (/** @type {EngineClient} */ client) => {
      for (let task = tasks.shift(); task && generation === this.#generation; task = tasks.shift()) {
        const { instances, seed } = task;
        const variant = { ...config, seed, cluster: { ...config.cluster, num_instances: instances } };
        const { ttftP99Ms, elapsedMs } = await client.ttftP99(/** @type {Config} */ (variant));
        if (generation !== this.#generation) return;
        sweep.points.find((point) => point.instances === instances)?.bySeed.set(String(seed), ttftP99Ms);
        sweep.finished += 1;
        if (elapsedMs > CHEAP_MS) dropFurtherSeeds(tasks, seeds[0], sweep);
        onChange({ ...sweep });
      }
    };
    try {
      await Promise.all(this.#clients.map(work));
    } catch (error) {
      if (error instanceof Superseded) return;
      if (generation === this.#generation) this.cancel();
      throw error;
    }
  }

  /** Ends the sweep under way. */
  cancel() {
    this.#generation += 1;
    this.#key = null;
    for (const client of this.#clients) client.cancel();
  }
}

/**
 * @param {{instances: number, seed: number|bigint}[]} tasks changed in place
 * @param {number|bigint} current
 * @param {Sweep} sweep
 */
function dropFurtherSeeds(tasks, current, sweep) {
  const kept = tasks.filter(({ seed }) => seed === current);
  sweep.planned -= tasks.length - kept.length;
  tasks.splice(0, tasks.length, ...kept);
}
