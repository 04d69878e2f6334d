import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgetList, keepList, keptLists, MAX_LIST_BYTES, noteList, NotKept, packedList } from './list_store.js';

/** A storage in memory. */
function storage() {
  /** @type {Map<string, any>} */
  const entries = new Map();
  return {
    entries,
    get: async (/** @type {string} */ key) => entries.get(key),
    set: async (/** @type {string} */ key, /** @type {any} */ value) => void entries.set(key, value),
    del: async (/** @type {string} */ key) => void entries.delete(key),
    update: async (/** @type {string} */ key, /** @type {(value: any) => any} */ change) =>
      void entries.set(key, change(entries.get(key))),
  };
}

const denied = () => Promise.reject(new Error('denied'));
const DENIED = { get: denied, set: denied, del: denied, update: denied };

/**
 * @param {string} digest
 * @param {number} usedAt
 * @param {number} bytes
 */
const note = (digest, usedAt, bytes = 3) => ({
  digest,
  name: `${digest}.csv`,
  requests: 7,
  bytes,
  usedAt,
  made: 'CSV',
});

const BYTES = new Uint8Array([1, 2, 3]);

test('lists are kept with their notes, the one used last first', async () => {
  const store = storage();
  assert.deepEqual(await keepList(note('a', 1), BYTES, store), []);
  await keepList(note('b', 2), BYTES, store);
  assert.deepEqual(await keptLists(store), [note('b', 2), note('a', 1)]);
  await noteList('a', { usedAt: 3, name: 'my day' }, store);
  assert.deepEqual(await keptLists(store), [{ ...note('a', 3), name: 'my day' }, note('b', 2)]);
  assert.deepEqual(await packedList('a', store), BYTES);
});

test('the same list twice is one', async () => {
  const store = storage();
  await keepList(note('a', 1), BYTES, store);
  await keepList({ ...note('a', 2), name: 'again' }, BYTES, store);
  assert.deepEqual(await keptLists(store), [{ ...note('a', 2), name: 'again' }]);
});

test('the lists that were not used for longest make room', async () => {
  const store = storage();
  const third = MAX_LIST_BYTES / 3;
  for (const [at, digest] of ['a', 'b', 'c'].entries()) await keepList(note(digest, at, third), BYTES, store);
  const gone = await keepList(note('d', 9, third), BYTES, store);
  assert.deepEqual(gone, [note('a', 0, third)]);
  assert.equal(await packedList('a', store), undefined);
  assert.deepEqual(
    (await keptLists(store)).map(({ digest }) => digest),
    ['d', 'c', 'b'],
  );
});

test('a list that is removed leaves nothing', async () => {
  const store = storage();
  await keepList(note('a', 1), BYTES, store);
  await forgetList('a', store);
  assert.deepEqual(await keptLists(store), []);
  assert.deepEqual([...store.entries.keys()], ['all notes']);
});

test('what something else has written is left aside', async () => {
  const store = storage();
  await store.set('all notes', [{ digest: 1 }, null, note('a', 1)]);
  assert.deepEqual(await keptLists(store), [note('a', 1)]);
  await store.set('b', 'no bytes');
  assert.equal(await packedList('b', store), undefined);
});

test('denied storage is told when something is to be kept, and is empty otherwise', async () => {
  assert.deepEqual(await keptLists(DENIED), []);
  assert.equal(await packedList('a', DENIED), undefined);
  await assert.rejects(keepList(note('a', 1), BYTES, DENIED), NotKept);
});
