// The figures over values of one setting: many independent runs, spread over workers, reported one by one.

import { figuresOf } from '../metrics.js';
import { axisOf } from './axes.js';
import { RefusedSettings, Superseded } from './client.js';

/** @import {Catalog, Config, Sweep} from '../types.d.ts' */
/** @import {SweepAxis} from './axes.js' */
/** @import {EngineClient} from './client.js' */

/** Seeds of the band, the current one included. */
const SEEDS = 5;

/** The further seeds are left out where one run takes longer than this, ms. */
const CHEAP_MS = 400;

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
 * @param {number} many
 * @returns {(number|bigint)[]}
 */
export function seedsFrom(seed, many = SEEDS) {
  const step = typeof seed === 'bigint' ? 1n : 1;
  const seeds = [seed];
  for (let i = 1; i < many; i += 1) {
    const last = seeds[i - 1];
    // @ts-expect-error: `step` has the type of `seed`.
    seeds.push(last + step);
  }
  return seeds;
}

/**
 * What has to be the same for two sweeps to be the same.
 * @param {Config} config
 * @param {SweepAxis} axis
 * @param {Catalog|null} catalog
 * @returns {string}
 */
export function sweepKey(config, axis = axisOf(''), catalog = null) {
  const values = axis.values(config, catalog);
  const base = axis.put(config, values[0]);
  const asText = (/** @type {string} */ _key, /** @type {unknown} */ value) => {
    if (typeof value === 'bigint') return value.toString();
    return value instanceof Map ? [...value] : value;
  };
  return JSON.stringify([axis.id, values, base], asText);
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
   * @param {SweepAxis} axis what is varied
   * @param {Catalog|null} catalog
   * @returns {Promise<void>} settled when the sweep has ended or was replaced; fails if a run did
   */
  async sweep(config, onChange, axis = axisOf(''), catalog = null) {
    const key = sweepKey(config, axis, catalog);
    if (key === this.#key) return;
    this.cancel();
    this.#key = key;
    const generation = this.#generation;
    const values = axis.values(config, catalog);
    const seeds = seedsFrom(config.seed);
    const order = outwards(values, axis.current(config, catalog));
    const tasks = seeds.flatMap((seed) => order.map((at) => ({ at, seed })));
    /** @type {Sweep} */
    const sweep = {
      axis: axis.id,
      points: values.map((at) => ({ at, bySeed: new Map() })),
      seed: String(config.seed),
      planned: tasks.length,
      finished: 0,
    };
    onChange({ ...sweep });
    const work = async (/** @type {EngineClient} */ client) => {
      for (let task = tasks.shift(); task && generation === this.#generation; task = tasks.shift()) {
        const { at, seed } = task;
        const variant = /** @type {Config} */ ({ ...axis.put(config, at), seed });
        const measured = await figuresOrNull(client, variant);
        if (generation !== this.#generation) return;
        if (measured === null) {
          dropValue(tasks, at, sweep);
        } else {
          sweep.points.find((point) => point.at === at)?.bySeed.set(String(seed), measured.figures);
          sweep.finished += 1;
          if (measured.elapsedMs > CHEAP_MS) dropFurtherSeeds(tasks, seeds[0], sweep);
        }
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
 * The figures of a run; null where the engine refuses the setting, as where a model does not fit a GPU at a low TP.
 * @param {EngineClient} client
 * @param {Config} config
 */
async function figuresOrNull(client, config) {
  try {
    const { summary, elapsedMs } = await client.measure(config);
    return { figures: figuresOf(summary), elapsedMs };
  } catch (error) {
    if (error instanceof RefusedSettings) return null;
    throw error;
  }
}

/**
 * Takes a value out of the sweep that the engine refuses.
 * @param {{at: number, seed: number|bigint}[]} tasks changed in place
 * @param {number} refused
 * @param {Sweep} sweep
 */
function dropValue(tasks, refused, sweep) {
  const kept = tasks.filter(({ at }) => at !== refused);
  sweep.planned -= tasks.length - kept.length + 1;
  sweep.points = sweep.points.filter(({ at }) => at !== refused);
  tasks.splice(0, tasks.length, ...kept);
}

/**
 * @param {{at: number, seed: number|bigint}[]} tasks changed in place
 * @param {number|bigint} current
 * @param {Sweep} sweep
 */
function dropFurtherSeeds(tasks, current, sweep) {
  const kept = tasks.filter(({ seed }) => seed === current);
  sweep.planned -= tasks.length - kept.length;
  tasks.splice(0, tasks.length, ...kept);
}
