// Another seed for the same settings, as `blis run --seed` has it: a workload specification brings its own, which is replaced, too.

/** @import {Pair, Setting} from '../shared/types.d.ts' */

/**
 * The settings that another seed changes.
 * @param {Pair[]} pairs
 * @param {Setting[]} schema
 * @param {string|number|bigint} seed
 * @returns {Pair[]}
 */
export function seedPairs(pairs, schema, seed) {
  const keyOf = (/** @type {string} */ path) => schema.find((setting) => setting.path === path)?.key;
  const [plain, specification] = [keyOf('seed'), keyOf('workload.spec')];
  /** @type {Pair[]} */
  const changed = plain === undefined ? [] : [[plain, String(seed)]];
  const written = pairs.find(([key]) => key === specification)?.[1];
  if (specification !== undefined && written) changed.push([specification, withSeed(written, seed)]);
  return changed;
}

/**
 * @param {string} specification as JSON
 * @param {string|number|bigint} seed which may have more digits than a number of JavaScript
 */
function withSeed(specification, seed) {
  const written = JSON.parse(specification);
  delete written.seed;
  const others = JSON.stringify(written).slice(1);
  return `{"seed":${seed}${others === '}' ? '' : ','}${others}`;
}
