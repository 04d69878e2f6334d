// The engine as the page sees it: promises in front of a worker. Of several runs only the newest is ever answered.

import { FAT_WORKER_BYTES } from '../shared/budgets.js';
import { Connection } from './connection.js';
import { Newest } from './newest.js';
import { startWorker } from './start_worker.js';

/** @import {Config, Description, Details, Lives, Pair, Problem, Progress, Proposal, RunReport, SizeReport, SizeWork, Study, SweepResult, SweepWork, Wanted} from '../shared/types.d.ts' */
/** @import {FORMATS} from '../worker/formats.js' */
/** @import {QUERIES} from '../worker/playback.js' */
/** @import {Options} from './connection.js' */

export { EngineFailure, RefusedSettings, Superseded } from './connection.js';

/**
 * Settings that were proposed: the engine's opinion, and their run if they are valid.
 * @typedef {object} Attempt
 * @property {Promise<Proposal>} proposal
 * @property {Promise<RunReport|null>} run null if the settings are not valid, or larger than may be run unasked
 * @property {(progress: Progress) => void} onProgress to be set by the caller
 */

export class EngineClient extends Connection {
  /** Attempts whose settings are not checked yet: one in the worker, and the newest of the others. */
  #attempts = new Newest();

  /** Of the attempts so far. */
  #attempted = new AbortController();

  /** @param {Partial<Options>} [options] */
  constructor(options) {
    super({ start: startWorker, fatBytes: FAT_WORKER_BYTES, ...options });
  }

  /** @returns {Promise<Description>} */
  describe() {
    return this.ask('describe');
  }

  /**
   * @param {Pair[]} pairs
   * @returns {Promise<Proposal>}
   */
  propose(pairs) {
    return this.ask('propose', pairs);
  }

  /**
   * Proposes settings and runs them if they are valid; only then a run under way is given up. While one attempt is checked,
   * only the newest of those that follow waits: the promises of the others fail with `Superseded`.
   * @param {Wanted} wanted
   * @returns {Attempt}
   */
  attempt(wanted) {
    /** @type {Attempt} */
    const attempt = /** @type {any} */ ({ onProgress: () => {} });
    const { signal } = this.#attempted;
    attempt.run = new Promise((resolve, reject) => {
      const propose = () =>
        new Promise((/** @type {(proposal: Proposal) => void} */ tell, fail) => {
          const isBegun = (/** @type {Progress|{proposal: Proposal}} */ told) => {
            if ('proposal' in told) tell(told.proposal);
            else attempt.onProgress(told);
            return 'proposal' in told && told.proposal.problems.length === 0 && !told.proposal.held;
          };
          this.askToBegin('attempt', wanted, isBegun, signal).then(resolve, (error) => {
            fail(error);
            reject(error);
          });
        });
      attempt.proposal = this.#attempts.run(propose);
      attempt.proposal.catch(reject);
    });
    // The caller may attach its handlers later, as while the page loads; until then a failure counts as handled.
    attempt.run.catch(() => {});
    return attempt;
  }

  /** Gives up the run under way, and every attempt that is checked or waits for that. */
  cancelAll() {
    this.#attempts.drop();
    this.#attempted.abort();
    this.#attempted = new AbortController();
    this.cancel();
  }

  /** @returns {Promise<number>} */
  newSeed() {
    return this.ask('newSeed');
  }

  /**
   * Searches for a cluster or a rate that keeps to targets.
   * @param {SizeWork} work
   * @param {(report: SizeReport) => void} onReport
   * @returns {Promise<SizeReport>} incomplete if it takes more than may be simulated unasked
   */
  size(work, onReport) {
    return this.askNewest('size', work, { onProgress: onReport });
  }

  /**
   * Runs of a sweep, reported in portions as they are done and at the end.
   * @param {SweepWork} work
   * @param {(results: SweepResult[]) => void} onResults
   * @returns {Promise<SweepResult[]>} the last portion
   */
  sweep(work, onResults) {
    // The variants are only in the worker that was told of them.
    return this.askNewest('sweep', work, { onProgress: onResults, again: false });
  }

  /**
   * Where the time goes, and what the instances do over time.
   * @param {Config} config
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<Details>}
   */
  details(config, onProgress) {
    return this.askNewest('details', config, { onProgress });
  }

  /**
   * One row per request, as a file.
   * @param {Config} config
   * @returns {Promise<Blob>}
   */
  rows(config) {
    return this.askNewest('rows', config);
  }

  /**
   * What happened to every request.
   * @param {Config} config
   * @returns {Promise<Lives>}
   */
  lives(config) {
    return this.askNewest('lives', config);
  }

  /**
   * A question about a run: one of the worker's QUERIES.
   * @template {keyof typeof QUERIES} Operation
   * @param {Operation} operation
   * @param {Parameters<typeof QUERIES[Operation]>[0]} argument
   * @param {AbortSignal} [signal]
   * @returns {Promise<ReturnType<typeof QUERIES[Operation]>>}
   */
  query(operation, argument, signal) {
    // A moment is only known to the worker that has the playback open.
    return this.ask(operation, argument, { signal, again: operation !== 'moment' });
  }

  /**
   * Files in and out: what FORMATS of the worker offers.
   * @template {keyof typeof FORMATS} Operation
   * @param {Operation} operation
   * @param {Parameters<typeof FORMATS[Operation]>[0]} argument
   * @param {AbortSignal} [signal]
   * @returns {Promise<ReturnType<typeof FORMATS[Operation]>>}
   */
  convert(operation, argument, signal) {
    return this.ask(operation, argument, { signal });
  }

  /**
   * A run beside its closed forms.
   * @param {Config} config
   * @returns {Promise<Study>}
   */
  study(config) {
    return this.askNewest('study', config);
  }
}
