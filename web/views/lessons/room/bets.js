// The bets of the class: how many hands there were for each answer. They live as long as the browser's tab.

import { Kept } from '../../../shared/kept.js';

/** @import {Storage} from '../../../shared/kept.js' */

/** What is kept of a lesson: hands by answer, and whether their bars are shown. @typedef {{counts: number[], bars: boolean}} Bets */

/** Most hands for one answer. */
export const MOST = 9999;

const VERSION = 2;

const STORAGE_KEY = 'blis-playground-bets';

/**
 * A number of hands as it was typed; null if it is none.
 * @param {string} text with or without commas between thousands
 * @returns {number|null}
 */
export function readCount(text) {
  const digits = text.trim();
  if (!/^(\d+|\d{1,3}(,\d{3})+)$/.test(digits)) return null;
  const value = Number(digits.replaceAll(',', ''));
  return value <= MOST ? value : null;
}

/** @param {number} value */
const withinRange = (value) => Math.min(Math.max(value, 0), MOST);

/** @param {number[]} counts */
export const totalOf = (counts) => counts.reduce((sum, value) => sum + value, 0);

/**
 * The share of all hands that each answer has.
 * @param {number[]} counts
 * @returns {number[]} 0 for all where there are none
 */
export function sharesOf(counts) {
  const total = totalOf(counts);
  return counts.map((value) => (total === 0 ? 0 : value / total));
}

export class ClassBets {
  /** @type {Kept<Bets>} */
  #kept;

  /** @param {Storage|null} storage */
  constructor(storage) {
    this.#kept = new Kept(storage, { key: STORAGE_KEY, version: VERSION, isValue: isBets });
  }

  /**
   * @param {string} lesson its id
   * @param {number} answers how many it has
   * @returns {Bets}
   */
  of(lesson, answers) {
    const kept = this.#kept.of(lesson);
    // A lesson of one's own may have changed under its name.
    return kept?.counts.length === answers ? kept : { counts: Array(answers).fill(0), bars: false };
  }

  /**
   * @param {string} lesson its id
   * @param {Bets} bets
   */
  keep(lesson, bets) {
    this.#kept.keep(lesson, bets);
  }
}

/**
 * Other numbers of hands: one answer gets more or fewer.
 * @param {number[]} counts
 * @param {number} answer its index
 * @param {number} by
 * @returns {number[]}
 */
export function withHands(counts, answer, by) {
  return counts.map((value, index) => (index === answer ? withinRange(value + by) : value));
}

/** @param {any} value */
function isBets(value) {
  const { counts, bars } = value ?? {};
  const isCount = (/** @type {unknown} */ count) => Number.isInteger(count) && withinRange(Number(count)) === count;
  return Array.isArray(counts) && counts.every(isCount) && typeof bars === 'boolean';
}
