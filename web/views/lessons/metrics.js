// The figures that lessons show, in words. A lesson's metric is a path; a test makes sure that each has a line here.

import { count, duration, number } from '../../shared/format.js';
import { lookup } from './claim.js';

/** @import {SceneFigures} from './types.d.ts' */

/**
 * @typedef {object} LessonMetric
 * @property {string} label
 * @property {string} unit empty for a pure number
 * @property {string} meaning
 * @property {(value: number) => string} format with unit
 */

/**
 * @param {string} label
 * @param {string} meaning
 * @returns {LessonMetric}
 */
const time = (label, meaning) => ({ label, meaning, unit: 'time', format: duration });

/**
 * @param {string} label
 * @param {string} unit
 * @param {string} meaning
 * @returns {LessonMetric}
 */
const amount = (label, unit, meaning) => ({ label, unit, meaning, format: (value) => `${number(value)} ${unit}` });

/**
 * @param {string} label
 * @param {string} meaning
 * @returns {LessonMetric}
 */
const share = (label, meaning) => ({ label, meaning, unit: '%', format: (value) => `${number(100 * value)}%` });

/** @type {Record<string, LessonMetric>} */
export const LESSON_METRICS = {
  'ttft.p99_ms': time('TTFT p99', 'Time to first token that 99 of 100 requests stay below.'),
  'ttft.mean_ms': time('TTFT mean', 'Time to first token, on average.'),
  'itl.mean_ms': time('ITL mean', 'Gap between two tokens of an answer (inter-token latency), on average.'),
  'e2e.mean_ms': time('E2E mean', 'Time from sending a request to its last token (end to end), on average.'),
  overloaded: {
    label: 'Overloaded',
    unit: '',
    meaning: 'Whether more arrives than is served: then p99 measures the length of the run.',
    format: (value) => (value ? 'yes' : 'no'),
  },
  'limits.step_budget': share(
    'Waits: step budget',
    'Share of the time in which requests waited because the token budget of the step was used up.',
  ),
  'limits.slots': share('Waits: slots', 'Share of the time in which requests waited because all slots were taken.'),
  'limits.kv_blocks': share(
    'Waits: KV blocks',
    'Share of the time in which requests waited because the KV cache had no room for them.',
  ),
  'theory.ceilings.prefill': amount(
    'Prompts read',
    'requests/s',
    'Prompts per second that one instance can read if it does nothing else.',
  ),
  'theory.excess.excess': amount(
    'Excess',
    'requests/s',
    'Arrivals per second and instance minus what an instance can serve for long; below 0 there is room left.',
  ),
  'theory.excess.capacity': amount(
    'Capacity',
    'requests/s',
    'Requests per second that one instance can serve for long.',
  ),
  'theory.occupancy.slots_measured': share('Slots in use', 'Running requests, as a share of the most that may run.'),
  mean_regret: {
    label: 'Regret mean',
    unit: 'requests',
    meaning: 'How many more requests the chosen instance had than the best one at that moment, on average.',
    format: number,
  },
  busiest_share: share('Busiest instance', 'Share of all routed requests that the busiest instance got.'),
  'good.requests': {
    label: 'Good answers',
    unit: 'requests',
    meaning: 'Requests that were answered within their latency target.',
    format: count,
  },
  rejected: { label: 'Rejected', unit: 'requests', meaning: 'Requests that admission turned away.', format: count },
  preemptions: {
    label: 'Preemptions',
    unit: '',
    meaning: 'Times that a running request was evicted because the KV cache was full, to be computed again.',
    format: count,
  },
  cache_hit_rate: share('Cache hits', 'Share of the KV blocks that were found in the prefix cache.'),
};

/**
 * A figure of a scene as a number (1 and 0 for yes and no), null if this scene has none.
 * @param {SceneFigures} scenes
 * @param {string} scene
 * @param {string} path
 */
export function metricValue(scenes, scene, path) {
  const value = lookup(scenes, `${scene}.${path}`);
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : null;
}

/**
 * The same in words.
 * @param {SceneFigures} scenes
 * @param {string} scene
 * @param {string} path
 */
export function metricText(scenes, scene, path) {
  const value = metricValue(scenes, scene, path);
  return value === null ? '–' : LESSON_METRICS[path].format(value);
}
