// Distributions in bins that several of them have in common, so that they can be laid over each other.

/** A distribution as shares of its samples up to and including a value, ascending. @typedef {{ms: ArrayLike<number>, share: ArrayLike<number>}} Cumulative */

/**
 * The next of 1, 2, 5, 10, 20, ... that is no smaller.
 * @param {number} value
 */
export function roundedUp(value) {
  if (!(value > 0) || value === Infinity) return 1;
  const exponent = Math.floor(Math.log10(value));
  const digit = [1, 2, 5].find((leading) => Number(`${leading}e${exponent}`) >= value);
  return Number(digit === undefined ? `1e${exponent + 1}` : `${digit}e${exponent}`);
}

/**
 * The share of samples up to and including a value.
 * @param {Cumulative} distribution
 * @param {number} value
 */
export function shareUpTo({ ms, share }, value) {
  let low = 0;
  let high = ms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ms[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : share[low - 1];
}

/**
 * Where an axis from 0 ends that is to hold all of them: a round value, which stays while they change a little.
 * @param {...(Cumulative|null|undefined)} distributions
 */
export function commonEnd(...distributions) {
  return roundedUp(Math.max(...distributions.map((each) => (each?.ms.length ? each.ms[each.ms.length - 1] : 0))));
}

/**
 * The edges of as many even bins from 0 to an end.
 * @param {number} end
 * @param {number} bins
 */
export function evenEdges(end, bins) {
  return Array.from({ length: bins + 1 }, (_unused, i) => (end * i) / bins);
}

/**
 * The percentage of the samples in each bin, its upper edge included and in the first one the lower, too.
 * @param {Cumulative} distribution
 * @param {number[]} edges
 */
export function binned(distribution, edges) {
  const upTo = edges.map((edge, i) => (i === 0 ? 0 : 100 * shareUpTo(distribution, edge)));
  return upTo.slice(1).map((share, i) => share - upTo[i]);
}
