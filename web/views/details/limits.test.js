import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { LIMITS, waitInWords, waitsInWords } from '../../words/limits.js';
import { limitsSummary } from './limits.js';

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

/** @param {any} config */
function run(config, track = true) {
  const simulation = new engine.Simulation(config);
  if (track) simulation.trackLimits();
  while (!simulation.advance(1e9).done);
  return simulation.finish();
}

/** @param {object} part @returns {any} */
const waitOf = (part = {}) => ({
  instance: 0,
  from_us: 1_000_000,
  to_us: 1_500_000,
  admitted: true,
  before: 44,
  steps: 11,
  admissions: 44,
  times_us: { step_budget: 490_000, slots: 0, kv_blocks: 0, step_under_way: 10_000 },
  ...part,
});

/** @param {object} part @returns {any} */
const timesOf = (part) => ({ step_budget: 0, slots: 0, kv_blocks: 0, step_under_way: 0, ...part });

test('a run that asks has the shares of its limits, and another one has none', () => {
  const config = openingConfig(4);
  const result = run(config);
  const plain = run(config, false);
  const limits = result.limits;
  assert.ok(limits !== null);
  assert.equal(limits.per_instance.length, 4);
  for (const shares of [limits.overall, ...limits.per_instance]) {
    const sum = Object.values(shares).reduce((all, share) => all + share, 0);
    assert.ok(Math.abs(sum - 1) < 1e-9, `${sum}`);
  }
  assert.ok(limits.overall.step_budget > limits.overall.slots, 'the opening run waits for prompts to be read');
  assert.equal(plain.limits, null);
  assert.equal(result.digest, plain.digest);
  result.free();
  plain.free();
});

test('the wait of a request comes from the engine, and is null for a request that joins no queue', () => {
  const config = openingConfig(4);
  const wait = engine.explainWait(config, 900);
  assert.ok(wait !== null && typeof wait.to_us === 'number' && wait.admitted);
  const { step_budget: budget, slots, kv_blocks: blocks, step_under_way: step } = wait.times_us;
  assert.equal(budget + slots + blocks + step, wait.to_us - wait.from_us);
  assert.throws(() => engine.explainWait(config, 1e9), /request: got 1000000000, expected a whole number from 0 to /);
});

test('the limits of a moment have words, and there is none where nothing waits', () => {
  const playback = new engine.Playback(openingConfig(4));
  const moment = playback.seek(4_000_000);
  assert.equal(moment.limits.length, moment.instanceCount);
  assert.ok(moment.limits.some((limit) => limit !== null && LIMITS[limit].name !== ''));
  moment.free();
  const start = playback.seek(0);
  assert.deepEqual(start.limits, [null, null, null, null]);
  start.free();
  playback.free();
});

test('the line under an instance names the limit only while requests wait', () => {
  assert.equal(waitsInWords({ waiting: 3, limit: 'step_budget' }), 'waits: prompt reading is full');
  assert.equal(waitsInWords({ waiting: 3, limit: 'slots' }), 'waits: slots are full');
  assert.equal(waitsInWords({ waiting: 3, limit: 'kv_blocks' }), 'waits: KV blocks are full');
  assert.equal(waitsInWords({ waiting: 1, limit: 'step_under_way' }), 'waits: for the end of the step');
  assert.equal(waitsInWords({ waiting: 0, limit: 'slots' }), 'nothing waits');
  assert.equal(waitsInWords({ waiting: 2, limit: null }), 'nothing waits');
});

test('the wait of a request names the requests before it and how the queue moved', () => {
  assert.equal(
    waitInWords(waitOf(), 256),
    '44 requests were ahead of it; each step read about 4 prompts. It waited 500 ms: 98% step budget, 2% step under way.',
  );
  assert.equal(
    waitInWords(waitOf({ steps: 812, times_us: timesOf({ slots: 500_000 }) }), 256),
    '44 requests were ahead of it; all 256 slots were taken: 44 requests joined the batch in 812 steps. It waited 500 ms.',
  );
  assert.equal(
    waitInWords(waitOf({ before: 1, admissions: 1, times_us: timesOf({ kv_blocks: 500_000 }), admitted: false }), 256),
    '1 request was ahead of it; KV blocks were full: 1 request joined the batch in 11 steps. It waited 500 ms until it gave up.',
  );
  assert.equal(
    waitInWords(waitOf({ before: 0, times_us: timesOf({ step_under_way: 500_000 }) }), 256),
    'No request was ahead of it; it waited for the step under way to end. It waited 500 ms.',
  );
  assert.equal(
    waitInWords(waitOf({ before: 0, to_us: 1_000_000, times_us: timesOf({}) }), 256),
    'No request was ahead of it; it joined the next batch at once.',
  );
});

test('Details say during which share of the time requests waited for the worst limit', () => {
  const overall = { step_budget: 0.6, slots: 0.1, kv_blocks: 0, step_under_way: 0.1, nothing: 0.2 };
  assert.equal(
    limitsSummary({ span_s: 50, overall, per_instance: [overall] }),
    'Of 50 s from first arrival to last completion, requests waited for the step budget during 60%; nothing waited during 20% (mean over instances).',
  );
  const none = { step_budget: 0, slots: 0, kv_blocks: 0, step_under_way: 0.1, nothing: 0.9 };
  assert.match(limitsSummary({ span_s: 50, overall: none, per_instance: [none] }), /never waited for a limit/);
});
