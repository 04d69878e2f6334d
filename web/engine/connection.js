// A worker behind promises: it is started when something is asked, told what is no longer wanted, replaced when it breaks
// down, does not answer or has grown large, and released when it is idle. It does not interpret the questions, so this
// module imports nothing.
//
// To the worker go `{id, operation, argument}` for each question, and `{id: 0, operation: 'cancel', argument}` with the
// id of what is given up: a newer run that the worker has begun meanwhile goes on. From it come, for the question `id`,
// any number of `{id, progress}` and then one `{id, value}` or `{id, error}`, each with `memory`, the bytes that it holds;
// `{id: 0, lock}` with the name of a lock that it holds as long as it lives; `{id: 0, begun: true}` once it has its code.

/** What is needed of a worker; a test passes its own. */
/**
 * @typedef {object} WorkerLike
 * @property {(message: unknown) => void} postMessage
 * @property {() => void} terminate
 * @property {((this: any, event: MessageEvent) => any)|null} onmessage
 * @property {((this: any, event: ErrorEvent) => any)|null} onerror
 */

/**
 * An error as it leaves the worker.
 * @typedef {object} Told
 * @property {string} message
 * @property {string} [path] of the setting that was refused; none if something else is wrong
 * @property {boolean} trapped whether the worker can do nothing any more
 * @property {boolean} [outOfMemory] whether it is for want of memory
 */

/**
 * @typedef {object} Listening
 * @property {(progress: any) => void} [onProgress]
 * @property {AbortSignal} [signal] gives the question up
 * @property {boolean} [again] whether it is asked once more when its worker is replaced, as long as nothing shows that
 *   it broke two of them down. Not for what only the worker that is gone could answer. True if left out
 */

/** A question, and how often its worker broke down over it. @typedef {Listening & {operation: string, argument: unknown, resolve: (value: any) => void, reject: (error: Error) => void, failures: number}} Pending */

/** Thrown for what something newer has replaced, or what was given up. Not a failure. */
export class Superseded extends Error {
  constructor() {
    super('a newer run was asked for');
    this.name = 'Superseded';
  }
}

/** What the engine refused. */
export class RefusedSettings extends Error {
  /** @param {any} problem */
  constructor(problem) {
    super(problem.message);
    this.name = 'RefusedSettings';
    this.problem = problem;
  }
}

/** The engine broke down; what is asked next gets a new one. */
export class EngineFailure extends Error {
  /**
   * @param {string} message
   * @param {boolean} outOfMemory whether the browser had no more memory to give
   */
  constructor(message, outOfMemory = false) {
    super(outOfMemory ? OUT_OF_MEMORY : message);
    this.name = 'EngineFailure';
    this.outOfMemory = outOfMemory;
  }
}

/** What was asked cannot be copied for the worker: it is nested too deeply, or no plain data. */
export class NotHandedOver extends EngineFailure {}

const OUT_OF_MEMORY = 'it needed more memory than the browser gives; fewer requests help';

/** A worker that has not taken notice for this long of what was given up is replaced, ms. */
const PATIENCE_MS = 1000;

/** A worker with a large memory is replaced when it has been idle for this long, ms. */
const FAT_IDLE_MS = 500;

/**
 * @typedef {object} Options
 * @property {() => WorkerLike} start
 * @property {number} [idleMs] a worker that has had nothing to do for this long is released. Never if left out
 * @property {number} [fatBytes] one that holds more is released sooner, as its memory cannot shrink. Never if left out
 * @property {boolean} [ready] whether the next worker is started as soon as one was released for its memory
 * @property {number} [patienceMs]
 * @property {number} [fatIdleMs]
 */

export class Connection {
  #options;

  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #release;

  /** Called when nothing is pending any more. */
  onIdle = () => {};

  /** Number of the worker: what another one held is gone. */
  life = 0;

  /** Bytes that the worker holds, as far as it has told. */
  memory = 0;

  /** @type {WorkerLike|null} */
  #worker = null;

  /** In the order of asking. @type {Map<number, Pending>} */
  #pending = new Map();

  /** What was given up and is not known to have ended, with what waits for that. @type {Map<number, ReturnType<typeof setTimeout>>} */
  #leaving = new Map();

