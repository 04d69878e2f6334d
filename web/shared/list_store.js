// Lists of requests that a person has brought in, kept in the browser: every worker reads them from here, reloads and other tabs
// find them again. A list is known by the digest of its content, so that settings stay small. Oldest are given up when there are too
// many bytes; nothing leaves the machine.

import { createStore, del, get, set, update } from 'idb-keyval';

/**
 * A list that is kept, without its requests.
 * @typedef {object} KeptList
 * @property {string} digest of its content
 * @property {string} name of its file, or what a person calls it
 * @property {number} requests
 * @property {number} bytes that it takes
 * @property {number} usedAt when it was last used, ms since 1970
 * @property {unknown} [from] how its file was read and cut (recipe.js)
 * @property {string} made what was read and how: the format, and what was cut out, in words
 */

/** All lists together take at most so many bytes. */
export const MAX_LIST_BYTES = 256 * 2 ** 20;

/** Where the notes of all lists stand; digests have no spaces. */
const NOTES = 'all notes';

/** @typedef {{get: (key: string) => Promise<any>, set: (key: string, value: any) => Promise<void>, del: (key: string) => Promise<void>, update: (key: string, change: (value: any) => any) => Promise<void>}} Storage */

/** Of the browser, opened when it is first needed. @type {Storage|undefined} */
let opened;

/** @returns {Storage} */
function browsers() {
  if (opened === undefined) {
    const store = createStore('blis-playground-lists', 'lists');
    opened = {
      get: (key) => get(key, store),
      set: (key, value) => set(key, value, store),
      del: (key) => del(key, store),
      update: (key, change) => update(key, change, store),
    };
  }
  return opened;
}

/** Thrown where the browser keeps nothing: storage is denied, or full. */
export class NotKept extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super('this browser does not keep the requests for the page: its storage is denied or full', { cause });
    this.name = 'NotKept';
  }
}

/**
 * The kept lists, the one used last first.
 * @param {Storage} [storage]
 * @returns {Promise<KeptList[]>} empty where storage is denied
 */
export async function keptLists(storage) {
  try {
    return await notes(storage ?? browsers());
  } catch {
    // Denied: nothing can have been kept.
    return [];
  }
}

/** @param {Storage} storage @returns {Promise<KeptList[]>} */
async function notes(storage) {
  const all = await storage.get(NOTES);
  return sound(all).sort((a, b) => b.usedAt - a.usedAt);
}

/**
 * What is a note of this build; anything else is left aside.
 * @param {unknown} all
 * @returns {KeptList[]}
 */
function sound(all) {
  const isNote = (/** @type {any} */ note) =>
    typeof note?.digest === 'string' &&
    typeof note.name === 'string' &&
    typeof note.made === 'string' &&
    [note.requests, note.bytes, note.usedAt].every(Number.isFinite);
  return Array.isArray(all) ? all.filter(isNote) : [];
}

/**
 * Keeps a list; of the others those that have not been used for longest are given up until all have room.
 * @param {KeptList} note
 * @param {Uint8Array} packed
 * @param {Storage} [storage]
 * @returns {Promise<KeptList[]>} those that were given up
 */
export async function keepList(note, packed, storage) {
  try {
    return await keep(note, packed, storage ?? browsers());
  } catch (error) {
    throw new NotKept(error);
  }
}

/**
 * @param {KeptList} note
 * @param {Uint8Array} packed
 * @param {Storage} storage
 */
async function keep(note, packed, storage) {
  const others = (await notes(storage)).filter(({ digest }) => digest !== note.digest);
  /** @type {KeptList[]} */
  const gone = [];
  let bytes = note.bytes;
  for (const other of others) {
    bytes += other.bytes;
    if (bytes > MAX_LIST_BYTES) gone.push(other);
  }
  for (const { digest } of gone) await forgetList(digest, storage);
  await storage.set(note.digest, packed);
  await storage.update(NOTES, (all) => [...sound(all).filter(({ digest }) => digest !== note.digest), note]);
  return gone;
}

/**
 * Changes what is noted of a list: its name, or when it was used.
 * @param {string} digest
 * @param {Partial<Pick<KeptList, 'name'|'usedAt'>>} change
 * @param {Storage} [storage]
 */
export async function noteList(digest, change, storage) {
  const changed = (/** @type {unknown} */ all) =>
    sound(all).map((note) => (note.digest === digest ? { ...note, ...change } : note));
  await (storage ?? browsers()).update(NOTES, changed);
}

/**
 * Keeps a list no longer.
 * @param {string} digest
 * @param {Storage} [storage]
 */
export async function forgetList(digest, storage) {
  const store = storage ?? browsers();
  await store.update(NOTES, (all) => sound(all).filter((note) => note.digest !== digest));
  await store.del(digest);
}

/**
 * The bytes of a list.
 * @param {string} digest
 * @param {Storage} [storage]
 * @returns {Promise<Uint8Array|undefined>} undefined if it is not kept
 */
export async function packedList(digest, storage) {
  try {
    const packed = await (storage ?? browsers()).get(digest);
    return packed instanceof Uint8Array ? packed : undefined;
  } catch {
    // Denied: the engine then tells which list is missing.
    return undefined;
  }
}
