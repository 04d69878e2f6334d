// Searching for a border by doubling and halving. What is searched for is taken to be monotone: where more of it is
// enough, still more is. Of a noisy figure this finds a border, with a value that fails right below it.

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
