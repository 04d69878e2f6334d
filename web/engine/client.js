// The engine as the page sees it: promises in front of a worker. Of several runs only the newest is ever answered.

import { FOLDER } from '../shared/folder.js';
import { compiledEngine } from './module.js';

/** @import {Config, Description, Details, Pair, Problem, Progress, Proposal, RunReport, SizeReport, SizeWork, Study, SweepResult, SweepWork, Wanted} from '../shared/types.d.ts' */
/** @import {FORMATS} from '../worker/formats.js' */
/** @import {QUERIES} from '../worker/playback.js' */

/** What the client needs of a worker; a test passes its own. */
/**
 * @typedef {object} WorkerLike
 * @property {(message: unknown) => void} postMessage
 * @property {() => void} terminate
 * @property {((this: any, event: MessageEvent) => any)|null} onmessage
 * @property {((this: any, event: ErrorEvent) => any)|null} onerror
 */

/** Thrown for a run that a newer one has replaced, or that was cancelled. Not a failure. */
export class Superseded extends Error {
  constructor() {
    super('a newer run was asked for');
    this.name = 'Superseded';
  }
}

/** Settings that the engine refused. */
export class RefusedSettings extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.message);
    this.name = 'RefusedSettings';
    this.problem = problem;
  }
}

/** The engine broke down; the next request gets a new one. */
export class EngineFailure extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'EngineFailure';
  }
}

/**
 * @typedef {object} Pending
 * @property {(value: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {((progress: any) => void)|undefined} onProgress
 * @property {((proposal: Proposal) => void)|undefined} onProposal
 */

/**
 * Settings that were proposed: the engine's opinion, and their run if they are valid.
 * @typedef {object} Attempt
 * @property {Promise<Proposal>} proposal
 * @property {Promise<RunReport|null>} run null if the settings are not valid
 * @property {(progress: Progress) => void} onProgress to be set by the caller
 */

/** Distinguishes the workers of all tabs of this origin, which share one space of lock names. */
let started = 0;

/** @returns {WorkerLike} */
function startWorker() {
  started += 1;
  const name = `blis-engine-${performance.timeOrigin}-${Math.random()}-${started}`;
  const worker = new Worker(new URL('worker/worker.js', FOLDER), { type: 'module', name });
  compiledEngine().then((module) => worker.postMessage({ id: 0, operation: 'start', argument: module }));
  return worker;
}

export class EngineClient {
  #start;

  #idleMs;

  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #release;

  /** Called when nothing is pending any more. */
  onIdle = () => {};

  /** Number of the worker: what another one held is gone. */
  life = 0;

  /** @type {WorkerLike|null} */
  #worker = null;

  /** @type {Map<number, Pending>} */
  #pending = new Map();

  #lastId = 0;

  /** See `run`. */
  #run = 0;

  #begin = () => {};

