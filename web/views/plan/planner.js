// How many instances are needed, for each number of GPUs per instance; and how high a rate the present cluster takes. The
// engine searches, in one worker per question; this keeps what they have found.

import { TENSOR_PARALLEL, tensorParallel, withGpu } from '../../engine/axes.js';
import { Superseded } from '../../engine/client.js';
import { PRIORITY } from '../../engine/pool.js';
import { PLAN_REQUESTS } from '../../shared/budgets.js';
import { engineTargets } from './targets.js';

/** @import {Pool} from '../../engine/pool.js' */
/** @import {Answer, Row, SearchProgress} from '#engine' */
/** @import {Catalog, Config, Pair, Setting} from '../../shared/types.d.ts' */
/** @import {Targets} from './targets.js' */

/**
 * A question and what is known of its answer.
 * @typedef {object} Search
 * @property {string|null} gpu that is tried; null for that of the settings
 * @property {number|null} tp GPUs per instance; null for the highest rate
 * @property {Row|null} row null until its worker has reported
 * @property {SearchProgress|null} progress
 */

/**
 * @typedef {object} SizingPlan
 * @property {Config} config
 * @property {Targets} targets
 * @property {'running'|'done'|'cancelled'|'estimated'} status estimated: it takes more than is simulated unasked
 * @property {string[]} gpus that are tried; none for that of the settings
 * @property {Search[]} sizes by GPU, then by TP, ascending
 * @property {Search} rate
 */

/**
 * The latency targets that count, by class: those of the settings, or what the engine proposes where there are none.
 * Empty before the first search has looked at the requests.
 * @param {SizingPlan} plan
 * @returns {Record<string, import('#engine').SloTarget>}
 */
export function latencyTargets({ sizes, rate }) {
  const looked = [...sizes, rate].find(({ row }) => row && Object.keys(row.targets).length > 0);
  return looked?.row?.targets ?? {};
}

/** Requests simulated so far. @param {SizingPlan} plan */
export function simulated({ sizes, rate }) {
  return [...sizes, rate].reduce((sum, { progress }) => sum + (progress?.simulated_requests ?? 0), 0);
}

/** Requests that the whole plan takes, by what is known so far. @param {SizingPlan} plan */
export function expected({ sizes, rate }) {
  return [...sizes, rate].reduce((sum, { progress }) => sum + (progress?.expected_requests ?? 0), 0);
}

/** @param {number|null} tp @param {string|null} [gpu] @returns {Search} */
const unanswered = (tp, gpu = null) => ({ gpu, tp, row: null, progress: null });

export class Planner {
  #pool;

  /** Of the search under way. */
  #controller = new AbortController();

  /** @type {SizingPlan|null} */
  #plan = null;

  #onChange;

  /** @type {Catalog|null} */
  #catalog = null;

  /**
   * @param {Pool} pool
   * @param {(plan: SizingPlan) => void} onChange called with everything new
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
   * @param {{asked?: boolean, gpus?: string[]}} [options] whether a person has asked for it, whatever it costs; GPUs to try
   */
  async search(config, targets, catalog, { asked = true, gpus = [] } = {}) {
    this.cancel();
    const { signal } = this.#controller;
    const tps = [...new Set([...TENSOR_PARALLEL, tensorParallel(config, catalog)])].sort((a, b) => a - b);
    /** @type {SizingPlan} */
    const plan = {
      config,
      targets,
      gpus,
      status: 'running',
      sizes: (gpus.length > 0 ? gpus : [null]).flatMap((gpu) => tps.map((tp) => unanswered(tp, gpu))),
      rate: unanswered(null),
    };
    this.#catalog = catalog;
    this.#plan = plan;
    this.#tell();
    try {
      await Promise.all([...plan.sizes, plan.rate].map((search) => this.#ask(plan, search, asked, signal)));
      const complete = [...plan.sizes, plan.rate].every(({ progress }) => progress?.done);
      plan.status = complete ? 'done' : 'estimated';
    } catch (error) {
      if (!(error instanceof Superseded)) {
        if (!signal.aborted) this.cancel();
        throw error;
      }
      plan.status = 'cancelled';
    }
    if (!signal.aborted) this.#tell();
  }

  /** Ends the search under way; what it has found stays. */
  cancel() {
    if (this.#plan?.status !== 'running') return;
    this.#plan.status = 'cancelled';
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#tell();
  }

  #tell() {
    if (this.#plan) this.#onChange({ ...this.#plan });
  }

  /**
   * @param {SizingPlan} plan
   * @param {Search} search
   * @param {boolean} asked
   * @param {AbortSignal} signal
   */
  async #ask(plan, search, asked, signal) {
    const { gpu } = search;
    const work = {
      config: gpu === null ? plan.config : withGpu(plan.config, gpu, this.#catalog),
      tp: search.tp,
      targets: engineTargets(plan.targets),
      budget: asked ? null : Math.floor(PLAN_REQUESTS / Math.max(plan.gpus.length, 1)),
    };
    const take = (/** @type {import('../../shared/types.d.ts').SizeReport} */ { row, progress }) => {
      if (signal.aborted) return;
      search.row = row;
      search.progress = progress;
      this.#tell();
    };
    take(await this.#pool.run((client) => client.size(work, take), { priority: PRIORITY.search, signal }));
  }
}

/**
 * The answers in the order of what they cost: dollars where several GPUs with a price are tried, fewest GPUs, then the
 * shortest of the latencies that have a target.
 * @param {SizingPlan} plan
 * @returns {{search: Search, answer: Answer}[]}
 */
export function byCost({ sizes }) {
  return sizes
    .flatMap((search) => (search.row?.answer ? [{ search, answer: search.row.answer }] : []))
    .sort(
      ({ answer: a }, { answer: b }) =>
        dearer(a.usd_per_hour, b.usd_per_hour) || a.gpus - b.gpus || a.leading_p99_ms - b.leading_p99_ms,
    );
}

/**
 * A known price goes before none.
 * @param {number|null|undefined} a
 * @param {number|null|undefined} b
 */
function dearer(a, b) {
  const [one, other] = [a ?? Infinity, b ?? Infinity];
  return one === other ? 0 : one - other;
}

/** Settings that no plan is made for: what happens to a cluster in the middle of a run. */
const EVENTS = ['cluster.kills', 'workload.bursts'];

/**
 * Those of the settings that a plan is made for.
 * @param {Pair[]} pairs
 * @param {Pick<Setting, 'key'|'path'>[]} schema
 */
export function plannedPairs(pairs, schema) {
  const events = schema.filter(({ path }) => EVENTS.includes(path)).map(({ key }) => key);
  return pairs.filter(([key]) => !events.includes(key));
}
