// What choosing a model sets, asked of the engine.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { modelsOf, called } from '../../settings/catalogue.js';
import { gpuValues, modelChoice, roomFor } from './use.js';

/** @import {Pair} from '../../shared/types.d.ts' */

/** @type {any} */
let catalog;

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
  catalog = engine.catalog();
});

const ask = async (/** @type {any} */ settings) => /** @type {any} */ (engine.fits(settings));

/** @param {Pair[]} pairs */
function read(pairs) {
  const { config, rejected } = engine.configFromPairs(pairs.filter(([, text]) => text !== ''));
  assert.deepEqual(rejected, []);
  return /** @type {any} */ (config);
}

test('every bundled model can be chosen: what it cannot do without comes with it', async () => {
  const config = read([]);
  for (const facts of modelsOf(null, catalog)) {
    const { values, fits, roofline } = await modelChoice(facts, null, config, catalog, ask);
    assert.ok(fits, facts.name);
    assert.deepEqual(engine.validate(read(values)), [], facts.name);
    assert.equal(
      roofline,
      values.some(([key]) => key === 'latency'),
      facts.name,
    );
  }
});

test('what a person has set stays, and the digits of the reference’s models are not touched', async () => {
  const facts = called('meta-llama/llama-3.1-70b-instruct', modelsOf(null, catalog));
  assert.ok(facts);
  const config = read([['gpu', 'H100'], ['tp', '1']]); // prettier-ignore
  const choice = await modelChoice(facts, null, config, catalog, ask);
  assert.deepEqual(choice.values, [['model', facts.name], ['ownmodels', '']]); // prettier-ignore
  assert.equal(choice.fits, false);
});

test('a GPU of one’s own comes with as many as the model needs', async () => {
  const config = read([['model', 'meta-llama/llama-3.1-70b-instruct'], ['tp', '1'], ['gpu', 'H200']]); // prettier-ignore
  const gpu = { ...catalog.gpus[0].figures, name: 'Small', MemoryGiB: 48 };
  const values = await roomFor(gpu, gpuValues('Small', gpu, config), config, ask);
  assert.deepEqual(values.map(([key]) => key), ['gpu', 'owngpus', 'tp']); // prettier-ignore
  assert.deepEqual(engine.validate(read([['model', 'meta-llama/llama-3.1-70b-instruct'], ...values])), []);
});
