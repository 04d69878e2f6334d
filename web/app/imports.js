// Settings and workloads from files, each taken whole or not at all.

import { EngineFailure, RefusedSettings } from '../engine/client.js';
import { LOCKED } from '../words/page.js';
import { Newest } from '../engine/newest.js';

/** @import {Attempt, EngineClient} from '../engine/client.js' */
/** @import {Problem, Wanted} from '../shared/types.d.ts' */
/** @import {FORMATS} from '../worker/formats.js' */
/** @import {Store} from './state.js' */

export class Imports {
  #store;

  #engine;

  #onAccepted;

  /** Files may be large: while one is read, only the newest of the others waits. */
  #newest = new Newest();

  /** Of the file that is read. */
  #controller = new AbortController();

  /**
   * @param {Store} store
   * @param {EngineClient} engine
   * @param {(attempt: Attempt, importedName: string) => void} onAccepted takes over settings that are valid
   */
  constructor(store, engine, onAccepted) {
    this.#store = store;
    this.#engine = engine;
    this.#onAccepted = onAccepted;
  }

  /**
   * Settings from a file, which can also be a workload specification; they are taken whole or not at all.
   * @param {string} text JSON
   * @param {string} name of the file
   * @returns {Promise<Problem[]>} why they were not taken; empty if they were
   */
  async settings(text, name) {
    try {
      const pairs = await this.read('importSettings', { text, config: this.withoutTrace });
      return await this.take({ pairs }, name);
    } catch (error) {
      if (error instanceof RefusedSettings) return [error.problem];
      throw error;
    }
  }

  /** Gives up what is being read; its promise fails with `Superseded`. */
  stop() {
    this.#newest.drop();
    this.#controller.abort();
    this.#controller = new AbortController();
  }

  /**
   * Has a file read, which can be stopped.
   * @template {'importSettings'|'importSpecification'|'importPolicy'} Operation
   * @param {Operation} operation
   * @param {Parameters<typeof FORMATS[Operation]>[0]} argument
   */
  read(operation, argument) {
    return this.#newest.run(() => this.#engine.convert(operation, argument, this.#controller.signal));
  }

  /**
   * A workload specification in place of the workload.
   * @param {string} text YAML or JSON
   * @param {string} name of the file
   * @returns {Promise<Problem[]>}
   */
  async specification(text, name) {
    try {
      const { config, problems } = await this.read('importSpecification', { text, config: this.withoutTrace });
      return problems.length > 0 ? problems : await this.take({ imported: config }, name);
    } catch (error) {
      if (error instanceof RefusedSettings) return [error.problem];
      throw error;
    }
  }

  /**
   * Takes the content of a file whole or not at all.
   * @param {Wanted} wanted
   * @param {string} [importedName] of the workload that it holds, if that is another one
   * @returns {Promise<Problem[]>} why it was not taken; empty if it was
   */
  async take(wanted, importedName = this.#store.state.importedName) {
    if (this.#store.state.lock === '1') throw new EngineFailure(LOCKED);
    const attempt = this.#engine.attempt(wanted);
    try {
      const { problems } = await attempt.proposal;
      if (problems.length > 0) return problems;
    } catch (error) {
      if (error instanceof RefusedSettings) return [error.problem];
      throw error;
    }
    this.#onAccepted(attempt, importedName);
    return [];
  }

  /** The settings into which something is taken. */
  get config() {
    const { config, description } = this.#store.state;
    const settings = config ?? description?.defaultConfig;
    if (!settings) throw new EngineFailure('it has not started yet');
    return settings;
  }

  /**
   * The settings without a list of requests.
   * @returns {any} a configuration in which the list is null; its type does not allow that
   */
  get withoutTrace() {
    const settings = this.config;
    if (settings.workload.requests === null) return settings;
    return { ...settings, workload: { ...settings.workload, requests: null } };
  }
}
