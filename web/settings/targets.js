// Latency targets as the settings hold them, by SLO class, and as one number where all classes have the same.

import { duration, number } from '../shared/format.js';
import { LATENCIES, latencyRangeWords, withinWords } from '../words/simulated.js';
import { plainNumber } from './controls/number_text.js';
import { listed } from './words.js';

/** @import {SloTarget} from '#engine' */

/** The latencies that can have a target, with the key of their setting. */
export const LATENCY_TARGETS = /** @type {const} */ ([
  { id: 'ttft', label: LATENCIES.ttft, field: 'ttft_ms', key: 'slottft' },
  { id: 'itl', label: LATENCIES.itl, field: 'itl_ms', key: 'sloitl' },
  { id: 'e2e', label: LATENCIES.e2e, field: 'e2e_ms', key: 'sloe2e' },
]);

/** Smallest and largest latency that a field takes, ms: a microsecond, and more than a week. */
const [MIN_MS, MAX_MS] = [0.001, 1e9];

/**
 * Reads a latency as a person types it.
 * @param {string} typed empty for no target
 * @returns {{ms: number|null, problem: string}} the problem is empty if there is none
 */
export function readLatency(typed) {
  const text = plainNumber(typed.trim());
  if (text === '') return { ms: null, problem: '' };
  const ms = Number(text);
  if (ms >= MIN_MS && ms <= MAX_MS) return { ms, problem: '' };
  return { ms: null, problem: latencyRangeWords(MIN_MS, number(MAX_MS)) };
}

/**
 * The limit that every class has; null if none has one, `by class` if they differ.
 * @param {Record<string, SloTarget>} targets as the engine gives them
 * @param {readonly string[]} classes those of the run
 * @param {keyof SloTarget} field
 * @returns {number|null|'by class'}
 */
export function uniformTarget(targets, classes, field) {
  const names = new Set([...classes, ...Object.keys(targets).map((name) => name || 'default')]);
  const limits = new Set(
    [...names].map((name) => (targets[name] ?? (name === 'default' ? targets[''] : null))?.[field] ?? null),
  );
  if (limits.size > 1) return 'by class';
  return [...limits][0] ?? null;
}

/**
 * The setting that gives every class this limit; empty for none.
 * @param {readonly string[]} classes those of the run
 * @param {string} ms
 */
export function targetText(classes, ms) {
  if (ms === '') return '';
  const names = classes.length > 0 ? classes : ['default'];
  return names.map((name) => `${name}=${ms}ms`).join(',');
}

/**
 * The targets of one class in words: `TTFT within 500 ms and E2E within 6 s`.
 * @param {SloTarget} target
 */
function targetWords(target) {
  const parts = LATENCY_TARGETS.flatMap(({ field, label }) => {
    const limit = target[field];
    return typeof limit === 'number' ? [withinWords(label, duration(limit))] : [];
  });
  return listed(parts);
}

/**
 * The targets that stand in the settings, by class where there are several.
 * @param {Record<string, SloTarget>} targets
 */
export function targetsInWords(targets) {
  const classes = Object.entries(targets).filter(([, target]) => targetWords(target) !== '');
  if (classes.length === 1) {
    const [name, target] = classes[0];
    return name === 'default' || name === '' ? targetWords(target) : `${name}: ${targetWords(target)}`;
  }
  return classes.map(([name, target]) => `${name}: ${targetWords(target)}`).join('; ');
}
