import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LONGEST_KEPT, MOST_KEPT, shelve, shelved, unshelve } from './shelf.js';

function storage() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
  };
}

test('what is kept last comes first, once, and can be removed', () => {
  const store = storage();
  for (const name of ['a', 'b', 'a']) shelve('models', { name }, store);
  assert.deepEqual(shelved('models', store), [{ name: 'a' }, { name: 'b' }]);
  unshelve('models', 'a', store);
  assert.deepEqual(shelved('models', store), [{ name: 'b' }]);
  assert.deepEqual(shelved('gpus', store), []);
});

test('no more are kept than there is room for; what is too long lasts as long as the page', () => {
  const store = storage();
  for (let i = 0; i <= MOST_KEPT; i += 1) shelve('gpus', { name: `g${i}` }, store);
  assert.equal(shelved('gpus', store).length, MOST_KEPT);
  assert.equal(shelved('gpus', store)[0].name, `g${MOST_KEPT}`);
  shelve('gpus', /** @type {any} */ ({ name: 'long', text: 'x'.repeat(LONGEST_KEPT) }), store);
  assert.equal(shelved('gpus', store)[0].name, 'long');
  assert.equal(store.getItem('blis-own-gpus')?.includes('long'), false);
  unshelve('gpus', 'long', store);
  assert.equal(shelved('gpus', store)[0].name, `g${MOST_KEPT}`);
});

test('what something else has written is left aside, and a storage that is denied keeps nothing for later', () => {
  const store = storage();
  store.setItem('blis-own-measured', '{"no": "list"}');
  assert.deepEqual(shelved('measured', store), []);
  store.setItem('blis-own-measured', '[1, {"name": 2}, {"name": "x"}]');
  assert.deepEqual(shelved('measured', store), [{ name: 'x' }]);
  const denied = {
    getItem() {
      throw new DOMException('denied');
    },
    setItem() {
      throw new DOMException('denied');
    },
  };
  shelve('measured', { name: 'here' }, denied);
  assert.deepEqual(shelved('measured', denied), [{ name: 'here' }]);
  unshelve('measured', 'here', denied);
});
