// The page's opening: the guide's example, and the three instance counts that make its point. At 4, each instance gets more
// prompts than it can read; at 8 it reads them but cannot finish answers as fast as they come, which shows once batches
// are full; at 12 it holds.

/** @import {Pair} from '../shared/types.d.ts' */

/** The counts of the guide, one in each zone. */
export const COUNTS = [4, 8, 12];

/**
 * The seed of the guide, with which BLIS gives the same figures: TTFT p99 of 1,497, 63 and 54 ms.
 */
export const OPENING_SEED = 42;

/**
 * Qwen3-14B on one H100 per instance, roofline, 1,000 requests at 200 per second, round-robin.
 * @param {number} instances
 * @returns {Pair[]}
 */
export function openingPairs(instances = COUNTS[0]) {
  return [
    ['model', 'qwen/qwen3-14b'],
    ['gpu', 'H100'],
    ['tp', '1'],
    ['latency', 'roofline'],
    ['instances', String(instances)],
    ['workload', 'distribution'],
    ['rate', '200'],
    ['n', '1000'],
    ['route', 'round-robin'],
    ['seed', String(OPENING_SEED)],
  ];
}
