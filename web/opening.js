// The opening story: the guide's example, and the three instance counts that make its point.

/** @import {Config} from './types.d.ts' */

/** The counts that the buttons offer. */
export const COUNTS = [4, 8, 12];

/**
 * The seed of the story. A story should show what usually happens, and the default seed 42 happens to give a TTFT p99 at
 * 12 instances (58.4 ms) that is higher than in all 20 runs recorded of the reference simulator. Of the seeds up to 42,
 * this one comes closest to the recorded means at all three counts; a test repeats the choice.
 */
export const STORY_SEED = 9;

/**
 * Qwen3-14B on one H100 per instance, roofline, 1,000 requests at 200 per second, round-robin.
 * @param {Config} defaults
 * @param {number} instances
 * @returns {Config}
 */
export function openingStory(defaults, instances = COUNTS[0]) {
  return {
    ...defaults,
    model: { ...defaults.model, name: 'qwen/qwen3-14b', hardware: 'H100', tp: 1, latency_model: 'roofline' },
    cluster: { ...defaults.cluster, num_instances: instances },
    routing: { ...defaults.routing, policy: 'round-robin' },
    workload: { ...defaults.workload, kind: 'distribution', rate: 200, num_requests: 1000 },
    trace: { ...defaults.trace, counterfactual_k: 1 },
    seed: STORY_SEED,
  };
}
