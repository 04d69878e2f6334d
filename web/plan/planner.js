// How many instances are needed, for each number of GPUs per instance; and how high a rate the present cluster sustains.

import { acceptedTensorParallel, axisOf } from '../engine/axes.js';
import { RefusedSettings, Superseded } from '../engine/client.js';
import { seedsFrom } from '../engine/sweep_tasks.js';
import { limitsOf, missed } from './targets.js';
import { highest, smallest, steadyFrom, steadyUpTo } from './search.js';

/** @import {Catalog, Config, Measurement} from '../types.d.ts' */
/** @import {Pool} from '../engine/pool.js' */
/** @import {Targets} from './targets.js' */

/** Clusters beyond this are not looked at. */
export const MOST_INSTANCES = 64;

/** After a run that misses and takes longer than this, its value's other seeds are left out, ms. */
const CHEAP_MS = 400;

/** The curve has its knee where more instances bring less than a tenth. */
const FLAT = 1.1;

/**
 * A value that was tried: its runs, one per seed.
 * @typedef {object} Probe
 * @property {number} at instances, or requests per second
 * @property {Measurement[]} runs
 * @property {string[]} misses what at least one of them misses
 */

/**
 * @typedef {object} SizeSearch
 * @property {number} tp
 * @property {'searching'|'found'|'unreachable'|'refused'} status
 * @property {number|null} instances
 * @property {number|null} knee instances from which on more bring less than a tenth of TTFT p99
 * @property {string} error the engine's message if the settings are refused
 * @property {Probe[]} probes ascending
 * @property {number[]} exceptions counts that fail although fewer pass, or pass although more fail
 */

/**
 * @typedef {object} RateSearch
 * @property {'searching'|'found'|'unreachable'|'unlimited'|'refused'|'pointless'} status
 * @property {number} instances
 * @property {number|null} rate requests per second
 * @property {string} error
 * @property {Probe[]} probes ascending
 * @property {number[]} exceptions rates that fail although a higher one passes
 */

/**
 * @typedef {object} Plan
 * @property {Config} config
 * @property {Targets} targets
 * @property {'running'|'done'|'cancelled'} status
 * @property {number} runs simulations so far
 * @property {SizeSearch[]} sizes by TP, ascending
 * @property {RateSearch} rate
 */

/** Whether the rate is what the requests come by. @param {Config} config */
export function hasRate({ workload }) {
  return workload.concurrency === 0 && workload.spec === null && workload.requests === null;
}

/**
 * The mean TTFT p99 over the seeds that were run.
 * @param {Probe} probe
 */
function meanTtft({ runs }) {
  return runs.reduce((sum, { summary }) => sum + summary.ttft.p99_ms, 0) / runs.length;
}

export class Planner {
  #pool;

  #generation = 0;

  /** @type {Plan|null} */
  #plan = null;

  #onChange;

  /**
   * @param {Pool} pool
   * @param {(plan: Plan) => void} onChange called with everything new
   */
  constructor(pool, onChange) {
    this.#pool = pool;
    this.#onChange = onChange;
  }