  #lastId = 0;

  #run = 0;

  #begin = () => {};

  /** Resolves once a worker has begun. Never if none does. */
  begun = /** @type {Promise<void>} */ (new Promise((resolve) => (this.#begin = resolve)));

  /** @param {Options} options */
  constructor({
    start,
    idleMs = Infinity,
    fatBytes = Infinity,
    ready = false,
    patienceMs = PATIENCE_MS,
    fatIdleMs = FAT_IDLE_MS,
  }) {
    this.#options = { start, idleMs, fatBytes, ready, patienceMs, fatIdleMs };
  }

  /** Number of the run under way, 0 if there is none. */
  get run() {
    return this.#run;
  }

  /** Whether no question is pending. */
  get idle() {
    return this.#pending.size === 0;
  }

  /** Whether there is no worker, because none was needed yet or it was not needed any more. */
  get released() {
    return this.#worker === null;
  }

  /**
   * A question; several may be pending.
   * @param {string} operation
   * @param {unknown} [argument]
   * @param {Listening} [listening]
   * @returns {Promise<any>} fails with `Superseded`, `RefusedSettings` or `EngineFailure`
   */
  ask(operation, argument, { onProgress, signal, again = true } = {}) {
    this.#lastId += 1;
    const id = this.#lastId;
    if (signal?.aborted) return Promise.reject(new Superseded());
    clearTimeout(this.#release);
    const giveUp = () => this.#giveUp(id);
    const answer = new Promise((resolve, reject) => {
      const pending = { operation, argument, resolve, reject, onProgress, again, failures: 0 };
      this.#pending.set(id, pending);
      signal?.addEventListener('abort', giveUp);
      this.#send(id, pending);
    });
    return signal === undefined ? answer : answer.finally(() => signal.removeEventListener('abort', giveUp));
  }

  /**
   * A question that takes long: of these only the newest is ever answered.
   * @param {string} operation
   * @param {unknown} argument
   * @param {Listening} [listening]
   * @returns {Promise<any>}
   */
  askNewest(operation, argument, listening) {
    this.cancel();
    const answer = this.ask(operation, argument, listening);
    if (this.#pending.has(this.#lastId)) this.#run = this.#lastId;
    return answer;
  }

  /**
   * A question that becomes the run under way when the worker says so.
   * @param {string} operation
   * @param {unknown} argument
   * @param {(progress: any) => boolean} isBegun gets what the worker tells, and says whether it has begun to run it
   * @param {AbortSignal} [signal] gives it up
   * @returns {Promise<any>}
   */
  askToBegin(operation, argument, isBegun, signal) {
    const id = this.#lastId + 1;
    const onProgress = (/** @type {any} */ progress) => {
      if (isBegun(progress)) this.#replaceRun(id);
    };
    return this.ask(operation, argument, { onProgress, signal });
  }

  /** Gives up the run under way, if there is one. */
  cancel() {
    const former = this.#run;
    if (!this.#replaceRun(0)) return;
    this.#expectEnd(former);
  }

  /** Replaces a worker that holds more than it should, if it has nothing to do. */
  renewIfFat() {
    if (this.idle && this.memory > this.#options.fatBytes) this.#discard();
  }

  /** Ends the worker; everything pending is given up. */
  close() {
    this.#discard();
    clearTimeout(this.#release);
    this.#run = 0;
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of all) reject(new Superseded());
  }

  /**
   * Makes another run the one under way; the promise of the former is rejected.
   * @param {number} id
   * @returns {boolean} whether there was one
   */
  #replaceRun(id) {
    if (id === this.#run) return false;
    const former = this.#pending.get(this.#run);
    this.#pending.delete(this.#run);
    this.#run = id;
    former?.reject(new Superseded());
    this.#noteIdle();
    return former !== undefined;
  }

  /** @param {number} id */
  #giveUp(id) {
    if (id === this.#run) {
      this.cancel();
      return;
    }
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.reject(new Superseded());
    this.#expectEnd(id);
    this.#noteIdle();
  }

  /**
   * Tells the worker what was given up. If it goes on with that, it is replaced: other questions go to the next one, and
   * those that only this one could answer are given up, too.
   * @param {number} id
   */
  #expectEnd(id) {
    if (this.#worker === null) return;
    this.#worker.postMessage({ id: 0, operation: 'cancel', argument: id });
    const timer = setTimeout(() => {
      this.#discard();
      for (const [each, pending] of [...this.#pending]) {
        if (pending.again) this.#send(each, pending);
        else this.#fail(each, new Superseded());
      }
      this.#noteIdle();
    }, this.#options.patienceMs);
    this.#leaving.set(id, timer);
  }

  /**
   * Fails the question if no worker can be made, or if it cannot be handed over. The worker is free for others then.
   * @param {number} id
   * @param {Pending} pending
   */
  #send(id, { operation, argument }) {
    /** @type {typeof EngineFailure} */
    let Failure = EngineFailure;
    try {
      const worker = this.#running();
      Failure = NotHandedOver;
      worker.postMessage({ id, operation, argument });
    } catch (error) {
      this.#fail(id, new Failure(error instanceof Error ? error.message : String(error)));
      this.#noteIdle();
    }
  }

  /**
   * @param {number} id of a pending question
   * @param {Error} error
   */
  #fail(id, error) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (id === this.#run) this.#run = 0;
    pending?.reject(error);
  }

  #running() {
    if (this.#worker) return this.#worker;
    const worker = this.#options.start();
    this.life += 1;
    worker.onmessage = ({ data }) => {
      // What a worker that was given up has said last may still arrive.
      if (worker === this.#worker) this.#receive(data);
    };
    worker.onerror = (event) => {
      if (worker === this.#worker) this.#breakDown({ message: event?.message ?? 'the worker could not be started' });
    };
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
    if (worker === this.#worker) this.#breakDown({ message: 'its worker was ended' });
  }

  /** @param {{id: number, value?: unknown, progress?: unknown, error?: Told, lock?: string, begun?: boolean, memory?: number}} message */
  #receive({ id, value, progress, error, lock, begun, memory }) {
    if (begun) {
      this.#begin();
      return;
    }
    if (lock) {
      this.#watch(lock);
      return;
    }
    if (memory !== undefined) this.memory = memory;
    if (error?.trapped) {
      this.#breakDown(error, id);
      return;
    }
    if (progress !== undefined) {
      this.#pending.get(id)?.onProgress?.(progress);
      return;
    }
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (id === this.#run) this.#run = 0;
    if (error)
      pending?.reject(error.path ? new RefusedSettings(error) : new EngineFailure(error.message, error.outOfMemory));
    else pending?.resolve(value);
    this.#noteIdle();
  }

  /** Tells the owner that the worker is free. If nothing is asked of it, it is released in time. */
  #noteIdle() {
    // Not at once: another question may follow.
    queueMicrotask(() => {
      if (!this.idle) return;
      this.#releaseInTime();
      this.onIdle();
    });
  }

  #releaseInTime() {
    clearTimeout(this.#release);
    if (this.#worker === null) return;
    const { idleMs, fatBytes, fatIdleMs, ready } = this.#options;
    const fat = this.memory > fatBytes;
    const delay = fat ? Math.min(fatIdleMs, idleMs) : idleMs;
    if (delay === Infinity) return;
    this.#release = setTimeout(() => {
      this.#discard();
      if (fat && ready) this.#startAhead();
    }, delay);
  }

  /** Starts a worker before it is needed. If none can be made, the next question tries again, and fails with the reason. */
  #startAhead() {
    try {
      this.#running();
    } catch {
      // That question tells.
    }
  }

  #discard() {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
    this.#worker?.terminate();
    this.#worker = null;
    this.memory = 0;
  }

  /**
   * Discards the worker. What was pending is asked once more, of a new one; what has broken two is rejected.
   * @param {{message: string, outOfMemory?: boolean}} told
   * @param {number} [culprit] the question over which it broke down; if that is not known, it may have been any
   */
  #breakDown({ message, outOfMemory }, culprit) {
    this.#discard();
    for (const [id, pending] of [...this.#pending]) {
      if (culprit === undefined || culprit === id) pending.failures += 1;
      if (pending.again && pending.failures < 2) this.#send(id, pending);
      else this.#fail(id, new EngineFailure(message, outOfMemory));
    }
    this.#noteIdle();
  }
}
