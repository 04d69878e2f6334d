import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { kindWords, lengthWords, parameterWords } from '../words/catalogue.js';
import { called, gpuInWords, gpusOf, modelInWords, modelsOf } from './catalogue.js';

/** @type {any} */
let catalog;

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });
  catalog = engine.catalog();
});

test('sizes and lengths are said as people say them', () => {
  assert.deepEqual([30.53e9, 1.573e12, 596e6].map(parameterWords), ['30.5 B', '1.57 T', '596 M']);
  assert.deepEqual([131_072, 1_048_576, 200_000, 40_960, 4097].map(lengthWords), [
    '128k',
    '1M',
    '200k',
    '40k',
    '4,097',
  ]);
  assert.equal(kindWords(true, ['full', 'mamba2', 'linear']), 'hybrid MoE');
  assert.equal(kindWords(false, ['full']), 'dense');
});

test('every bundled model and GPU has figures, and is found by its name in any case', () => {
  const models = modelsOf(null, catalog);
  assert.ok(models.length >= 13 && models.every(({ total }) => (total ?? 0) > 1e8));
  assert.equal(called('QWEN/Qwen3-14B', models)?.title, 'Qwen3 14B');
  assert.match(
    modelInWords('qwen/qwen3-14b', models).note,
    /^14\.8 B parameters · dense · up to 40k tokens · as in BLIS$/,
  );
  const gpus = gpusOf(null, catalog);
  assert.ok(gpus.length >= 18 && gpus.every(({ memory, bandwidth, bf16 }) => memory > 0 && bandwidth > 0 && bf16 > 0));
  assert.match(
    gpuInWords('H200', gpus, undefined).note,
    /^140 GiB · 4\.8 TB\/s · \$3\.39 per hour · shares of the peak borrowed/,
  );
  assert.deepEqual(gpuInWords('', gpus, called('qwen3-14b', models)), {
    title: 'Automatic',
    note: 'H100 with TP 1, the default for this model',
  });
});

test('the user’s own come first and stand in for those of their name', () => {
  const gpu = { ...catalog.gpus[0].figures, name: 'h100', MemoryGiB: 94 };
  const config = /** @type {any} */ ({ model: { own_gpus: [gpu], own_models: null } });
  const gpus = gpusOf(config, catalog);
  assert.equal(gpus.length, catalog.gpus.length);
  assert.deepEqual([gpus[0].own, gpus[0].memory], [true, 94]);
});
