// The figures over values of one setting: many independent runs, spread over workers, reported as they are done.

import { ASKED_SWEEP_BYTES, CURVE_REQUESTS, SWEEP_BYTES, SWEEP_REQUESTS } from '../shared/budgets.js';
import { axisOf } from './axes.js';
import { EngineFailure, Superseded } from './client.js';
import { PRIORITY } from './pool.js';
import { outwards, portions, SEEDS, seedsFrom, sweepKey } from './sweep_tasks.js';

/** @import {Catalog, Config, Estimate, Sweep, SweepResult, SweepTask} from '../shared/types.d.ts' */
/** @import {SweepAxis} from './axes.js' */
/** @import {EngineClient} from './client.js' */
/** @import {Pool} from './pool.js' */

/** The further seeds are left out where half of the current one's runs take longer than this, ms. */
const CHEAP_MS = 100;

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** A sweep under way: what is left to do, and what is known. */
class Job {
  /** Settled when all is known, or when it was stopped or given up. @type {Promise<void>} */
  done = Promise.resolve();

  /** Portions that are under way, or wait for a worker. */
  asked = 0;

  /** Most portions at a time. */
  workers;

  /** Workers that have broken down over it. */
  failures = 0;

  /** Which workers have the variants: the lives of their clients. @type {Map<EngineClient, number>} */
  #informed = new Map();

  #controller = new AbortController();

  /** @type {() => void} */
  #finish = () => {};

  /** @type {(error: unknown) => void} */
  #fail = () => {};

  /** @type {SweepTask[][]} */
  #portions;

  #number;

  #variants;

  #seeds;

  #values;

  /** Times of the current seed's runs by variant, ms. @type {Map<number, number>} */
  #costs = new Map();

  /** Variants that the engine has refused. @type {Set<number>} */
  #refused = new Set();

