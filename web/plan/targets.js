// What a cluster should keep to, as text and as a judgement over a run.

/** @import {Limits, Measurement} from '../types.d.ts' */

/**
 * @typedef {object} Targets
 * @property {number|null} ttft p99, ms; null where there is no target
 * @property {number|null} itl p99, ms
 * @property {number|null} e2e p99, ms
 * @property {number|null} goodput share of all requests within all of the limits above, %
 * @property {number} seeds how many runs have to meet all of it
 * @property {boolean} steady whether a queue that still grows when arrivals stop counts as a miss
 */

/** @type {Targets} */
export const DEFAULT_TARGETS = { ttft: 500, itl: null, e2e: null, goodput: null, seeds: 5, steady: true };

/** Most seeds: each is a run per value tried. */
export const MOST_SEEDS = 20;

/** The targets that are numbers, with the words of the form. */
export const TARGET_FIELDS = /** @type {const} */ ([
  { id: 'ttft', label: 'TTFT p99', unit: 'ms', help: '99 of 100 first tokens come within it' },
  { id: 'itl', label: 'ITL p99', unit: 'ms', help: '99 of 100 gaps between tokens' },
  { id: 'e2e', label: 'E2E p99', unit: 'ms', help: '99 of 100 answers are complete' },
  {
    id: 'goodput',
    label: 'Goodput',
    unit: '%',
    help: 'of all requests keep to every limit; ITL as each one’s mean',
  },
  { id: 'seeds', label: 'Seeds', unit: 'runs', help: 'per value tried; all have to pass' },
]);

/**
 * Reads targets, naming what cannot be read.
 * @param {Record<string, string>} texts by id; empty is "no target"
 * @returns {{targets: Targets, problems: Record<string, string>}}
 */
export function readTargets(texts) {
  /** @type {Record<string, string>} */
  const problems = {};
  const read = (/** @type {string} */ id, /** @type {number} */ most) => {
    const text = (texts[id] ?? '').trim();
    if (text === '') return null;
    const value = Number(text);
    if (Number.isFinite(value) && value > 0 && value <= most) return value;
    problems[id] = most === Infinity ? 'must be a number above 0' : `must be a number above 0, at most ${most}`;
    return null;
  };
  const seeds = read('seeds', MOST_SEEDS);
  if (!problems.seeds && (seeds === null || !Number.isInteger(seeds)))
    problems.seeds = `must be a whole number from 1 to ${MOST_SEEDS}`;
  const targets = {
    ttft: read('ttft', Infinity),
    itl: read('itl', Infinity),
    e2e: read('e2e', Infinity),
    goodput: read('goodput', 100),
    seeds: problems.seeds ? DEFAULT_TARGETS.seeds : (seeds ?? DEFAULT_TARGETS.seeds),
    steady: texts.steady !== '0',
  };
  const none = targets.ttft === null && targets.itl === null && targets.e2e === null;
  if (none && Object.keys(problems).length === 0) problems.ttft = 'give at least one of the latency targets';
  return { targets, problems };
}

/**
 * As in the address: `ttft:500,itl:20`; the defaults are nothing.
 * @param {Targets} targets
 */
export function formatTargets(targets) {
  const same = Object.entries(DEFAULT_TARGETS).every(
    ([id, value]) => targets[/** @type {keyof Targets} */ (id)] === value,
  );
  if (same) return '';
  const { ttft, itl, e2e, goodput, seeds, steady } = targets;
  return Object.entries({ ttft, itl, e2e, goodput, seeds, steady: steady ? null : 0 })
    .filter(([, value]) => value !== null)
    .map(([id, value]) => `${id}:${value}`)
    .join(',');
}

/**
 * The texts that an address gives; those of the defaults if it says nothing.
 * @param {string} words
 * @returns {Record<string, string>}
 */
export function targetTexts(words) {
  const text = words === '' ? `ttft:${DEFAULT_TARGETS.ttft},seeds:${DEFAULT_TARGETS.seeds}` : words;
  return Object.fromEntries(
    text.split(',').map((part) => {
      const colon = part.indexOf(':');
      return [part.slice(0, colon), part.slice(colon + 1)];
    }),
  );
}

/**
 * The limits that each request should keep to.
 * @param {Targets} targets
 * @returns {Limits}
 */
export function limitsOf({ ttft, itl, e2e }) {
  return { ttftMs: ttft, itlMs: itl, e2eMs: e2e };
}

/** What a run misses whose verdict is not "steady". */
const VERDICT_MISSES = /** @type {const} */ ({ overloaded: 'overloaded', too_short: 'too short to tell' });

/**
 * What of the targets a run misses, in words; empty if it meets all.
 * @param {Measurement} measurement
 * @param {Targets} targets
 * @returns {string[]}
 */
export function missed({ summary, goodShare }, { ttft, itl, e2e, goodput, steady }) {
  const misses = [];
  if (summary.completed === 0) misses.push('nothing completed');
  if (ttft !== null && summary.ttft.p99_ms > ttft) misses.push('TTFT p99');
  if (itl !== null && summary.itl.p99_ms > itl) misses.push('ITL p99');
  if (e2e !== null && summary.e2e.p99_ms > e2e) misses.push('E2E p99');
  if (goodput !== null && (goodShare ?? 0) * 100 < goodput) misses.push('goodput');
  if (steady && summary.verdict.kind !== 'steady') misses.push(VERDICT_MISSES[summary.verdict.kind]);
  return misses;
}
