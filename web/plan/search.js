// Searching for a border by doubling and halving, and looking around what was found: halving takes for granted that where
// more is enough, still more is. Simulations do not promise that, so the neighbours are tried, and what contradicts is named.

/**
 * The smallest whole number from 1 to `limit` that passes.
 * @param {(value: number) => Promise<boolean>} passes
 * @param {number} limit
 * @returns {Promise<number|null>} null if not even `limit` passes
 */
export async function smallest(passes, limit) {
  let failed = 0;
  let passed = 1;
  while (!(await passes(passed))) {
    failed = passed;
    if (passed === limit) return null;
    passed = Math.min(passed * 2, limit);
  }
  while (passed - failed > 1) {
    const middle = Math.floor((passed + failed) / 2);
    if (await passes(middle)) passed = middle;
    else failed = middle;
  }
  return passed;
}

/** How close the two sides of the highest passing value are, as a ratio. */
export const PRECISION = 1.02;

/** Doublings or halvings before the search gives up: 4,096 times as much or as little as at the start. */
const MOST_DOUBLINGS = 12;

/**
 * The highest value that passes, to within 2 %.
 * @param {(value: number) => Promise<boolean>} passes
 * @param {number} start above 0
 * @returns {Promise<{passed: number|null, failed: number|null}>} the two sides of the border; null where there is none
 */
export async function highest(passes, start) {
  /** @type {number|null} */
  let passed = null;
  /** @type {number|null} */
  let failed = null;
  let value = start;
  for (let i = 0; i <= MOST_DOUBLINGS && (passed === null || failed === null); i += 1) {
    if (await passes(value)) {
      passed = value;
      value *= 2;
    } else {
      failed = value;
      value /= 2;
    }
  }
  while (passed !== null && failed !== null && failed / passed > PRECISION) {
    const middle = Number(Math.sqrt(passed * failed).toPrecision(4));
    if (middle <= passed || middle >= failed) break;
    if (await passes(middle)) passed = middle;
    else failed = middle;
  }
  return { passed, failed };
}

/** So many larger values have to pass as well. */
const NEIGHBOURS = 2;

/**
 * From a value that passes, the smallest one near it from which on its neighbours pass too.
 * @param {(value: number) => Promise<boolean>} passes
 * @param {number} found passes, and the value below fails
 * @param {number} limit
 * @returns {Promise<{value: number|null, exceptions: number[]}>} null if there is none up to the limit; exceptions are
 * values that fail although a smaller one passes, or pass although a larger one fails
 */
export async function steadyFrom(passes, found, limit) {
  /** @type {number[]} */
  const exceptions = [];
  // Below the border that halving has found may be another stretch that passes.
  if (found > 2 && (await passes(found - 2))) exceptions.push(found - 2);
  let value = found;
  for (let next = found + 1; next <= Math.min(value + NEIGHBOURS, limit); next += 1) {
    if (await passes(next)) continue;
    exceptions.push(next);
    value = next + 1;
  }
  return { value: value <= limit && (await passes(value)) ? value : null, exceptions };
}

/** Shares of the highest passing value at which it has to pass as well. */
const BELOW = [0.95, 0.85, 0.7];

/**
 * The highest of the tried values below which none was seen to fail.
 * @param {(value: number) => Promise<boolean>} passes
 * @param {number} found passes
 * @returns {Promise<{value: number|null, exceptions: number[]}>} exceptions are smaller values that fail
 */
export async function steadyUpTo(passes, found) {
  /** @type {number|null} */
  let value = found;
  /** @type {number[]} */
  const exceptions = [];
  for (const share of BELOW) {
    const below = Number((found * share).toPrecision(4));
    if (!(await passes(below))) {
      exceptions.push(below);
      value = null;
    } else value ??= below;
  }
  return { value, exceptions };
}
