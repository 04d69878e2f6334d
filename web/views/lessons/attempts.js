// What a person has answered and uncovered in the lessons. It lives as long as the browser's tab: Back and a reload keep it.

import { Kept, storageOrNull } from '../../shared/kept.js';

/** @import {Storage} from '../../shared/kept.js' */

/** What is kept of a lesson. @typedef {{answer: number|null, seed: number, step: string}} KeptAttempt */

const FORM = { key: 'blis-playground-lessons', version: 3, isValue: isAttempt };

export class Attempts {
  /** @type {Kept<KeptAttempt>} */
  #kept;

  /** @param {Storage|null} storage */
  constructor(storage = storageOrNull('sessionStorage')) {
    this.#kept = new Kept(storage, FORM);
  }

  /**
   * @param {string} lesson its id
   * @returns {KeptAttempt|null}
   */
  of(lesson) {
    return this.#kept.of(lesson) ?? null;
  }

  /**
   * @param {string} lesson its id
   * @param {KeptAttempt} attempt
   */
  keep(lesson, attempt) {
    this.#kept.keep(lesson, attempt);
  }
}

/** @param {any} value */
function isAttempt(value) {
  const { answer, seed, step } = value ?? {};
  return (answer === null || Number.isInteger(answer)) && Number.isInteger(seed) && typeof step === 'string';
}