  /**
   * @param {number} number of the sweep, for the workers
   * @param {string} key
   * @param {Config} config
   * @param {SweepAxis} axis
   * @param {{catalog: Catalog|null, estimate: Estimate|null, workers: number, onChange: (sweep: Sweep) => void}} options
   */
  constructor(number, key, config, axis, { catalog, estimate, workers, onChange }) {
    this.#number = number;
    this.key = key;
    this.onChange = onChange;
    this.#values = axis.values(config, catalog);
    const curve = (estimate?.requests ?? 0) * this.#values.length;
    const unasked = curve <= CURVE_REQUESTS;
    const fitting = Math.floor((unasked ? SWEEP_BYTES : ASKED_SWEEP_BYTES) / (estimate?.bytes ?? 1));
    this.workers = Math.min(Math.max(fitting, 1), workers);
    this.#seeds = seedsFrom(config.seed, curve * SEEDS > SWEEP_REQUESTS ? 1 : SEEDS);
    this.#variants = this.#values.map((value) => axis.put(config, value, catalog));
    const order = outwards(this.#values, axis.current(config, catalog)).map((value) => this.#values.indexOf(value));
    this.#portions = portions(order, this.#seeds, this.workers);
    /** @type {Sweep} */
    this.sweep = {
      config,
      axis: axis.id,
      points: this.#values.map((at) => ({ at, bySeed: new Map() })),
      seed: String(config.seed),
      planned: this.#values.length * this.#seeds.length,
      finished: 0,
      status: 'offered',
      seconds: ((estimate?.seconds ?? 0) * this.#values.length * this.#seeds.length) / this.workers,
    };
    if (unasked) this.resume();
  }

  /** Begins, or goes on where it was stopped. */
  resume() {
    if (this.sweep.status === 'running' || this.sweep.status === 'done') return;
    this.sweep.status = 'running';
    this.#controller = new AbortController();
    this.done = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
  }

  /** Leaves the rest undone until it is resumed. */
  stop() {
    if (this.sweep.status !== 'running') return;
    this.sweep.status = 'stopped';
    this.#controller.abort();
    this.#finish();
    this.tell();
  }

  /** Tells how it stands. */
  tell() {
    this.onChange({ ...this.sweep });
  }

  /** The next portion, undefined if there is none. */
  take() {
    return this.isOpen ? this.#portions.shift() : undefined;
  }

  /**
   * Sends a portion to a worker; the variants go to each only once.
   * @param {EngineClient} client
   * @param {SweepTask[]} tasks
   * @param {(results: SweepResult[]) => void} note
   */
  ask(client, tasks, note) {
    const variants = this.#informed.get(client) === client.life ? [] : this.#variants;
    const answer = client.sweep({ sweep: this.#number, variants, tasks }, note);
    // By now there is a worker, if there was none.
    this.#informed.set(client, client.life);
    return answer;
  }

  /** Tells its portions that they are no longer wanted. */
  get signal() {
    return this.#controller.signal;
  }

  /**
   * What a worker had to leave undone.
   * @param {SweepTask[]} tasks
   */
  giveBack(tasks) {
    if (tasks.length > 0) this.#portions.unshift(tasks);
  }

  /** @param {SweepResult[]} results */
  note(results) {
    if (results.length === 0) return;
    for (const { variant, seed, figures, elapsedMs } of results) {
      if (figures === null) this.#refused.add(variant);
      else this.#point(variant)?.bySeed.set(String(seed), figures);
      if (figures !== null && seed === this.#seeds[0]) this.#costs.set(variant, elapsedMs);
    }
    if (this.#isFirstSeedKnown && median([...this.#costs.values()]) > CHEAP_MS) this.#seeds = this.#seeds.slice(0, 1);
    this.#dropNeedless();
    if (this.sweep.finished >= this.sweep.planned) this.sweep.status = 'done';
    this.tell();
  }

  /** Whether there is something for a worker to take: the further seeds wait until it is known what a run costs. */
  get isOpen() {
    const next = this.sweep.status === 'running' ? this.#portions[0]?.[0] : undefined;
    return next !== undefined && (next.seed === this.#seeds[0] || this.#isFirstSeedKnown);
  }

  get #isFirstSeedKnown() {
    return this.#costs.size + this.#refused.size >= this.#values.length;
  }

  /** Ends when nothing is left to do or under way. */
  finishIfDone() {
    if (this.#portions.length === 0 && this.asked === 0) this.#finish();
  }

  giveUp() {
    this.#portions = [];
    this.#controller.abort();
    this.#finish();
  }

  /** @param {unknown} error */
  fail(error) {
    this.#fail(error);
    this.giveUp();
  }

  /** @param {number} variant */
  #point(variant) {
    return this.sweep.points.find(({ at }) => at === this.#values[variant]);
  }

  /** Takes out the values that the engine refuses, and the seeds that are too dear. */
  #dropNeedless() {
    const wanted = (/** @type {SweepTask} */ { variant, seed }) =>
      !this.#refused.has(variant) && this.#seeds.includes(seed);
    this.#portions = this.#portions.map((part) => part.filter(wanted)).filter((part) => part.length > 0);
    const refused = new Set([...this.#refused].map((variant) => this.#values[variant]));
    const { sweep } = this;
    sweep.points = sweep.points.filter(({ at }) => !refused.has(at));
    sweep.planned = sweep.points.length * this.#seeds.length;
    const known = sweep.points.reduce((sum, { bySeed }) => sum + bySeed.size, 0);
    sweep.finished = Math.min(known, sweep.planned);
  }
}

/** A sweep at a time; a new one replaces it. */
export class Sweeper {
  #pool;

  #number = 0;

  /** @type {Job|null} */
  #job = null;

  /** @param {Pool} pool */
  constructor(pool) {
    this.#pool = pool;
  }

  /**
   * Sweeps around a configuration; if that is what is being swept, or was swept last, that goes on.
   * @param {Config} config
   * @param {(sweep: Sweep) => void} onChange called with every portion of results
   * @param {SweepAxis} axis what is varied
   * @param {Catalog|null} catalog
   * @param {Estimate|null} estimate of a run of the configuration: a sweep that takes too much is only offered
   * @returns {Promise<void>} settled when the sweep has ended, was offered, stopped or replaced; fails if a run did
   */
  sweep(config, onChange, axis = axisOf(''), catalog = null, estimate = null) {
    const key = sweepKey(config, axis, catalog);
    if (this.#job?.key !== key) {
      this.cancel();
      this.#number += 1;
      const workers = this.#pool.backgroundTasks;
      this.#job = new Job(this.#number, key, config, axis, { catalog, estimate, workers, onChange });
      this.#job.tell();
      this.#askFor(this.#job);
    }
    return this.#job.done;
  }

  /**
   * Ends the sweep under way unless it is the one around this configuration.
   * @param {Config} config
   * @param {SweepAxis} axis
   * @param {Catalog|null} catalog
   */
  keepOnly(config, axis, catalog) {
    if (this.#job !== null && this.#job.key !== sweepKey(config, axis, catalog)) this.cancel();
  }

  /** Stops the sweep under way; what is known stays. */
  stop() {
    this.#job?.stop();
  }

  /**
   * Computes what was offered, or the rest of what was stopped.
   * @returns {Promise<void>} as for `sweep`
   */
  async resume() {
    const job = this.#job;
    if (job === null) return;
    job.resume();
    job.tell();
    this.#askFor(job);
    await job.done;
  }

  /** Ends the sweep under way. */
  cancel() {
    const job = this.#job;
    this.#job = null;
    job?.giveUp();
  }

  /**
   * Asks for as many portions as there are workers for.
   * @param {Job} job
   */
  #askFor(job) {
    while (job.isOpen && job.asked < job.workers) this.#portion(job);
  }

  /**
   * One portion, which is chosen when there is a worker for it.
   * @param {Job} job
   */
  async #portion(job) {
    /** @type {SweepTask[]|undefined} */
    let tasks;
    const note = (/** @type {SweepResult[]} */ results) => {
      if (job !== this.#job) return;
      // A worker does its tasks in their order.
      tasks = tasks?.slice(results.length);
      job.note(results);
      this.#askFor(job);
    };
    const work = async (/** @type {EngineClient} */ client) => {
      tasks = job.take();
      if (tasks) note(await job.ask(client, tasks, note));
    };
    job.asked += 1;
    try {
      await this.#pool.run(work, { priority: PRIORITY.background, signal: job.signal });
    } catch (error) {
      if (error instanceof EngineFailure) job.failures += 1;
      // The worker was needed for something else, or broke down for once: another one takes over, or the same one once
      // it is free.
      const goesOn = error instanceof Superseded || (error instanceof EngineFailure && job.failures === 1);
      if (!goesOn) this.#fail(job, error);
      else if (job === this.#job) job.giveBack(tasks ?? []);
    }
    job.asked -= 1;
    job.finishIfDone();
    this.#askFor(job);
  }

  /**
   * @param {Job} job
   * @param {unknown} error
   */
  #fail(job, error) {
    job.fail(error);
    if (job === this.#job) this.#job = null;
  }
}
