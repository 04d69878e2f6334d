// What fits on which GPUs, asked of the engine and turned into marks and ways out.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { doors, needsRoofline, reasonAgainst } from './fits.js';

/** @import {Fit, Pair} from '../shared/types.d.ts' */

const LLAMA_70B = 'meta-llama/llama-3.1-70b-instruct';

/** What the engine says of the choices around one. @param {{model: string, gpu: string}} choice @param {string} [latency] @returns {Fit[]} */
function around({ model, gpu }, latency = 'trained-physics') {
  const { config } = engine.configFromPairs([
    ['model', model],
    ['latency', latency],
    ...(gpu === '' ? [] : [/** @type {Pair} */ (['gpu', gpu])]),
  ]);
  return /** @type {Fit[]} */ (engine.fits(config));
}

/** @type {any} */
let catalog;

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });
  catalog = engine.catalog();
});

/**
 * Whether the engine takes a choice, asked without `fits`.
 * @param {Pair[]} pairs
 */
const runs = (pairs) => {
  const { config, rejected } = engine.configFromPairs(pairs);
  return rejected.length === 0 && engine.validate(config).length === 0;
};

test('every mark is true: what is not marked can be run, what is marked cannot', () => {
  for (const { name: model } of catalog.models) {
    const fits = around({ model, gpu: 'L40S' });
    for (const gpu of ['', ...catalog.gpus.map((/** @type {any} */ { name }) => name)]) {
      for (const tp of ['', '1', '2', '4', '8', '16', '32']) {
        const pairs = /** @type {Pair[]} */ (
          [
            ['model', model],
            ['gpu', gpu],
            ['tp', tp],
          ].filter(([, text]) => text)
        );
        const reason = reasonAgainst(fits, { model, gpu, tp });
        assert.equal(reason === null, runs(pairs), `${model} on ${gpu || 'default'} × ${tp || 'default'}: ${reason}`);
      }
    }
  }
});

test('every door leads to settings that run', () => {
  for (const { name: model } of catalog.models) {
    for (const gpu of ['', 'H100', 'L40S']) {
      for (const tp of ['1', '3', '8', '']) {
        const choice = { model, gpu, tp };
        const set = /** @type {Pair[]} */ ([
          ['model', model],
          ['gpu', gpu],
          ['tp', tp],
        ]);
        const here = set.filter(([, text]) => text !== '');
        const now = around(choice);
        const roofline = needsRoofline(now, model);
        const found = doors(roofline ? around(choice, 'roofline') : now, choice, catalog, roofline);
        if (!runs(here)) assert.notEqual(found.length, 0, `${model} on ${gpu} × ${tp}`);
        for (const { label, values } of found)
          assert.ok(runs([...new Map([...here, ...values])]), `${model} on ${gpu} × ${tp}: ${label}`);
      }
    }
  }
});

test('a model that is too large names the number of GPUs that it needs', () => {
  const choice = { model: LLAMA_70B, gpu: 'L40S', tp: '1' };
  assert.equal(reasonAgainst(around(choice), choice), 'needs 4 GPUs');
  // A menu of models asks about them on the GPU of another one.
  assert.equal(reasonAgainst(around({ model: 'qwen/qwen3-14b', gpu: 'L40S' }), choice), 'needs 4 GPUs');
  assert.deepEqual(doors(around(choice), choice, catalog)[0], {
    label: 'Use 4 GPUs per instance',
    values: [['tp', '4']],
  });
});

test('a model without a default GPU has no automatic one, and the way out names a GPU', () => {
  const model = 'deepseek-ai/deepseek-v2-lite';
  const fits = around({ model, gpu: '' });
  assert.equal(reasonAgainst(fits, { model, gpu: '', tp: '1' }), 'no default GPU');
  assert.deepEqual(doors(fits, { model, gpu: '', tp: '1' }, catalog), [
    { label: 'Use H100', values: [['gpu', 'H100']] },
  ]);
});
