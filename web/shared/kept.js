// What a browser keeps for the page: entries by name, in a storage that may be denied, full, or written by something else.

/** What browsers call storage; it may be denied, and then throws. @typedef {Pick<globalThis.Storage, 'getItem'|'setItem'>} Storage */

/**
 * A storage of the browser: that of the tab, or one that outlives it.
 * @param {'sessionStorage'|'localStorage'} name
 * @returns {Storage|null} null where it is denied: what is kept is then forgotten with the page, which is all that is lost
 */
export function storageOrNull(name) {
  try {
    return globalThis[name];
  } catch {
    return null;
  }
}

/**
 * Entries by name that survive a reload.
 * @template Value
 */
export class Kept {
  #storage;

  #form;

  /** @type {Map<string, Value>} */
  #entries;

  /**
   * @param {Storage|null} storage
   * @param {{key: string, version: number, isValue: (value: any) => boolean}} form where it is kept, and what is taken
   *   from there; anything else is left aside
   */
  constructor(storage, form) {
    this.#storage = storage;
    this.#form = form;
    this.#entries = new Map(load(storage, form));
  }

  get size() {
    return this.#entries.size;
  }

  /**
   * @param {string} name
   * @returns {Value|undefined}
   */
  of(name) {
    return this.#entries.get(name);
  }

  /**
   * @param {string} name
   * @param {Value} value
   */
  keep(name, value) {
    this.#entries.set(name, value);
    this.#save();
  }

  /** Keeps nothing any more. */
  forget() {
    this.#entries.clear();
    this.#save();
  }

  #save() {
    const { key, version } = this.#form;
    try {
      this.#storage?.setItem(key, JSON.stringify({ version, entries: [...this.#entries] }));
    } catch {
      // Denied or full: it stays in memory, so that only a reload forgets it.
    }
  }
}

/**
 * @param {Storage|null} storage
 * @param {{key: string, version: number, isValue: (value: any) => boolean}} form
 * @returns {[string, any][]}
 */
function load(storage, { key, version: wanted, isValue }) {
  const isEntry = (/** @type {any} */ entry) =>
    Array.isArray(entry) && typeof entry[0] === 'string' && isValue(entry[1]);
  try {
    const { version, entries } = JSON.parse(storage?.getItem(key) ?? '{}');
    return version === wanted && Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    // Denied, or written by something else: nothing is kept yet.
    return [];
  }
}
