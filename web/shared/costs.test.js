import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costWords, memoryWords, timeWords } from './costs.js';

test('times and memory are told as roughly as they are known', () => {
  assert.deepEqual([0.02, 1.4, 8.2, 47, 99, 100, 170, 3000].map(timeWords), [
    'about 1 s',
    'about 1 s',
    'about 8 s',
    'about 50 s',
    'about 100 s',
    'about 2 min',
    'about 3 min',
    'about 50 min',
  ]);
  assert.deepEqual([4e6, 47e6, 687e6, 994e6, 996e6, 999.6e6, 1.34e9, 3.96e9].map(memoryWords), [
    'about 4 MB',
    'about 50 MB',
    'about 690 MB',
    'about 990 MB',
    'about 1 GB',
    'about 1 GB',
    'about 1.3 GB',
    'about 4 GB',
  ]);
  assert.equal(costWords({ bytes: 700e6, seconds: 8 }), 'about 700 MB, about 8 s');
});
