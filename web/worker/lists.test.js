import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listsIn } from './lists.js';

const LIST = { digest: 'd1', name: 'a.csv', requests: 3 };
const CONFIG = { seed: 1, workload: { requests: LIST } };
const PAIR = ['requests', JSON.stringify(LIST)];

test('lists are found in configurations and pairs, wherever a question has them', () => {
  for (const question of [
    CONFIG,
    { config: CONFIG },
    { variants: [CONFIG], seeds: [1] },
    { pairs: [['rate', '3'], PAIR], limit: 7 },
    { imported: CONFIG },
    [PAIR],
  ])
    assert.deepEqual(listsIn(question), [LIST], JSON.stringify(question));
});

test('rows, other documents and other values name none', () => {
  for (const question of [
    undefined,
    null,
    7,
    'requests',
    { workload: { requests: [{ arrival_us: 3 }] } },
    { workload: { requests: null } },
    {
      pairs: [
        ['requests', '[{"arrival_us":3}]'],
        ['spec', '{"clients":[]}'],
        ['name', '{"digest"'],
      ],
    },
    new Uint8Array(3),
  ])
    assert.deepEqual(listsIn(question), []);
});
