import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenKeys, hiddenParts, namesFor } from './hidden.js';

/** @import {Setting} from '../shared/types.d.ts' */

/** @param {string} key @param {string} path @param {Setting['group']} group */
const setting = (key, path, group) => ({ key, path, group });

const SCHEMA = [
  setting('instances', 'cluster.num_instances', 'cluster'),
  setting('rate', 'workload.rate', 'workload'),
  setting('seed', 'seed', 'workload'),
  setting('n', 'workload.num_requests', 'workload'),
  setting('gpu', 'model.hardware', 'model'),
];

const hidden = (/** @type {string} */ hide) => [...hiddenKeys(hide, SCHEMA)];

test('a link hides settings by key, by section, or all but some', () => {
  assert.deepEqual(hidden('rate,seed'), ['rate', 'seed']);
  assert.deepEqual(hidden('settings.traffic'), ['seed', 'n']);
  assert.deepEqual(hidden('settings,-rate'), ['instances', 'seed', 'n', 'gpu']);
  assert.deepEqual(hidden('settings,-settings.traffic,n'), ['instances', 'rate', 'n', 'gpu']);
  assert.deepEqual(hidden(''), []);
  assert.deepEqual(hidden('nothing,-rate,places'), []);
});

test('a link hides parts of the page by name and by group', () => {
  assert.deepEqual(hiddenParts('places,-places.lessons,more.digest,rate'), [
    'places.story',
    'places.explore',
    'places.plan',
    'more.digest',
  ]);
  assert.deepEqual(hiddenParts('settings'), []);
});

const BRANCH = {
  name: 'settings',
  parts: [
    { name: 'settings.first', parts: ['instances', 'rate'].map((name) => ({ name, parts: [] })) },
    { name: 'settings.traffic', parts: ['seed', 'n'].map((name) => ({ name, parts: [] })) },
    { name: 'settings.model', parts: [{ name: 'gpu', parts: [] }] },
  ],
};

test('the names in a link are the fewest that hide the same', () => {
  const names = (/** @type {string[]} */ ...leaves) => namesFor(BRANCH, new Set(leaves)).join();
  assert.equal(names(), '');
  assert.equal(names('instances', 'rate', 'seed', 'n', 'gpu'), 'settings');
  assert.equal(names('instances', 'seed', 'n', 'gpu'), 'settings,-rate');
  assert.equal(names('rate', 'seed'), 'rate,seed');
  assert.equal(names('gpu'), 'gpu');
});

test('whatever is hidden, its names hide exactly that', () => {
  const leaves = ['instances', 'rate', 'seed', 'n', 'gpu'];
  for (let mask = 0; mask < 2 ** leaves.length; mask += 1) {
    const some = leaves.filter((_leaf, bit) => mask & (2 ** bit));
    assert.deepEqual(hidden(namesFor(BRANCH, new Set(some)).join()), some);
  }
});
