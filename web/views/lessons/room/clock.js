// How long the class and the lesson have gone on, in front of the class. A reload does not stop the clock.

/** @import {Storage} from '../../../shared/kept.js' */

/** @typedef {{class: number, lesson: number, id: string, hidden: boolean}} Times when each began, ms since 1970, and which lesson it is */

const STORAGE_KEY = 'blis-playground-clock';

const MINUTE_MS = 60_000;

export class ClassClock {
  #storage;

  #now;

  /** @type {Times} */
  #times;

  /**
   * @param {Storage|null} storage
   * @param {() => number} now
   */
  constructor(storage, now = Date.now) {
    this.#storage = storage;
    this.#now = now;
    this.#times = load(storage) ?? { class: now(), lesson: now(), id: '', hidden: false };
  }

  get hidden() {
    return this.#times.hidden;
  }

  /** A class begins. */
  restart() {
    this.#change({ class: this.#now(), lesson: this.#now(), id: '' });
  }

  /**
   * A lesson is shown; the same one again goes on.
   * @param {string} id
   */
  lesson(id) {
    if (this.#times.id !== id) this.#change({ lesson: this.#now(), id });
  }

  /** @param {boolean} hidden */
  hide(hidden) {
    this.#change({ hidden });
  }

  /** Whole minutes since each began. */
  get gone() {
    const since = (/** @type {number} */ then) => Math.max(0, Math.floor((this.#now() - then) / MINUTE_MS));
    return { lesson: since(this.#times.lesson), class: since(this.#times.class) };
  }

  /** @param {Partial<Times>} part */
  #change(part) {
    this.#times = { ...this.#times, ...part };
    try {
      this.#storage?.setItem(STORAGE_KEY, JSON.stringify(this.#times));
    } catch {
      // Denied or full: only a reload starts the clock anew.
    }
  }
}

/**
 * @param {Storage|null} storage
 * @returns {Times|null}
 */
function load(storage) {
  try {
    const times = JSON.parse(storage?.getItem(STORAGE_KEY) ?? 'null');
    const known =
      Number.isFinite(times?.class) &&
      Number.isFinite(times.lesson) &&
      typeof times.id === 'string' &&
      typeof times.hidden === 'boolean';
    return known ? times : null;
  } catch {
    // Denied, or written by something else.
    return null;
  }
}
