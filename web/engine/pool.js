// The workers of the page: one for its own runs, one for the picture of the cluster, and a few that all else shares.

import { FAT_SHARED_WORKER_BYTES } from '../shared/budgets.js';
import { EngineClient, Superseded } from './client.js';

/** @import {Options} from './connection.js' */

/** Least and most workers that are shared; between them, one more than the processor has cores. */
const [MIN_SHARED, MAX_SHARED] = [3, 5];

/** Most runs of a sweep at a time: more would take the machine away from everything else. */
const MAX_BACKGROUND = 4;

/** A worker is released when it has had nothing to do for this long, ms. */
export const IDLE_MS = 20_000;

/**
 * How urgent a task is, the most urgent first.
 */
export const PRIORITY = /** @type {const} */ ({
  /** Answered beside other work of the same worker, between two of its slices; other questions there are answered first. */
  question: 0,
  /** A run that a person waits for. */
  view: 1,
  /** May take minutes: leaves one worker to the views. */
  search: 2,
  /** Gives way to everything else, and alone may use the worker of the page's own runs, while that has none. */
  background: 3,
});

/** @typedef {typeof PRIORITY[keyof typeof PRIORITY]} Priority */

/**
 * A task and how its answer is given.
 * @typedef {object} Work
 * @property {(client: EngineClient) => Promise<unknown>} task
 * @property {Priority} priority
 * @property {(value: any) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** A worker and what it does. */
class Member {
  /** @type {Work|null} */
  work = null;

  /** Questions that it answers beside. */
  questions = 0;

  /** Number of the run that its work has begun with. */
  run = 0;

  /** Whether its work has been told to make room. */
  leaving = false;

  /** @param {EngineClient} client */
  constructor(client) {
    this.client = client;
  }
}

const cores = () => globalThis.navigator?.hardwareConcurrency ?? 1;

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export class Pool {
  /** The worker of the page's own runs. @type {Member|null} */
  #main = null;

  /** @type {Member[]} */
  #shared;

  /** By priority, then in the order of asking. @type {Work[]} */
  #waiting = [];

  /** Background tasks that are worth having at a time. */
  backgroundTasks;

  /** For the picture of the cluster, whose run stays open between two questions. Nothing else uses it. */
  picture;

  /**
   * @param {object} [options]
   * @param {EngineClient|null} [options.main] the engine of the page's own runs
   * @param {number} [options.size] how many workers are shared
   * @param {number} [options.backgroundTasks]
   * @param {(options?: Partial<Options>) => EngineClient} [options.makeClient] each starts its worker when it is first used
   */
  constructor({
    main = null,
    size = clamp(cores() + 1, MIN_SHARED, MAX_SHARED),
    backgroundTasks = clamp(cores(), 1, MAX_BACKGROUND),
    makeClient = (options = {}) => new EngineClient({ idleMs: IDLE_MS, fatBytes: FAT_SHARED_WORKER_BYTES, ...options }),
  } = {}) {
    this.backgroundTasks = backgroundTasks;
    // Its run is still wanted while no question is asked, whatever it holds. It opens a run in one piece.
    this.picture = makeClient({ fatIdleMs: Infinity, patienceMs: 200 });
    this.#shared = Array.from({ length: size }, () => new Member(makeClient()));
    if (main === null) return;
    this.#main = new Member(main);
    main.onIdle = () => this.#next();
  }

  /**
   * Runs a task in one of the workers, which until it has settled runs nothing else but questions.
   * @template Value
   * @param {(client: EngineClient) => Promise<Value>} task one that gives way has to expect `Superseded`
   * @param {{priority?: Priority, signal?: AbortSignal}} [options]
   * @returns {Promise<Value>} fails with `Superseded` when it is given up by its signal
   */
  run(task, { priority = PRIORITY.view, signal } = {}) {
    if (signal?.aborted) return Promise.reject(new Superseded());
    /** @type {() => void} */
    let giveUp = () => {};
    const answer = new Promise((/** @type {(value: Value) => void} */ resolve, reject) => {
      const work = { task, priority, resolve, reject };
      giveUp = () => this.#giveUp(work);
      signal?.addEventListener('abort', giveUp);
      if (priority === PRIORITY.question) this.#begin(this.#quietest(), work);
      else this.#wait(work);
    });
    return answer.finally(() => signal?.removeEventListener('abort', giveUp));
  }

  /** @param {Work} work */
  #wait(work) {
    const after = this.#waiting.findIndex(({ priority }) => priority > work.priority);
    this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, work);
    this.#next();
  }

  /** Begins what there are workers for, and has the background make room for the rest. */
  #next() {
    for (const work of [...this.#waiting]) {
      const member = this.#freeFor(work.priority);
      if (member === undefined) continue;
      this.#waiting.splice(this.#waiting.indexOf(work), 1);
      this.#begin(member, work);
    }
    const urgent = this.#waiting.filter(({ priority }) => this.#may(priority) && priority < PRIORITY.background);
    const leaving = this.#shared.filter((member) => member.leaving).length;
    const yielding = this.#shared.filter(
      ({ work, leaving: asked }) => work?.priority === PRIORITY.background && !asked,
    );
    for (const member of yielding.slice(0, Math.max(urgent.length - leaving, 0))) {
      member.leaving = true;
      member.client.cancel();
    }
  }

  /**
   * Whether one more task of a priority is let in, if there is a worker.
   * @param {Priority} priority
   */
  #may(priority) {
    if (priority !== PRIORITY.search) return true;
    const searches = this.#shared.filter(({ work }) => work?.priority === PRIORITY.search);
    return searches.length < Math.max(this.#shared.length - 1, 1);
  }

  /**
   * @param {Priority} priority
   * @returns {Member|undefined}
   */
  #freeFor(priority) {
    if (!this.#may(priority)) return undefined;
    const main = this.#main;
    if (priority === PRIORITY.background && main?.work === null && main.client.idle) return main;
    const free = this.#shared.filter(({ work }) => work === null);
    // From the two ends: a view that was given up may keep its worker busy for a moment, and the sweep is not to wait.
    if (priority !== PRIORITY.background) free.reverse();
    return free.sort((a, b) => a.questions - b.questions)[0];
  }

  /** The worker that answers a question soonest. */
  #quietest() {
    const busy = (/** @type {Member} */ { work, questions }) => (work === null ? 0 : 1) + 2 * questions;
    return [...this.#shared].sort((a, b) => busy(a) - busy(b))[0];
  }

  /**
   * @param {Member} member
   * @param {Work} work
   */
  async #begin(member, work) {
    const beside = work.priority === PRIORITY.question;
    if (beside) member.questions += 1;
    else member.work = work;
    try {
      const answer = work.task(member.client);
      if (!beside) member.run = member.client.run;
      work.resolve(await answer);
    } catch (error) {
      work.reject(error);
    }
    if (beside) member.questions -= 1;
    else Object.assign(member, { work: null, leaving: false });
    this.#next();
  }

  /** @param {Work} work */
  #giveUp(work) {
    const at = this.#waiting.indexOf(work);
    if (at >= 0) this.#waiting.splice(at, 1);
    const member = [this.#main, ...this.#shared].find((each) => each?.work === work);
    // A run of the page's own may have taken its place.
    if (member && (member !== this.#main || member.client.run === member.run)) member.client.cancel();
    work.reject(new Superseded());
  }
}
