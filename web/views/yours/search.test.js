import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches, searchedGpu, searchedModel } from './search.js';

/** @param {object} facts */
const model = (facts) =>
  searchedModel(
    /** @type {any} */ ({ name: '', title: '', kind: 'dense', format: '', total: null, longest: 40_960, ...facts }),
    'as in BLIS',
  );

const QWEN = model({ name: 'qwen/qwen3-30b-a3b', title: 'Qwen3-30B-A3B', kind: 'MoE', total: 30.5e9 });
const SCOUT = model({ title: 'Llama-4-Scout-17B-16E', kind: 'sliding MoE', total: 107.8e9, longest: 10_485_760 });
const QWEN35 = model({ title: 'Qwen3.5-27B', kind: 'hybrid dense', total: 26.9e9, longest: 262_144 });
const LLAMA = model({ title: 'Llama-3.1-8B', total: 8.03e9, longest: 131_072 });

test('a model is found by words in any order, by a size and by a longest request', () => {
  assert.ok(matches('moe 30b', QWEN) && matches('30b moe', QWEN) && matches('  QWEN  ', QWEN));
  assert.ok(matches('qwen 3.5', QWEN35) && matches('qwen3.5', QWEN35) && !matches('qwen 3.5', QWEN));
  assert.ok(matches('128k', LLAMA) && !matches('128k', QWEN35) && matches('256k', QWEN35));
  assert.ok(matches('128k+', QWEN35) && matches('>128k', LLAMA) && !matches('>128k', QWEN));
  assert.ok(matches('< 10b', LLAMA) && !matches('<10b', QWEN));
  assert.ok(matches('108b', SCOUT) && matches('110b', SCOUT) && matches('10m', SCOUT));
  assert.ok(matches('as in blis', LLAMA) && matches('', LLAMA));
});

test('a number is not found in the middle of another one, nor a word in the middle of one', () => {
  assert.ok(!matches('7b', model({ title: 'Qwen3.5-27B', total: 27e9 })));
  assert.ok(!matches('0b', QWEN) && !matches('wen', QWEN));
  assert.ok(!matches('moe', LLAMA));
  assert.ok(matches('a3b', QWEN));
});

test('without a limit a model takes any length', () => {
  assert.ok(matches('>128k', model({ longest: null })));
});

test('a GPU is found by name, memory and what it can do', () => {
  const gpu = searchedGpu(/** @type {any} */ ({ name: 'B200', title: 'B200 SXM' }), '179 GiB · 7.7 TB/s · fp4');
  assert.ok(matches('b200', gpu) && matches('fp4', gpu) && matches('179', gpu) && !matches('80', gpu));
});
