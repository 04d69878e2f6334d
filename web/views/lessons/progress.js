// Which lessons of the course a person has done, and how the first bet on each turned out. It outlives the browser's tab.

/** How a bet turned out. @typedef {'right'|'wrong'} Bet */

/** What browsers call storage; it may be denied, and then throws. @typedef {Pick<globalThis.Storage, 'getItem'|'setItem'>} Storage */

/** What is read from the storage has to be of this form. */
const VERSION = 1;

const STORAGE_KEY = 'blis-playground-course';

/** @returns {Storage|null} */
function localStorageOrNull() {
  try {
    return globalThis.localStorage;
  } catch {
    // Denied: what was done is then forgotten with the page, which is all that is lost.
    return null;
  }
}

export class Progress {
  #storage;

  /** @type {Map<string, Bet>} */
  #bets;

  /** @param {Storage|null} storage */
  constructor(storage = localStorageOrNull()) {
    this.#storage = storage;
    this.#bets = new Map(load(storage));
  }

  get size() {
    return this.#bets.size;
  }

  /**
   * @param {string} lesson its id
   * @returns {Bet|null} null while it has not been done
   */
  of(lesson) {
    return this.#bets.get(lesson) ?? null;
  }

  /**
   * The first bet counts: later ones are made by those who know.
   * @param {string} lesson its id
   * @param {Bet} bet
   */
  keep(lesson, bet) {
    if (this.#bets.has(lesson)) return;
    this.#bets.set(lesson, bet);
    this.#save();
  }

  /** Begins the course anew. */
  forget() {
    this.#bets.clear();
    this.#save();
  }

  #save() {
    try {
      this.#storage?.setItem(STORAGE_KEY, JSON.stringify({ version: VERSION, bets: [...this.#bets] }));
    } catch {
      // Denied or full: it stays in memory, so that only a reload forgets it.
    }
  }
}

/**
 * @param {Storage|null} storage
 * @returns {[string, Bet][]}
 */
function load(storage) {
  try {
    const { version, bets } = JSON.parse(storage?.getItem(STORAGE_KEY) ?? '{}');
    return version === VERSION && Array.isArray(bets) ? bets.filter(isEntry) : [];
  } catch {
    // Denied, or written by something else: the course starts anew.
    return [];
  }
}

/** @param {any} entry */
function isEntry(entry) {
  return Array.isArray(entry) && typeof entry[0] === 'string' && ['right', 'wrong'].includes(entry[1]);
}
