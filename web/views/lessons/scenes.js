// The settings of a lesson's scenes.

import { formatHash } from '../../address/url.js';

/** @import {Config, Pair} from '../../shared/types.d.ts' */
/** @import {Lesson, LessonPairs, Scene} from './types.d.ts' */

/** The seed that a lesson starts with; its claims are proven for this one and for 19 others. */
export const FIRST_SEED = 1;

/**
 * What a lesson does not set, as in the engine: it changes one thing only, and with independent streams nothing else changes.
 * @type {LessonPairs}
 */
const DEFAULTS = { streams: 'independent' };

/** The random streams of a lesson. @param {Lesson} lesson */
export const streamsOf = ({ base }) => String({ ...DEFAULTS, ...base }.streams);

/**
 * The settings of a scene in short keys; later ones replace earlier ones.
 * @param {Lesson} lesson
 * @param {Scene} scene
 * @param {LessonPairs} [more] on top of the scene's own
 * @returns {Pair[]}
 */
export function scenePairs(lesson, scene, more = {}) {
  const merged = { ...DEFAULTS, ...lesson.base, ...scene.pairs, ...more };
  return Object.entries(merged).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
}

/**
 * What a lesson simulates: the settings of its scenes, and the keys of those in which they differ.
 * @param {Lesson} lesson
 * @param {number} seed
 */
export function lessonSubject(lesson, seed) {
  const scenes = lesson.scenes.map((scene) => new Map(scenePairs(lesson, scene)));
  const keys = new Set(scenes.flatMap((scene) => [...scene.keys()]));
  const varied = [...keys].filter((key) => new Set(scenes.map((scene) => scene.get(key))).size > 1);
  const pairs = [...scenes[0]].filter(([key]) => key !== 'seed');
  return { subject: { pairs: [...pairs, /** @type {Pair} */ (['seed', String(seed)])] }, varied };
}

/**
 * The settings with this seed for everything that is random.
 * @param {Config} config
 * @param {number} seed
 * @returns {Config}
 */
export function withSeed(config, seed) {
  const { spec } = config.workload;
  if (!spec) return { ...config, seed };
  return /** @type {Config} */ ({ ...config, seed, workload: { ...config.workload, spec: { ...spec, seed } } });
}

/**
 * The address at which a scene can be changed at will.
 * @param {Lesson} lesson
 * @param {Scene} scene
 * @param {number} seed
 * @param {LessonPairs} [more]
 */
export function sceneAddress(lesson, scene, seed, more = {}) {
  const seeded = /** @type {LessonPairs} */ ({ ...lesson.base, ...scene.pairs, ...more, seed });
  if (typeof seeded.spec === 'object') seeded.spec = { ...seeded.spec, seed };
  return formatHash(scenePairs(lesson, scene, seeded));
}
