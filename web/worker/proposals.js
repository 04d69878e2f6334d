// In the worker: checks settings of a person, a link or a file, and finds everything that is wrong with them.

import * as engine from '#engine';

/** @import {Config, Estimate, Pair, Proposal, Wanted} from '../shared/types.d.ts' */

export function describe() {
  const defaultConfig = engine.defaultConfig();
  return {
    version: engine.version(),
    schema: engine.schema(),
    catalog: engine.catalog(),
    defaultConfig,
    defaultPairs: engine.configToPairs(defaultConfig),
  };
}

/** Settings as the engine has read them. Describing them takes longer than a short run, so it is done on demand. */
export class Reading {
  #settings;

  /** @type {Config|undefined} */
  #config;

  #limit;

  /** @type {Estimate|undefined} */
  #estimate;

  /** @param {Wanted} wanted */
  constructor(wanted) {
    this.#limit = wanted.limit ?? Infinity;
    const pairs = 'imported' in wanted ? engine.configToPairs(/** @type {any} */ (wanted.imported)) : wanted.pairs;
    this.#settings = new engine.Settings(pairs);
  }

  get config() {
    this.#config ??= this.#settings.config;
    return this.#config;
  }

  /** What a run of the settings takes, if they are valid. */
  get estimate() {
    this.#estimate ??= this.#settings.estimate();
    return this.#estimate;
  }

  /** Whether their run, if they are valid, is larger than may be run unasked. */
  get isHeld() {
    return this.#limit < Infinity && this.estimate.requests > this.#limit;
  }

  /**
   * A run of the settings at time 0.
   * @returns {engine.Simulation|null} null if something is wrong with them
   */
  simulation() {
    if (this.#settings.rejected.length > 0) return null;
    try {
      return this.#settings.simulation();
    } catch (error) {
      // The engine throws its first problem; the proposal needs all of them.
      if (error instanceof Error && 'path' in error) return null;
      throw error;
    }
  }

  /**
   * @param {boolean} valid whether nothing is wrong, which a run has shown
   * @returns {Proposal}
   */
  proposal(valid) {
    const { rejected, pairs, withoutEffect, imported } = this.#settings;
    const known = new Set(rejected.map(({ path }) => path));
    const further = valid ? [] : this.#settings.problems().filter(({ path }) => !known.has(path));
    return {
      config: this.config,
      pairs,
      withoutEffect,
      imported,
      problems: [...rejected, ...further],
      estimate: valid ? this.estimate : null,
      held: valid && this.isHeld,
    };
  }

  /** Frees the engine's part; a configuration that was read from it stays. */
  free() {
    this.#settings.free();
  }
}

/**
 * Only what is wrong.
 * @param {Pair[]} pairs
 * @returns {Proposal}
 */
export function propose(pairs) {
  const reading = new Reading({ pairs });
  const proposal = reading.proposal(false);
  reading.free();
  return proposal;
}
