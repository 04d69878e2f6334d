import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingList, namedList } from './named_list.js';
import { recipeOf } from './recipe.js';

test('settings name a list, hold one, or have none', () => {
  const list = { digest: 'd1', name: 'a.csv', requests: 3 };
  assert.deepEqual(namedList([['requests', JSON.stringify(list)]]), list);
  assert.deepEqual(namedList([['requests', '{"digest":"d1"}']]), { digest: 'd1', name: '', requests: 0 });
  for (const text of ['[{"arrival_us":5}]', '{"digest":', '{"name":"a"}', ''])
    assert.equal(namedList([['requests', text]]), null, text);
  assert.equal(namedList([['rate', '3']]), null);
});

test('a list that is not there is told by its name', () => {
  assert.equal(missingList({ path: 'workload.requests', value: 'the list a.csv' }), 'a.csv');
  assert.equal(missingList({ path: 'workload.requests', value: '7' }), null);
  assert.equal(missingList({ path: 'workload.rate', value: 'the list a.csv' }), null);
});

test('how a list was made is taken only where it is whole', () => {
  const from = { file: 'a.csv', header: false, options: {}, slices: { first: 3 } };
  assert.deepEqual(recipeOf({ from }), from);
  for (const wrong of [undefined, {}, { from: null }, { from: 'a.csv' }, { from: { ...from, slices: null } }])
    assert.equal(recipeOf(wrong), null);
});
