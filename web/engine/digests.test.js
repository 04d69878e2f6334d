// The package as another program would use it: in Node, without our page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../tests/opening_config.js';
import { openingPairs } from '../address/opening.js';

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

/** @import {Config} from '../shared/types.d.ts' */

/** @param {Config} config */
function digestOf(config) {
  const result = engine.simulate(config);
  try {
    return result.digest;
  } finally {
    result.free();
  }
}

/** Configurations with the digests of the native build: `tests/it/digests.rs` and `tests/wasm.rs` hold the same list. */
const recorded = JSON.parse(readFileSync(new URL('../../tests/digests.json', import.meta.url), 'utf8'));

test('there are recorded digests to compare with', () => {
  assert.ok(recorded.length > 3);
});

for (const { name, config, digest } of recorded) {
  test(`Node computes the native digest of ${name}`, () => {
    assert.equal(digestOf(config), digest);
  });
}

test('a run cut into slices has the digest of the uncut run', () => {
  const config = openingConfig(4);
  const simulation = new engine.Simulation(config);
  let slices = 0;
  while (!simulation.advance(500).done) slices += 1;
  const result = simulation.finish();
  assert.ok(slices > 10, `only ${slices} slices`);
  assert.equal(result.digest, digestOf(/** @type {Config} */ (config)));
  result.free();
});

test('the same settings give the same digest, another seed another one', () => {
  assert.equal(digestOf(openingConfig(4)), digestOf(openingConfig(4)));
  assert.notEqual(digestOf({ ...openingConfig(4), seed: 43 }), digestOf(openingConfig(4)));
});

test('a refused setting is an Error that names path, value and what was expected', () => {
  const config = openingConfig(4);
  config.workload = { ...config.workload, rate: -1 };
  assert.throws(
    () => engine.simulate(config),
    (/** @type {any} */ error) =>
      error instanceof Error &&
      /** @type {any} */ (error).path === 'workload.rate' &&
      /** @type {any} */ (error).value === '-1' &&
      /** @type {any} */ (error).expected.length > 0,
  );
});

test('settings survive the way to pairs and back', () => {
  const config = openingConfig(12);
  const { config: again, rejected } = engine.configFromPairs(engine.configToPairs(config));
  assert.deepEqual(rejected, []);
  assert.deepEqual(again, config);
});

test('every setting of the schema has a key of its own and a label', () => {
  const settings = engine.schema();
  const keys = settings.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(!keys.includes('v'), 'the address uses v for its version');
  assert.ok(settings.every(({ label, help }) => label.length > 0 && help.length > 0));
});

test('the runs of a sweep have the figures of single runs, whatever they share', () => {
  const base = openingConfig(4);
  const variants = [
    openingConfig(1),
    openingConfig(12),
    { ...base, workload: { ...base.workload, rate: 50 } },
    { ...base, model: { ...base.model, tp: 2 } },
  ];
  const sweep = new engine.Sweep(variants);
  for (const seed of [9, 10]) {
    variants.forEach((variant, index) => {
      sweep.start(index, BigInt(seed));
      while (!sweep.advance(700));
      const result = engine.simulate({ ...variant, seed });
      assert.deepEqual(sweep.finish(), result.summary, `variant ${index}, seed ${seed}`);
      result.free();
    });
  }
  assert.equal(sweep.finish(), null);
  assert.throws(() => sweep.start(4, 1n), /variant/);
  sweep.free();
});

test('settings that stay in the engine are the same as those that are handed to it', () => {
  const pairs = openingPairs(8);
  const settings = new engine.Settings(pairs);
  const { config, rejected } = engine.configFromPairs(pairs);
  assert.deepEqual(settings.config, config);
  assert.deepEqual([settings.rejected, settings.problems()], [rejected, []]);
  assert.deepEqual(settings.pairs, engine.configToPairs(config));
  const simulation = settings.simulation();
  while (!simulation.advance(1e6).done);
  const result = simulation.finish();
  assert.equal(result.digest, digestOf(/** @type {Config} */ (config)));
  result.free();
  settings.free();
});

test('settings that cannot be read or run are named, and the others kept', () => {
  const settings = new engine.Settings([
    ['instances', 'many'],
    ['rate', '-1'],
    ['n', '7'],
  ]);
  assert.deepEqual(
    settings.rejected.map(({ path, value }) => [path, value]),
    [['cluster.num_instances', 'many']],
  );
  assert.deepEqual(settings.problems(), engine.validate(settings.config));
  assert.equal(settings.config.workload?.num_requests, 7);
  assert.throws(() => settings.simulation(), { path: 'workload.rate', value: '-1' });
  settings.free();
});
