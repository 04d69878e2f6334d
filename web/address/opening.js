// The page's opening: the guide's example, and the three instance counts that make its point. At 4, each instance gets more
// prompts than it can read; at 8 it reads them but cannot finish answers as fast as they come, which shows once batches
// are full; at 12 it holds.

/** @import {Pair} from '../shared/types.d.ts' */

/** The counts of the guide, one in each zone. */
export const COUNTS = [4, 8, 12];

/**
 * The seed of the opening, which should show what usually happens. The default seed 42 happens to give a TTFT p99 at
 * 12 instances (58.4 ms) that is higher than in all 20 runs recorded of the reference simulator. Of the seeds up to 42,
 * this one comes closest to the recorded means at all three counts; a test repeats the choice.
 */
export const OPENING_SEED = 9;

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
