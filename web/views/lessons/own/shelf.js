// The lessons that a person has brought along: they live as long as the browser's tab.

import { pack } from './packed.js';

/** @import {Entry, Lesson} from '../types.d.ts' */

/** Begins the name of a lesson that is none of ours, so that it cannot be taken for one. */
export const OWN = 'own:';

const STORAGE_KEY = 'blis-playground-own-lessons';

/** @typedef {{text: string, packed: string}} Kept the JSON, and the same for a link; empty if it is too long for one */

/** @typedef {Pick<globalThis.Storage, 'getItem'|'setItem'>} Storage */

export class Shelf {
  #storage;

  /** By name, with its beginning. @type {Map<string, Kept>} */
  #kept = new Map();

  /** @param {() => Storage} storage may be denied, and then throws */
  constructor(storage = () => globalThis.sessionStorage) {
    this.#storage = storage;
    try {
      const kept = JSON.parse(storage().getItem(STORAGE_KEY) ?? '[]');
      if (Array.isArray(kept)) this.#kept = new Map(kept.filter(isKept));
    } catch {
      // Denied, or written by something else: the shelf is empty.
    }
  }

  /** @returns {Entry[]} in the order in which they came */
  get entries() {
    return [...this.#kept.keys()].map((id) => {
      const { title, question, minutes } = this.lesson(id);
      return { id, title, question, minutes };
    });
  }

  /** @param {string} id with its beginning */
  has(id) {
    return this.#kept.has(id);
  }

  /**
   * A lesson as the page takes it, under its name here.
   * @param {string} id
   * @returns {Lesson}
   */
  lesson(id) {
    return { ...JSON.parse(this.#kept.get(id)?.text ?? '{}'), id };
  }

  /** The lesson for a link; empty if it is too long for one, or not there. @param {string} id */
  packed(id) {
    return this.#kept.get(id)?.packed ?? '';
  }

  /** Whether a lesson of this form is there. @param {string} packed */
  holds(packed) {
    return [...this.#kept.values()].some((kept) => kept.packed === packed);
  }

  /**
   * Takes a lesson that has been checked.
   * @param {string} text
   * @param {boolean} newer whether it takes the place of one of its name; else both are kept
   * @returns {Promise<string>} its name here
   */
  async put(text, newer) {
    const packed = await pack(text);
    const name = OWN + JSON.parse(text).id;
    let id = name;
    for (let next = 2; !newer && this.#kept.has(id) && this.packed(id) !== packed; next += 1) id = `${name}-${next}`;
    this.#kept.set(id, { text, packed });
    this.#save();
    return id;
  }

  /** @param {string} id */
  remove(id) {
    this.#kept.delete(id);
    this.#save();
  }

  #save() {
    try {
      this.#storage().setItem(STORAGE_KEY, JSON.stringify([...this.#kept]));
    } catch {
      // Denied or full: they stay in memory, so that only a reload forgets them.
    }
  }
}

/** @param {unknown} entry */
function isKept(entry) {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string' || !entry[0].startsWith(OWN)) return false;
  const { text, packed } = entry[1] ?? {};
  return typeof text === 'string' && typeof packed === 'string';
}

/** The shelf of this tab. */
export const shelf = new Shelf();
