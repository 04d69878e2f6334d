import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureOf, readGpus, UnreadableTable } from './gpu_table.js';

test('GPUs are read from a table, a list, one entry, or settings', () => {
  const gpu = { TFlopsPeak: 500, BwPeakTBs: 2 };
  assert.deepEqual(readGpus(JSON.stringify({ A: gpu, B: gpu })).map(({ name }) => name), ['A', 'B']); // prettier-ignore
  assert.deepEqual(readGpus(`\ufeff${JSON.stringify([{ ...gpu, name: 'C' }])}`), [{ ...gpu, name: 'C' }]);
  assert.deepEqual(readGpus(JSON.stringify(gpu)), [{ ...gpu, name: '' }]);
  assert.deepEqual(readGpus(JSON.stringify({ model: { own_gpus: [{ ...gpu, name: 'D' }] } })), [{ ...gpu, name: 'D' }]);
});

test('what is no table, or has a figure that is none, is refused with the reason', () => {
  const refusal = (/** @type {unknown} */ value) => {
    try {
      readGpus(typeof value === 'string' ? value : JSON.stringify(value));
    } catch (error) {
      assert.ok(error instanceof UnreadableTable);
      return error.message;
    }
    return '';
  };
  assert.match(refusal('{'), /^it is no JSON/);
  assert.match(refusal({ A: 1 }), /^it holds no GPU/);
  assert.match(refusal(null), /^it holds no GPU/);
  assert.equal(refusal({ A: { TFlopsPeak: '500' } }), 'A: “TFlopsPeak” has to be a number');
  assert.match(refusal({ A: { TFlopsPeak: 1, speed: 2 } }), /^A has “speed”, which is none of its figures: MemoryGiB/);
});

test('a figure is typed with a point or a comma, and may be left out where it is optional', () => {
  assert.equal(figureOf(' 3,5 ', false), 3.5);
  assert.equal(figureOf('', true), null);
  assert.ok(Number.isNaN(figureOf('', false)) && Number.isNaN(figureOf('much', true)));
});
