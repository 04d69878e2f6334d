// What a sweep has to run, and in which order it is worth knowing.

import { axisOf } from './axes.js';

/** @import {Catalog, Config, SweepTask} from '../shared/types.d.ts' */
/** @import {SweepAxis} from './axes.js' */

/** Seeds of the band, the current one included. */
export const SEEDS = 20;

/**
 * The order in which points are worth knowing: the current one, then its neighbours, outwards.
 * @param {number[]} values
 * @param {number} current
 */
export function outwards(values, current) {
  return [...values].sort((a, b) => Math.abs(a - current) - Math.abs(b - current));
}

/**
 * The seeds of the band; after the largest comes the smallest, as in the engine's own series.
 * @param {number|bigint} seed of 64 bits, may be beyond what a number can hold
 * @param {number} count
 * @returns {(number|bigint)[]} numbers where they are exact
 */
export function seedsFrom(seed, count = SEEDS) {
  return Array.from({ length: count }, (_unused, i) => {
    const next = BigInt.asIntN(64, BigInt(seed) + BigInt(i));
    return Number.isSafeInteger(Number(next)) ? Number(next) : next;
  });
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
  const base = axis.put(config, values[0], catalog);
  const asText = (/** @type {string} */ _key, /** @type {unknown} */ value) => {
    if (typeof value === 'bigint') return value.toString();
    return value instanceof Map ? [...value] : value;
  };
  return JSON.stringify([axis.id, values, base], asText);
}

/**
 * Portions of work for workers that take one whenever they are free. A seed stays together, so that its requests are
 * generated once; only of the first seed, which is waited for, and of the last ones every worker takes a part.
 * @param {number[]} order of the variants
 * @param {(number|bigint)[]} seeds
 * @param {number} workers
 * @returns {SweepTask[][]}
 */
export function portions(order, seeds, workers) {
  return seeds.flatMap((seed, at) => {
    const shared = at === 0 || at > seeds.length - workers;
    const parts = Array.from({ length: shared ? workers : 1 }, () => /** @type {SweepTask[]} */ ([]));
    order.forEach((variant, place) => parts[place % parts.length].push({ variant, seed }));
    return parts.filter((part) => part.length > 0);
  });
}
