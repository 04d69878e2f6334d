// What a person has answered and uncovered in the lessons. It lives as long as the browser's tab: Back and a reload keep it.

import { Kept, storageOrNull } from '../../shared/kept.js';

/** @import {Storage} from '../../shared/kept.js' */
/** @import {Lesson} from './types.d.ts' */

/** What is kept of a lesson. @typedef {{answer: number|null, seed: number, step: string}} KeptAttempt */

/** The same with the text that it was made with; empty if no text has been seen yet. @typedef {KeptAttempt & {text: string}} Entry */

const FORM = { key: 'blis-playground-lessons', version: 4, isValue: isEntry };

export class Attempts {
  /** @type {Kept<Entry>} */
  #kept;

  /** @param {Storage|null} storage */
  constructor(storage = storageOrNull('sessionStorage')) {
    this.#kept = new Kept(storage, FORM);
  }

  /**
   * @param {Lesson} lesson
   * @returns {KeptAttempt|null} null also where the attempt was made with another text of the lesson
   */
  of(lesson) {
    const entry = this.#kept.of(lesson.id);
    if (entry === undefined) return null;
    const { text, ...attempt } = entry;
    const fits = attempt.answer === null || attempt.answer < lesson.answers.length;
    return fits && (text === '' || text === fingerprint(lesson)) ? attempt : null;
  }

  /**
   * @param {Lesson} lesson
   * @param {KeptAttempt} attempt
   */
  keep(lesson, attempt) {
    this.#kept.keep(lesson.id, { ...attempt, text: fingerprint(lesson) });
  }

  /**
   * Where a lesson is to be opened; what has been answered stays.
   * @param {string} id
   * @param {string} step
   * @param {number} seed with which a lesson begins that has not been opened yet
   */
  goTo(id, step, seed) {
    this.#kept.keep(id, { ...(this.#kept.of(id) ?? { answer: null, seed, text: '' }), step });
  }
}

/**
 * Whether two lessons are the same in every word: one of a person's own may have changed under its name.
 * @param {Lesson} one
 * @param {Lesson} other
 */
export const isSameText = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * A short form of a lesson that another text of it does not have (FNV-1a, 32 bits).
 * @param {Lesson} lesson
 */
function fingerprint(lesson) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify(lesson))) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}

/** @param {any} value */
function isEntry(value) {
  const { answer, seed, step, text } = value ?? {};
  const isAnswer = answer === null || (Number.isInteger(answer) && answer >= 0);
  return isAnswer && Number.isInteger(seed) && typeof step === 'string' && typeof text === 'string';
}
