// What a plan asks of a cluster besides the latency targets of the settings, as text and as the engine takes it.

import { plainNumber } from '../../settings/controls/number_text.js';
import { LATENCY_TARGETS, readLatency } from '../../settings/targets.js';
import { numberProblem, seedsProblem, targetWords } from '../../words/plan.js';

/**
 * @typedef {object} Targets
 * @property {number|null} goodput share of all requests within all of the latency targets, %; null for no target
 * @property {number} seeds how many runs have to meet every target
 */

/** @type {Targets} */
export const DEFAULT_TARGETS = { goodput: null, seeds: 5 };

/** Most GPUs that a plan tries: each is a search per number of GPUs per instance. */
export const MAX_GPUS = 8;

/** The TTFT that the engine takes where the settings have no latency target, ms. */
export const PROPOSED_TTFT_MS = 500;

/** Most seeds: each is a run of every cluster that passes. */
export const MAX_SEEDS = 20;

/** The fields of the form, the latency targets of the settings first. */
export const TARGET_FIELDS = Object.entries(targetWords(PROPOSED_TTFT_MS)).map(([id, words]) => ({ id, ...words }));

/**
 * Reads the form, naming what cannot be read.
 * @param {Record<string, string>} texts by id; empty is "no target"
 * @returns {{targets: Targets, latencies: Record<string, number|null>, problems: Record<string, string>}}
 */
export function readTargets(texts) {
  /** @type {Record<string, string>} */
  const problems = {};
  const read = (/** @type {string} */ id, /** @type {number} */ max) => {
    const text = plainNumber((texts[id] ?? '').trim());
    if (text === '') return null;
    const value = Number(text);
    if (Number.isFinite(value) && value > 0 && value <= max) return value;
    problems[id] = numberProblem(max);
    return null;
  };
  const seeds = read('seeds', MAX_SEEDS);
  if (!problems.seeds && (seeds === null || !Number.isInteger(seeds))) problems.seeds = seedsProblem(MAX_SEEDS);
  const targets = {
    goodput: read('goodput', 100),
    seeds: problems.seeds ? DEFAULT_TARGETS.seeds : (seeds ?? DEFAULT_TARGETS.seeds),
  };
  const latencies = Object.fromEntries(
    LATENCY_TARGETS.map(({ id }) => {
      const { ms, problem } = readLatency(texts[id] ?? '');
      if (problem !== '') problems[id] = problem;
      return [id, ms];
    }),
  );
  return { targets, latencies, problems };
}

/**
 * As in the address: `goodput:99,seeds:3,gpu:H100,gpu:B200`; the defaults are nothing.
 * @param {Targets} targets
 * @param {string[]} [gpus] to try
 */
export function formatTargets({ goodput, seeds }, gpus = []) {
  if (goodput === DEFAULT_TARGETS.goodput && seeds === DEFAULT_TARGETS.seeds && gpus.length === 0) return '';
  const names = gpus.map((name) => `gpu:${encodeURIComponent(name)}`);
  return [...(goodput === null ? [] : [`goodput:${goodput}`]), `seeds:${seeds}`, ...names].join(',');
}

/**
 * The GPUs to try that an address gives, of those that there are.
 * @param {string} words
 * @param {string[]} known
 */
export function targetGpus(words, known) {
  const names = [...words.matchAll(/(?:^|,)gpu:([^,]*)/g)].map(([, name]) => decoded(name));
  return known.filter((name) => names.includes(name)).slice(0, MAX_GPUS);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The texts that an address gives; those of the defaults if it says nothing.
 * @param {string} words
 * @returns {Record<string, string>}
 */
export function targetTexts(words) {
  const given = words.split(',').flatMap((part) => {
    const colon = part.indexOf(':');
    return colon < 0 ? [] : [[part.slice(0, colon), part.slice(colon + 1)]];
  });
  return { goodput: '', seeds: String(DEFAULT_TARGETS.seeds), ...Object.fromEntries(given) };
}

/**
 * The same as the engine takes them.
 * @param {Targets} targets
 * @returns {import('#engine').Targets}
 */
export function engineTargets({ goodput, seeds }) {
  return /** @type {any} */ ({ goodput_percent: goodput, seeds });
}
