// The figures of a run that are compared, swept and planned with: one list, so that a name means the same everywhere.

import { count, duration, number } from './format.js';

/** @import {Summary} from './types.d.ts' */

/**
 * @typedef {object} Metric
 * @property {string} id short name, as in the address
 * @property {string} label
 * @property {(summary: Summary) => number} of
 * @property {(value: number) => string} format with unit
 * @property {'lower'|'higher'} better which direction is good
 */

/** @type {Metric[]} */
export const METRICS = [
  { id: 'ttft-p99', label: 'TTFT p99', of: ({ ttft }) => ttft.p99_ms, format: duration, better: 'lower' },
  { id: 'ttft-mean', label: 'TTFT mean', of: ({ ttft }) => ttft.mean_ms, format: duration, better: 'lower' },
  { id: 'itl-mean', label: 'ITL mean', of: ({ itl }) => itl.mean_ms, format: duration, better: 'lower' },
  { id: 'itl-p99', label: 'ITL p99', of: ({ itl }) => itl.p99_ms, format: duration, better: 'lower' },
  { id: 'e2e-p99', label: 'E2E p99', of: ({ e2e }) => e2e.p99_ms, format: duration, better: 'lower' },
  {
    id: 'throughput',
    label: 'Answers per second',
    of: ({ responses_per_sec: rate }) => rate,
    format: (value) => `${number(value)} /s`,
    better: 'higher',
  },
  {
    id: 'regret',
    label: 'Mean regret',
    of: ({ mean_regret: regret }) => regret,
    format: number,
    better: 'lower',
  },
];

/** Not swept, but shown in the headline. @type {Metric} */
const COMPLETED = {
  id: 'completed',
  label: 'Completed',
  of: ({ completed }) => completed,
  format: count,
  better: 'higher',
};

/** The figures of the headline, by its ids. @type {Record<string, Metric>} */
export const HEADLINE_METRICS = {
  'ttft-p99': metric('ttft-p99'),
  itl: metric('itl-mean'),
  e2e: metric('e2e-p99'),
  throughput: metric('throughput'),
  regret: metric('regret'),
  completed: COMPLETED,
};

/**
 * The metric of this name; unknown names, as an address may have, fall back to the first.
 * @param {string} id
 * @returns {Metric}
 */
export function metric(id) {
  return METRICS.find((candidate) => candidate.id === id) ?? METRICS[0];
}

/** The metrics that are compared, in the order of the headline. */
export const KEY_METRICS = Object.values(HEADLINE_METRICS);

/** What can be read of a run in one number each, by name. @typedef {Record<string, number>} Figures */

/**
 * @param {Summary} summary
 * @returns {Figures}
 */
export function figuresOf(summary) {
  return Object.fromEntries(METRICS.map(({ id, of }) => [id, of(summary)]));
}

/**
 * A difference in words that do without colour: `▼ −1.34 s` and `(−96%) better`.
 * @param {Metric} metric
 * @param {number} before
 * @param {number} now
 * @returns {{change: string, note: string, verdict: 'better'|'worse'|'same'}}
 */
export function difference({ format, better }, before, now) {
  const change = now - before;
  if (change === 0 || !Number.isFinite(change)) return { change: '= same', note: '', verdict: 'same' };
  const verdict = change < 0 === (better === 'lower') ? 'better' : 'worse';
  const sign = change < 0 ? '−' : '+';
  const share = before === 0 ? '' : `(${sign}${percent(Math.abs(change / before) * 100)}%) `;
  return {
    change: `${change < 0 ? '▼' : '▲'} ${sign}${format(Math.abs(change))}`,
    note: `${share}${verdict}`,
    verdict,
  };
}

/** Two digits are enough of a percentage. @param {number} value */
function percent(value) {
  return value >= 10 ? count(value) : number(Number(value.toPrecision(2)));
}
