// The figures of a run that are compared, swept and planned with: one list, so that a name means the same everywhere.

import { count, dollars, duration, number } from './format.js';

/** @import {Summary, Sweep} from './types.d.ts' */

/**
 * @typedef {object} Metric
 * @property {string} id short name, as in the address
 * @property {string} label
 * @property {string} [short] for a menu
 * @property {(summary: Summary) => number} of
 * @property {(value: number) => string} format with unit
 * @property {'lower'|'higher'|null} better which direction is good; null for a figure that says nothing of that kind
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
    format: (value) => `${number(value)}/s`,
    better: 'higher',
  },
  {
    id: 'regret',
    label: 'Mean regret',
    of: ({ mean_regret: regret }) => regret,
    format: number,
    better: null,
  },
  {
    id: 'cost',
    label: '$ per million answer tokens',
    short: '$ per M tokens',
    of: ({ cost }) => cost?.usd_per_million_tokens ?? NaN,
    format: dollars,
    better: 'lower',
  },
];

/**
 * Share of the prompts' tokens that were in the prefix cache, over all turns of conversations, %. Unlike the reference's hit
 * rate it is no mean over instances: an idle one does not count.
 * @param {Summary} summary
 */
export function hitRateOf({ conversations }) {
  const sum = (/** @type {'input_tokens'|'cached_tokens'} */ tokens) =>
    (conversations?.by_round ?? []).reduce((all, round) => all + round.requests * round[tokens], 0);
  return (100 * sum('cached_tokens')) / sum('input_tokens');
}

/** Conversations that broke off because the cluster did not answer. @param {Summary} summary */
export function brokenOff({ conversations }) {
  const ends = conversations?.ends;
  return ends ? ends.cancelled + ends.refused : NaN;
}

const percents = (/** @type {number} */ value) => (Number.isFinite(value) ? `${number(value)}%` : '–');

const counted = (/** @type {number} */ value) => (Number.isFinite(value) ? count(value) : '–');

/** A mean of no samples is no figure. @param {{count: number, mean_ms: number}|undefined} statistics */
const meanOf = (statistics) => (statistics && statistics.count > 0 ? statistics.mean_ms : NaN);

/** Those of conversations, for runs that hold some. @type {Metric[]} */
export const CONVERSATION_METRICS = [
  { id: 'hit-rate', label: 'Prompts from the cache', of: hitRateOf, format: percents, better: 'higher' },
  {
    id: 'ttft-later',
    label: 'TTFT of later turns',
    of: ({ conversations }) => meanOf(conversations?.metrics.ttft_warm),
    format: duration,
    better: 'lower',
  },
  {
    id: 'conversation',
    label: 'Time of a conversation',
    of: ({ conversations }) => meanOf(conversations?.metrics.duration),
    format: duration,
    better: 'lower',
  },
  {
    id: 'moved',
    label: 'Turns that moved',
    of: ({ conversations }) => (conversations ? (100 * conversations.moved) / conversations.follow_ups : NaN),
    format: percents,
    better: null,
  },
  { id: 'broken-off', label: 'Conversations broken off', of: brokenOff, format: counted, better: 'lower' },
];

/** All that can be swept. */
export const SWEPT_METRICS = [...METRICS, ...CONVERSATION_METRICS];

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
  return SWEPT_METRICS.find((candidate) => candidate.id === id) ?? METRICS[0];
}

/** The metrics that are compared, in the order of the headline, and what the answers cost. */
export const KEY_METRICS = [...Object.values(HEADLINE_METRICS), metric('cost')];

/** What can be read of a run in one number each, by name. @typedef {Record<string, number>} Figures */

/**
 * @param {Summary} summary
 * @returns {Figures}
 */
export function figuresOf(summary) {
  const metrics = summary.conversations ? SWEPT_METRICS : METRICS;
  return Object.fromEntries(metrics.map(({ id, of }) => [id, of(summary)]));
}

/** What seeds alone do to figures: the lowest and the highest of each, by the metric's name. @typedef {Record<string, [number, number]>} Spread */

/**
 * The spread of a run's figures over the seeds of the sweep that was made around it; null while no sweep tells.
 * @param {Summary} summary
 * @param {Pick<Sweep, 'points'|'seed'>|null} sweep
 * @returns {Spread|null}
 */
export function spreadOf(summary, sweep) {
  const own = figuresOf(summary);
  // The sweep's run of the same settings and seed has the same figures: a run is deterministic.
  const point = sweep?.points.find(({ bySeed }) => {
    const figures = bySeed.get(sweep.seed);
    return figures !== undefined && METRICS.every(({ id }) => Object.is(figures[id] ?? NaN, own[id]));
  });
  if (!point || point.bySeed.size < 2) return null;
  const runs = [...point.bySeed.values()];
  return Object.fromEntries(
    SWEPT_METRICS.flatMap(({ id }) => {
      const values = runs.map((figures) => figures[id]).filter((value) => Number.isFinite(value));
      return values.length === 0 ? [] : [[id, [Math.min(...values), Math.max(...values)]]];
    }),
  );
}

/**
 * How much seeds alone change a figure of two runs: the larger spread of the two; null if neither is known.
 * @param {Metric} metric
 * @param {(Spread|null|undefined)[]} spreads
 * @returns {{spread: number}|null}
 */
export function noiseOf({ id }, spreads) {
  const widths = spreads.flatMap((spread) => (spread?.[id] ? [spread[id][1] - spread[id][0]] : []));
  return widths.length === 0 ? null : { spread: Math.max(...widths) };
}
