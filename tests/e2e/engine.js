// The engine in Node, to hold against what the page shows.

import { readFileSync } from 'node:fs';
import * as engine from '#engine';

engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });

/**
 * The settings that a link asks for.
 * @param {string} hash
 */
export function configOf(hash) {
  const own = ['v', 'tab', 'request'];
  const pairs = [...new URLSearchParams(hash.slice(1))].filter(([key]) => !own.includes(key));
  const { config, rejected } = engine.configFromPairs(pairs);
  if (rejected.length > 0) throw new Error(rejected[0].message);
  return config;
}

/**
 * The digest of the run that a link asks for.
 * @param {string} hash
 */
export function digestOf(hash) {
  const result = engine.simulate(configOf(hash));
  try {
    return result.digest;
  } finally {
    result.free();
  }
}

export { engine };