  /**
   * Searches; a search under way is given up for this one.
   * @param {Config} config
   * @param {Targets} targets
   * @param {Catalog|null} catalog
   */
  async search(config, targets, catalog) {
    this.cancel();
    this.#generation += 1;
    const generation = this.#generation;
    const sizes = acceptedTensorParallel(config, catalog).map((tp) => this.#size(tp));
    const rate = this.#rate(config);
    const plan = /** @type {Plan} */ ({ config, targets, status: 'running', runs: 0, sizes, rate });
    this.#plan = plan;
    this.#tell();
    try {
      await Promise.all([...sizes.map((size) => this.#searchSize(plan, size)), this.#searchRate(plan)]);
      plan.status = 'done';
    } catch (error) {
      if (!(error instanceof Superseded)) {
        if (generation === this.#generation) this.cancel();
        throw error;
      }
      plan.status = 'cancelled';
    }
    if (generation === this.#generation) this.#tell();
  }

  /** Ends the search under way; what it has found stays. */
  cancel() {
    if (this.#plan?.status !== 'running') return;
    this.#generation += 1;
    this.#plan.status = 'cancelled';
    this.#pool.cancel();
    this.#tell();
  }

  #tell() {
    if (this.#plan) this.#onChange({ ...this.#plan });
  }

  /** @param {number} tp @returns {SizeSearch} */
  #size(tp) {
    return { tp, status: 'searching', instances: null, knee: null, error: '', probes: [], exceptions: [] };
  }

  /** @param {Config} config @returns {RateSearch} */
  #rate(config) {
    const status = hasRate(config) ? 'searching' : 'pointless';
    return { status, instances: config.cluster.num_instances, rate: null, error: '', probes: [], exceptions: [] };
  }

  /**
   * @param {Plan} plan
   * @param {SizeSearch} size
   */
  async #searchSize(plan, size) {
    const withTp = axisOf('tp').put(plan.config, size.tp);
    const probe = (/** @type {number} */ count) =>
      this.#probe(plan, size, count, axisOf('instances').put(withTp, count));
    const passes = async (/** @type {number} */ count) => (await probe(count)).misses.length === 0;
    try {
      const border = await smallest(passes, MOST_INSTANCES);
      if (border !== null) {
        const { value, exceptions } = await steadyFrom(passes, border, MOST_INSTANCES);
        size.instances = value;
        size.exceptions = exceptions;
      }
      size.status = size.instances === null ? 'unreachable' : 'found';
      this.#tell();
      const top = Math.min(size.instances === null ? MOST_INSTANCES : Math.max(2 * size.instances, 4), MOST_INSTANCES);
      const floor = meanTtft(await probe(top));
      const knee = await smallest(async (count) => meanTtft(await probe(count)) <= floor * FLAT, top);
      size.knee = knee !== null && knee < top ? knee : null;
      this.#tell();
    } catch (error) {
      this.#refuse(size, error);
    }
  }

  /** @param {Plan} plan */
  async #searchRate(plan) {
    const { rate, config } = plan;
    if (rate.status === 'pointless') return;
    const probe = (/** @type {number} */ value) => this.#probe(plan, rate, value, axisOf('rate').put(config, value));
    const passes = async (/** @type {number} */ value) => (await probe(value)).misses.length === 0;
    try {
      const { passed, failed } = await highest(passes, config.workload.rate);
      const steady = passed === null ? { value: null, exceptions: [] } : await steadyUpTo(passes, passed);
      rate.rate = steady.value;
      rate.exceptions = steady.exceptions;
      if (steady.value === null) rate.status = 'unreachable';
      else rate.status = failed === null ? 'unlimited' : 'found';
      this.#tell();
    } catch (error) {
      this.#refuse(rate, error);
    }
  }

  /**
   * What the engine does not accept is a finding; everything else is passed on.
   * @param {SizeSearch|RateSearch} search
   * @param {unknown} error
   */
  #refuse(search, error) {
    if (!(error instanceof RefusedSettings)) throw error;
    search.status = 'refused';
    search.error = error.message;
    this.#tell();
  }

  /**
   * Runs a value with all seeds, unless that has been done.
   * @param {Plan} plan
   * @param {SizeSearch|RateSearch} search
   * @param {number} at
   * @param {Config} config
   * @returns {Promise<Probe>}
   */
  async #probe(plan, search, at, config) {
    const known = search.probes.find((probe) => probe.at === at);
    if (known) return known;
    const { targets } = plan;
    const run = async (/** @type {number|bigint} */ seed) => {
      // A run that was answered just before the search was given up must not start the next one.
      if (plan.status !== 'running') throw new Superseded();
      const variant = /** @type {Config} */ ({ ...config, seed });
      const measurement = await this.#pool.measure(variant, limitsOf(targets));
      plan.runs += 1;
      return measurement;
    };
    const [first, ...others] = seedsFrom(config.seed, targets.seeds);
    const runs = [await run(first)];
    const hopeless = missed(runs[0], targets).length > 0 && runs[0].elapsedMs > CHEAP_MS;
    if (!hopeless) runs.push(...(await Promise.all(others.map(run))));
    const probe = { at, runs, misses: [...new Set(runs.flatMap((measurement) => missed(measurement, targets)))] };
    search.probes = [...search.probes, probe].sort((a, b) => a.at - b.at);
    this.#tell();
    return probe;
  }
}

/**
 * The cheapest of what was found: fewest GPUs, then fewest per instance.
 * @param {Plan} plan
 * @returns {SizeSearch|null}
 */
export function fewestGpus({ sizes }) {
  const found = sizes.filter(({ instances }) => instances !== null);
  const gpus = (/** @type {SizeSearch} */ { instances, tp }) => (instances ?? Infinity) * tp;
  return found.reduce(
    (/** @type {SizeSearch|null} */ best, size) => (best && gpus(best) <= gpus(size) ? best : size),
    null,
  );
}
