// In the worker: what settings a person, a link or a file asks for, and everything that is wrong with them.

import * as engine from '../pkg/blis_playground.js';
import { openingStory } from '../opening.js';

/** @import {Config, Pair, Problem, Proposal, Wanted} from '../types.d.ts' */

/**
 * Settings that come from the engine have all their parts, which its types do not say.
 * @param {engine.Config} config
 */
function complete(config) {
  return /** @type {Config} */ (config);
}

export function describe() {
  const defaultConfig = complete(engine.defaultConfig());
  return {
    version: engine.version(),
    schema: engine.schema(),
    catalog: engine.catalog(),
    defaultConfig,
    defaultPairs: engine.configToPairs(defaultConfig),
  };
}

/**
 * @param {Wanted} wanted
 * @returns {{config: Config, rejected: Problem[]}}
 */
function read(wanted) {
  if ('story' in wanted) return { config: openingStory(complete(engine.defaultConfig())), rejected: [] };
  const pairs = 'imported' in wanted ? engine.configToPairs(/** @type {any} */ (wanted.imported)) : wanted.pairs;
  const { config, rejected } = engine.configFromPairs(pairs);
  return { config: complete(config), rejected };
}

/**
 * The settings as they are read, and a run of them at time 0 if nothing is wrong.
 * @param {Wanted} wanted
 * @returns {{proposal: Proposal, simulation: engine.Simulation|null}}
 */
export function prepare(wanted) {
  const { config, rejected } = read(wanted);
  const pairs = engine.configToPairs(config);
  if (rejected.length === 0) {
    try {
      return { proposal: { config, pairs, problems: [] }, simulation: new engine.Simulation(config) };
    } catch (error) {
      // The engine throws its first problem; below, all of them are asked for.
      if (!(error instanceof Error && 'path' in error)) throw error;
    }
  }
  const known = new Set(rejected.map(({ path }) => path));
  const further = engine.validate(config).filter(({ path }) => !known.has(path));
  return { proposal: { config, pairs, problems: [...rejected, ...further] }, simulation: null };
}

/**
 * Only what is wrong.
 * @param {Pair[]} pairs
 * @returns {Proposal}
 */
export function propose(pairs) {
  const { proposal, simulation } = prepare({ pairs });
  simulation?.free();
  return proposal;
}
