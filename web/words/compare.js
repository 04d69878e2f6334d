// Words of pinned runs and of differences between runs.

import { count, dollars, number } from '../shared/format.js';

/** @import {Metric} from '../shared/metrics.js' */

/**
 * Below this share a difference between two runs of one seed each is called chance: over 20 seeds of the opening scene,
 * TTFT p99 varies by 9% (12 instances) to 42% (4 instances).
 */
const CHANCE = 0.1;

/**
 * What is known of how much seeds alone change a figure.
 * @typedef {object} Noise
 * @property {number} spread highest minus lowest over the seeds, the larger of both runs
 */

/**
 * @typedef {object} Difference
 * @property {string} change with arrow and sign, which do without colour
 * @property {string} note what to think of it
 * @property {string} short the same where there is little room
 * @property {'better'|'worse'|'same'} verdict
 */

/**
 * A difference in words: `▼ −1.34 s` and `(−96%) better`.
 * @param {Metric} metric
 * @param {number} before
 * @param {number} now
 * @param {Noise|null} noise null if there is only one seed of each
 * @returns {Difference}
 */
export function difference({ format, better }, before, now, noise) {
  const change = now - before;
  if (change === 0 || !Number.isFinite(change)) return { change: '= same', note: '', short: '', verdict: 'same' };
  const sign = change < 0 ? '−' : '+';
  const words = `${change < 0 ? '▼' : '▲'} ${sign}${format(Math.abs(change))}`;
  const same = (/** @type {string} */ note, short = note) => ({
    change: words,
    note,
    short,
    verdict: /** @type {const} */ ('same'),
  });
  const share = before === 0 ? null : Math.abs(change / before);
  const percents = share === null ? '' : `${percent(100 * share)}%`;
  const shown = percents === '' ? '' : `(${sign}${percents}) `;
  if (noise !== null && Math.abs(change) <= noise.spread)
    return same(`no clear difference: seeds alone differ by ${format(noise.spread)}`, 'no clear difference');
  if (noise === null && share !== null && share < CHANCE)
    return same(`one seed: a difference of ${percents} can be chance`, 'one seed, can be chance');
  // Regret is neither good nor bad: it compares a decision with a ranking.
  if (better === null) return same(shown.trim());
  const verdict = change < 0 === (better === 'lower') ? 'better' : 'worse';
  const note = `${shown}${verdict}${noise === null ? ', one seed' : ''}`;
  return { change: words, note, short: note, verdict };
}

/** Two digits are enough of a percentage. @param {number} value */
function percent(value) {
  return value >= 10 ? count(value) : number(Number(value.toPrecision(2)));
}

export const COMPARE = {
  pin: 'Pin this run',
  help:
    'A pinned run stays while you change settings: every figure then also shows the difference from it, and charts ' +
    'draw it as a dashed line. Pins stay in this browser until you remove them.',
  empty: 'Nothing is pinned yet. Pin this run, then change a setting.',
  caption: 'Pinned runs and the current one: the settings in which they differ, and their figures',
  region: 'Pinned runs',
  run: 'Run',
  now: 'Now',
  unset: 'not set',
  actions: 'Actions',
  compare: 'Compare',
  open: 'Open',
  remove: 'Remove',
};

/** @param {string} name */
export const nameOf = (name) => `Name of pin ${name}`;

/** A space at which no line is broken. */
const NO_BREAK = '\u00a0';

/** @param {string} change */
export const nowWords = (change) => `now ${change.replaceAll(' ', NO_BREAK)}`;

/** @param {number} dollarsPerHour */
export const perHourWords = (dollarsPerHour) => `${dollars(dollarsPerHour)}/h`;

/** What follows the word on a button, for those who do not see its row. @param {string} name */
export const withName = (name) => ` with ${name}`;

/** @param {string} name @param {string} value */
export const wasWords = (name, value) => `${name}: ${value} `;

/**
 * Which pins are lost when the tab is closed, in a sentence; empty for none.
 * @param {string[]} names
 * @param {boolean} denied whether the browser keeps nothing at all
 */
export function notKeptWords(names, denied) {
  if (names.length === 0) return '';
  if (denied) return 'This browser keeps nothing for this page: pins last until you close it.';
  return `Too large to be kept, and gone when you close the page: ${names.join(', ')}.`;
}
