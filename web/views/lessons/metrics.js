// The figures that lessons show, in words. A lesson's metric is a path; a test makes sure that each has a line here.

import { count, duration, number } from '../../shared/format.js';
import { METRIC_WORDS, OVERLOADED } from '../../words/lessons.js';
import { lookup } from './claim.js';

/** @import {SceneFigures} from './types.d.ts' */

/**
 * @typedef {object} LessonMetric
 * @property {string} label
 * @property {string} unit empty for a pure number
 * @property {string} meaning
 * @property {(value: number) => string} format with unit
 */

/** @typedef {Pick<LessonMetric, 'unit'|'format'>} Kind */

/** @type {Kind} */
const TIME = { unit: 'time', format: duration };

/** @type {Kind} */
const SHARE = { unit: '%', format: (value) => `${number(100 * value)}%` };

/** @type {Kind} */
const RATE = { unit: 'requests/s', format: (value) => `${number(value)} requests/s` };

/** @type {Kind} */
const REQUESTS = { unit: 'requests', format: count };

/** @type {Record<keyof typeof METRIC_WORDS, Kind>} */
const KINDS = {
  'ttft.p99_ms': TIME,
  'ttft.mean_ms': TIME,
  'itl.mean_ms': TIME,
  'e2e.mean_ms': TIME,
  overloaded: { unit: '', format: (value) => OVERLOADED[String(value)] ?? '' },
  'limits.step_budget': SHARE,
  'limits.slots': SHARE,
  'limits.kv_blocks': SHARE,
  'theory.ceilings.prefill': RATE,
  'theory.excess.excess': RATE,
  'theory.excess.capacity': RATE,
  'theory.occupancy.slots_measured': SHARE,
  mean_regret: { unit: '', format: number },
  busiest_share: SHARE,
  'good.requests': REQUESTS,
  rejected: REQUESTS,
  lost: REQUESTS,
  preemptions: { unit: '', format: count },
  cache_hit_rate: SHARE,
  'conversations.metrics.ttft_warm.mean_ms': TIME,
  'conversations.metrics.duration.mean_ms': TIME,
  'conversations.moved': { unit: '', format: count },
};

/** @type {Record<string, LessonMetric>} */
export const LESSON_METRICS = Object.fromEntries(
  Object.entries(KINDS).map(([path, kind]) => {
    const [label, meaning] = METRIC_WORDS[/** @type {keyof typeof METRIC_WORDS} */ (path)];
    return [path, { label, meaning, ...kind }];
  }),
);

/**
 * A figure of a scene as a number, null if this scene has none. That it is overloaded is 1, that it is not 0: a run which is
 * not may be too short to tell, and lies between them.
 * @param {SceneFigures} scenes
 * @param {string} scene
 * @param {string} path
 */
export function metricValue(scenes, scene, path) {
  const value = lookup(scenes, `${scene}.${path}`);
  if (path === 'overloaded' && lookup(scenes, `${scene}.verdict.kind`) === 'too_short') return 0.5;
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
