import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { tierWords } from '../../words/cluster.js';
import { circlingWords } from '../../words/headline.js';
import { tiersWords } from '../../words/tier.js';
import { tierSpec } from './tier.js';

/** @type {any} */
const TIER = { capacity: 400, used: 100, stores: 36, evictions: 33, reloads: 5, transfer_us: 1500 };

test('the map tells the share of its blocks, where and when it was largest', () => {
  /** @type {any} */
  const details = {
    seconds: Float64Array.of(0, 2, 4),
    instanceCount: 2,
    tierBlocks: Uint32Array.of(0, 0, 10, 300, 20, 200),
  };
  const spec = tierSpec(details, 400);
  assert.equal(spec.value(1, 1), 75);
  assert.equal(spec.summary, 'At most 75 % of its blocks, on instance 1 at 2 s.');
  assert.equal(tierSpec({ ...details, tierBlocks: new Uint32Array(6) }, 400).summary, 'Always 0 % of its blocks.');
});

test('the words say what is stored, evicted and brought back, and for how long', () => {
  assert.equal(tierWords(TIER), 'CPU tier 100 of 400 blocks, 36 stored, 33 evicted, 5 brought back in 1.5 ms');
  assert.equal(
    tiersWords([TIER, TIER]),
    '72 blocks stored, 91.7% of them evicted again; 10 brought back, which made steps 3 ms longer in all.',
  );
});

test('a livelock is warned of, and nothing else is', () => {
  /** @param {number|null} circling @returns {any} */
  const summary = (circling) => ({ tiers: circling === null ? null : { circling } });
  assert.match(circlingWords(summary(1)), /^Livelock: 1 request was evicted/);
  assert.match(circlingWords(summary(5)), /^Livelock: 5 requests were/);
  for (const quiet of [0, null]) assert.equal(circlingWords(summary(quiet)), '');
});

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

/** Conversations that are too large for the GPU's blocks, of which some seeds run into the livelock. */
const TIGHT = {
  version: '2',
  aggregate_rate: 5,
  num_requests: 120,
  clients: [
    {
      id: 'chat',
      rate_fraction: 1,
      arrival: { process: 'poisson' },
      input_distribution: { type: 'gaussian', params: { mean: 120, std_dev: 60, min: 8, max: 600 } },
      output_distribution: { type: 'exponential', params: { mean: 120, min: 2, max: 500 } },
      reasoning: { multi_turn: { max_rounds: 6, think_time_us: 2_000_000, context_growth: 'accumulate' } },
    },
  ],
};

test('a run with a livelock is warned of, and one of the same load without is not', () => {
  /** @param {number} seed */
  const summaryOf = (seed) => {
    const result = engine.simulate(
      /** @type {any} */ ({
        model: { name: 'qwen/qwen3-14b' },
        cluster: { num_instances: 2 },
        routing: { policy: 'weighted' },
        memory: { total_kv_blocks: 500, kv_cpu_blocks: 4000, kv_transfer_base_latency: 100 },
        workload: { spec: { ...TIGHT, seed } },
        seed,
      }),
    );
    const { summary } = result;
    result.free();
    return summary;
  };
  assert.equal(circlingWords(summaryOf(1)), '');
  const stuck = summaryOf(3);
  assert.equal(stuck.timed_out, 5);
  assert.match(circlingWords(stuck), /^Livelock: \d+ requests were/);
});
