import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedPairs } from './seed.js';

const schema = /** @type {any} */ ([
  { path: 'seed', key: 'seed' },
  { path: 'workload.spec', key: 'spec' },
]);

test('another seed is that of a workload specification, too', () => {
  assert.deepEqual(seedPairs([['rate', '5']], schema, 7), [['seed', '7']]);
  const own = JSON.stringify({ version: '2', seed: 3, clients: [{ id: 'chat' }] });
  const large = 9007199254740993n;
  assert.deepEqual(seedPairs([['spec', own]], schema, large), [
    ['seed', '9007199254740993'],
    ['spec', '{"seed":9007199254740993,"version":"2","clients":[{"id":"chat"}]}'],
  ]);
  assert.deepEqual(seedPairs([['spec', '{}']], schema, 7)[1], ['spec', '{"seed":7}']);
});
