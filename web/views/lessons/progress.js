// Which lessons of the course a person has done, and how the first bet on each turned out. It outlives the browser's tab.

import { Kept, storageOrNull } from '../../shared/kept.js';

/** @import {Storage} from '../../shared/kept.js' */

/** How a bet turned out. @typedef {'right'|'wrong'} Bet */

const FORM = {
  key: 'blis-playground-course',
  version: 2,
  isValue: (/** @type {unknown} */ value) => value === 'right' || value === 'wrong',
};

export class Progress {
  /** @type {Kept<Bet>} */
  #bets;

  /** @param {Storage|null} storage */
  constructor(storage = storageOrNull('localStorage')) {
    this.#bets = new Kept(storage, FORM);
  }

  get size() {
    return this.#bets.size;
  }

  /**
   * @param {string} lesson its id
   * @returns {Bet|null} null while it has not been done
   */
  of(lesson) {
    return this.#bets.of(lesson) ?? null;
  }

  /**
   * The first bet counts: later ones are made with the answer known.
   * @param {string} lesson its id
   * @param {Bet} bet
   */
  keep(lesson, bet) {
    if (this.#bets.of(lesson) === undefined) this.#bets.keep(lesson, bet);
  }

  /** Begins the course anew. */
  forget() {
    this.#bets.forget();
  }
}
