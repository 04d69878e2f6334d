// The user's own models, GPUs and measured coefficients, as this browser keeps them: a reload finds them again, and so does
// another tab. Settings hold what they use themselves, so that nothing is lost with this but the list to choose from.

import { storageOrNull } from './kept.js';

/** @typedef {{name: string}} Named */

/** Most entries of a kind, and the longest that is kept, characters. */
export const [MOST_KEPT, LONGEST_KEPT] = [24, 100_000];

/** @typedef {'models'|'gpus'|'measured'} ShelfName */

/** What is kept where the browser's storage is denied: it lasts as long as the page. @type {Map<string, Named[]>} */
const memory = new Map();

/** @param {ShelfName} name */
const keyOf = (name) => `blis-own-${name}`;

/**
 * @param {ShelfName} name
 * @param {Pick<Storage, 'getItem'>|null} storage
 * @returns {any[]} the entry used last first
 */
export function shelved(name, storage = storageOrNull('localStorage')) {
  const inMemory = memory.get(name) ?? [];
  try {
    const entries = JSON.parse(storage?.getItem(keyOf(name)) ?? '[]');
    const sound = Array.isArray(entries) ? entries.filter((entry) => typeof entry?.name === 'string') : [];
    return [...inMemory.filter((entry) => !sound.some((other) => other.name === entry.name)), ...sound];
  } catch {
    // Denied, or written by something else.
    return inMemory;
  }
}

/**
 * Keeps an entry in the place of the one of its name; the oldest beyond the most are given up.
 * @param {ShelfName} name
 * @param {Named} entry
 * @param {Pick<Storage, 'getItem'|'setItem'>|null} storage
 */
export function shelve(name, entry, storage = storageOrNull('localStorage')) {
  const others = shelved(name, storage).filter((other) => other.name !== entry.name);
  put(name, [entry, ...others].slice(0, MOST_KEPT), storage);
}

/**
 * @param {ShelfName} name
 * @param {string} entry its name
 * @param {Pick<Storage, 'getItem'|'setItem'>|null} storage
 */
export function unshelve(name, entry, storage = storageOrNull('localStorage')) {
  const others = shelved(name, storage).filter((other) => other.name !== entry);
  put(name, others, storage);
}

/**
 * @param {ShelfName} name
 * @param {Named[]} entries
 * @param {Pick<Storage, 'setItem'>|null} storage
 */
function put(name, entries, storage) {
  const short = entries.filter((entry) => JSON.stringify(entry).length <= LONGEST_KEPT);
  try {
    if (storage === null) throw new Error('there is no storage');
    storage.setItem(keyOf(name), JSON.stringify(short));
    memory.set(
      name,
      entries.filter((entry) => !short.includes(entry)),
    );
  } catch {
    // Denied or full: it lasts as long as the page.
    memory.set(name, entries);
  }
}
