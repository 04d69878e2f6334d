// The engine as the page sees it: promises in front of a worker. Of several runs only the newest is ever answered.

/** @import {FORMATS} from './formats.js' */
/** @import {LOOKS} from './look.js' */
/** @import {Config, Description, Details, Limits, Measurement, Pair, Problem, Progress, Proposal, RunReport, Study} from '../types.d.ts' */

/** What the client needs of a worker; a test passes its own. */
/**
 * @typedef {object} WorkerLike
 * @property {(message: unknown) => void} postMessage
 * @property {() => void} terminate
 * @property {((this: any, event: MessageEvent) => any)|null} onmessage
 * @property {((this: any, event: ErrorEvent) => any)|null} onerror
 */

/** A run that a newer one has replaced, or that was cancelled. Not a failure. */
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
 * @property {((progress: Progress) => void)|undefined} onProgress
 */

/** @returns {WorkerLike} */
function startWorker() {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

export class EngineClient {
  #start;

  /** @type {WorkerLike|null} */
  #worker = null;

  /** @type {Map<number, Pending>} */
  #pending = new Map();

  #lastId = 0;

  /** The run under way, 0 if there is none. */
  #run = 0;

  /** @param {() => WorkerLike} start */
  constructor(start = startWorker) {
    this.#start = start;
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
   * @param {Config} config
   * @returns {Promise<Proposal>}
   */
  proposeConfig(config) {
    return this.#ask('proposeConfig', config);
  }

  /** @returns {Promise<number>} */
  newSeed() {
    return this.#ask('newSeed');
  }

  /**
   * Simulates; a run under way is given up for this one.
   * @param {Config} config
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<RunReport>}
   */
  run(config, onProgress) {
    return this.#newestRun('run', config, onProgress);
  }

  /**
   * The figures of a run, and how long it took.
   * @param {Config} config
   * @param {Limits} [limits] what each request should keep to
   * @returns {Promise<Measurement>}
   */
  measure(config, limits) {
    return this.#newestRun('measure', { config, limits });
  }

  /**
   * Settings from a file, which may leave things out.
   * @param {unknown} config
   * @returns {Promise<Proposal>}
   */
  importConfig(config) {
    return this.#ask('importConfig', config);
  }

  /**
   * Where the time goes, and what the instances do over time.
   * @param {Config} config
   * @returns {Promise<Details>}
   */
  details(config) {
    return this.#newestRun('details', config);
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
   * A look at a run: what LOOKS of the worker offers.
   * @template {keyof typeof LOOKS} Operation
   * @param {Operation} operation
   * @param {Parameters<typeof LOOKS[Operation]>[0]} argument
   * @returns {Promise<ReturnType<typeof LOOKS[Operation]>>}
   */
  look(operation, argument) {
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
   * A run beside what theory says about it.
   * @param {Config} config
   * @returns {Promise<Study>}
   */
  study(config) {
    return this.#newestRun('study', config);
  }

  /** Gives up the run under way, if there is one. */
  cancel() {
    const pending = this.#pending.get(this.#run);
    if (!pending) return;
    this.#pending.delete(this.#run);
    this.#run = 0;
    this.#worker?.postMessage({ id: 0, operation: 'cancel' });
    pending.reject(new Superseded());
  }

  /**
   * @param {string} operation
   * @param {unknown} argument
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<any>}
   */
  #newestRun(operation, argument, onProgress) {
    this.cancel();
    const answer = this.#ask(operation, argument, onProgress);
    this.#run = this.#lastId;
    return answer;
  }

  /**
   * @param {string} operation
   * @param {unknown} [argument]
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<any>}
   */
  #ask(operation, argument, onProgress) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
      this.#running().postMessage({ id, operation, argument });
    });
  }

  #running() {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => this.#breakDown(event?.message ?? 'the worker could not be started');
    this.#worker = worker;
    return worker;
  }

  /** @param {{id: number, value?: unknown, progress?: Progress, error?: Problem & {trapped: boolean}}} message */
  #receive({ id, value, progress, error }) {
    if (error?.trapped) {
      this.#breakDown(error.message);
      return;
    }
    const pending = this.#pending.get(id);
    // Of a run that was given up: nobody waits for it any more.
    if (!pending) return;
    if (progress) {
      pending.onProgress?.(progress);
      return;
    }
    this.#pending.delete(id);
    if (id === this.#run) this.#run = 0;
    if (error) pending.reject(error.path ? new RefusedSettings(error) : new EngineFailure(error.message));
    else pending.resolve(value);
  }

  /**
   * Throws the worker away and tells everyone who waits. The next request starts a new one.
   * @param {string} message
   */
  #breakDown(message) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#run = 0;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(new EngineFailure(message));
  }
}