  /**
   * Resolves once a worker has the compiled module, or has been told to load it itself. Never resolves if no worker
   * starts.
   */
  begun = /** @type {Promise<void>} */ (new Promise((resolve) => (this.#begin = resolve)));

  /**
   * @param {() => WorkerLike} start
   * @param {number} idleMs a worker that has had nothing to do for this long is released
   */
  constructor(start = startWorker, idleMs = Infinity) {
    this.#start = start;
    this.#idleMs = idleMs;
  }

  /** @returns {Promise<Description>} */
  describe() {
    return this.#ask('describe');
  }

  /**
   * @param {Pair[]} pairs
   * @returns {Promise<Proposal>}
   */
  propose(pairs) {
    return this.#ask('propose', pairs);
  }

  /**
   * Proposes settings and runs them if they are valid; only then a run under way is given up.
   * @param {Wanted} wanted
   * @returns {Attempt}
   */
  attempt(wanted) {
    /** @type {Attempt} */
    const attempt = /** @type {any} */ ({ onProgress: () => {} });
    attempt.proposal = new Promise((resolve, reject) => {
      attempt.run = this.#ask('attempt', wanted, {
        onProgress: (progress) => attempt.onProgress(progress),
        onProposal: resolve,
      });
      attempt.run.catch(reject);
    });
    // The caller may attach its handlers later, as while the page loads; until then a failure counts as handled.
    attempt.proposal.catch(() => {});
    return attempt;
  }

  /** @returns {Promise<number>} */
  newSeed() {
    return this.#ask('newSeed');
  }

  /**
   * Searches for a cluster or a rate that keeps to targets.
   * @param {SizeWork} work
   * @param {(report: SizeReport) => void} onReport
   * @returns {Promise<SizeReport>} incomplete if it takes more than may be simulated unasked
   */
  size(work, onReport) {
    return this.#newestRun('size', work, onReport);
  }

  /**
   * Runs of a sweep, reported in portions as they are done and at the end.
   * @param {SweepWork} work
   * @param {(results: SweepResult[]) => void} onResults
   * @returns {Promise<SweepResult[]>} the last portion
   */
  sweep(work, onResults) {
    return this.#newestRun('sweep', work, onResults);
  }

  /**
   * Where the time goes, and what the instances do over time.
   * @param {Config} config
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<Details>}
   */
  details(config, onProgress) {
    return this.#newestRun('details', config, onProgress);
  }

  /**
   * One row per request, as a file.
   * @param {Config} config
   * @returns {Promise<string>}
   */
  rows(config) {
    return this.#newestRun('rows', config);
  }

  /**
   * A question about a run: one of the worker's QUERIES.
   * @template {keyof typeof QUERIES} Operation
   * @param {Operation} operation
   * @param {Parameters<typeof QUERIES[Operation]>[0]} argument
   * @returns {Promise<ReturnType<typeof QUERIES[Operation]>>}
   */
  query(operation, argument) {
    return this.#ask(operation, argument);
  }

  /**
   * Files in and out: what FORMATS of the worker offers.
   * @template {keyof typeof FORMATS} Operation
   * @param {Operation} operation
   * @param {Parameters<typeof FORMATS[Operation]>[0]} argument
   * @returns {Promise<ReturnType<typeof FORMATS[Operation]>>}
   */
  convert(operation, argument) {
    return this.#ask(operation, argument);
  }

  /**
   * A run beside its closed forms.
   * @param {Config} config
   * @returns {Promise<Study>}
   */
  study(config) {
    return this.#newestRun('study', config);
  }

  /** Number of the run under way, 0 if there is none. */
  get run() {
    return this.#run;
  }

  /** Whether no request is pending. */
  get idle() {
    return this.#pending.size === 0;
  }

  /** Whether there is no worker, because none was needed yet or it was not needed any more. */
  get released() {
    return this.#worker === null;
  }

  /** Gives up the run under way, if there is one. */
  cancel() {
    if (this.#replaceRun(0)) this.#worker?.postMessage({ id: 0, operation: 'cancel' });
  }

  /**
   * Makes another run the one under way; the promise of the former is rejected.
   * @param {number} id
   * @returns {boolean} whether there was one
   */
  #replaceRun(id) {
    const former = this.#pending.get(this.#run);
    this.#pending.delete(this.#run);
    this.#run = id;
    former?.reject(new Superseded());
    this.#noteIdle();
    return former !== undefined;
  }

  /**
   * @param {string} operation
   * @param {unknown} argument
   * @param {(progress: any) => void} [onProgress]
   * @returns {Promise<any>}
   */
  #newestRun(operation, argument, onProgress) {
    this.cancel();
    const answer = this.#ask(operation, argument, { onProgress });
    this.#run = this.#lastId;
    return answer;
  }

  /**
   * @param {string} operation
   * @param {unknown} [argument]
   * @param {{onProgress?: (progress: any) => void, onProposal?: (proposal: Proposal) => void}} [listeners]
   * @returns {Promise<any>}
   */
  #ask(operation, argument, { onProgress, onProposal } = {}) {
    this.#lastId += 1;
    const id = this.#lastId;
    clearTimeout(this.#release);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress, onProposal });
      this.#running().postMessage({ id, operation, argument });
    });
  }

  #running() {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    this.life += 1;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => this.#breakDown(event?.message ?? 'the worker could not be started');
    this.#worker = worker;
    return worker;
  }

  /**
   * Notices a worker that the browser has ended, for example when memory ran out: the lock that it held comes free.
   * @param {string} lock
   */
  async #watch(lock) {
    const worker = this.#worker;
    await navigator.locks.request(lock, () => undefined);
    if (worker === this.#worker) this.#breakDown('its worker was ended');
  }

  /** @param {{id: number, value?: unknown, progress?: unknown, proposal?: Proposal, error?: Problem & {trapped: boolean}, lock?: string, begun?: boolean}} message */
  #receive({ id, value, progress, proposal, error, lock, begun }) {
    if (begun) {
      this.#begin();
      return;
    }
    if (lock) {
      this.#watch(lock);
      return;
    }
    if (error?.trapped) {
      this.#breakDown(error.message);
      return;
    }
    const pending = this.#pending.get(id);
    // Belongs to a run that was given up.
    if (!pending) return;
    if (progress) {
      pending.onProgress?.(progress);
      return;
    }
    if (proposal) {
      // The worker has begun to run it.
      if (proposal.problems.length === 0) this.#replaceRun(id);
      pending.onProposal?.(proposal);
      return;
    }
    this.#pending.delete(id);
    if (id === this.#run) this.#run = 0;
    if (error) pending.reject(error.path ? new RefusedSettings(error) : new EngineFailure(error.message));
    else pending.resolve(value);
    this.#noteIdle();
  }

  /** Offers the free worker to what waits for one. If nothing does, the worker is released in time. */
  #noteIdle() {
    // Not at once: another request may follow.
    queueMicrotask(() => {
      if (!this.idle) return;
      clearTimeout(this.#release);
      if (this.#worker !== null && this.#idleMs < Infinity)
        this.#release = setTimeout(() => this.#discard(), this.#idleMs);
      this.onIdle();
    });
  }

  #discard() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  /**
   * Discards the worker and rejects everything pending. The next request starts a new one.
   * @param {string} message
   */
  #breakDown(message) {
    this.#discard();
    this.#run = 0;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(new EngineFailure(message));
    this.#noteIdle();
  }
}
