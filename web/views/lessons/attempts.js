// What a person has answered and uncovered in the lessons. It lives as long as the browser's tab: Back and a reload keep it.

/** What is kept of a lesson. @typedef {{answer: number|null, seed: number, step: string}} Kept */

/** What browsers call storage; it may be denied, and then throws. @typedef {Pick<globalThis.Storage, 'getItem'|'setItem'>} Storage */

/** What is read from the storage has to be of this form. */
const VERSION = 2;

const STORAGE_KEY = 'blis-playground-lessons';

/** @returns {Storage|null} */
function sessionStorageOrNull() {
  try {
    return globalThis.sessionStorage;
  } catch {
    // Denied: what was answered is then forgotten with the page, which is all that is lost.
    return null;
  }
}

export class Attempts {
  #storage;

  /** @type {Map<string, Kept>} */
  #kept;

  /** @param {Storage|null} storage */
  constructor(storage = sessionStorageOrNull()) {
    this.#storage = storage;
    this.#kept = new Map(load(storage));
  }

  /**
   * @param {string} lesson its id
   * @returns {Kept|null}
   */
  of(lesson) {
    return this.#kept.get(lesson) ?? null;
  }

  /**
   * @param {string} lesson its id
   * @param {Kept} kept
   */
  keep(lesson, kept) {
    this.#kept.set(lesson, kept);
    try {
      this.#storage?.setItem(STORAGE_KEY, JSON.stringify({ version: VERSION, lessons: [...this.#kept] }));
    } catch {
      // Denied or full: it stays in memory, so that only a reload forgets it.
    }
  }
}

/**
 * @param {Storage|null} storage
 * @returns {[string, Kept][]}
 */
function load(storage) {
  try {
    const { version, lessons } = JSON.parse(storage?.getItem(STORAGE_KEY) ?? '{}');
    return version === VERSION && Array.isArray(lessons) ? lessons.filter(isEntry) : [];
  } catch {
    // Denied, or written by something else: the lessons start unanswered.
    return [];
  }
}

/** @param {any} entry */
function isEntry(entry) {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') return false;
  const { answer, seed, step } = entry[1] ?? {};
  return (answer === null || Number.isInteger(answer)) && Number.isInteger(seed) && typeof step === 'string';
}
