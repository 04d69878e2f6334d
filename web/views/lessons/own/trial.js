// Whether the claims of a lesson hold, seed after seed, and whether the figures exist that it names.

import { holds, NoFigure } from '../claim.js';
import { fill } from '../fill.js';
import { metricValue } from '../metrics.js';

/** @import {Lesson, SceneFigures} from '../types.d.ts' */

/** Seeds on which claims are tried, and on how many of them each must hold: the same as for ours. */
export const SEEDS = 20;
export const MUST_HOLD = 19;

/**
 * How often each claim has held, in their order, and what does not exist.
 * @typedef {object} Trial
 * @property {number} seeds that have been run
 * @property {number[]} held
 * @property {string[]} missing figures
 */

/**
 * @param {Lesson} lesson
 * @param {(lesson: Lesson, seed: number) => Promise<SceneFigures|null>} run null if it was cancelled
 * @param {(trial: Trial) => void} onSeed after each seed
 * @returns {Promise<Trial|null>} null if it was cancelled
 */
export async function tryClaims(lesson, run, onSeed) {
  const held = lesson.claims.map(() => 0);
  /** @type {Set<string>} */
  const missing = new Set();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const scenes = await run(lesson, seed);
    if (scenes === null) return null;
    lesson.claims.forEach(({ that }, index) => {
      const true_ = exists(missing, () => holds(that, scenes));
      if (true_ === true) held[index] += 1;
    });
    for (const text of [lesson.reveal, lesson.why, lesson.teacher?.after ?? ''])
      exists(missing, () => fill(text, scenes));
    for (const { name } of lesson.scenes)
      for (const path of lesson.metrics) if (metricValue(scenes, name, path) === null) missing.add(`${name}.${path}`);
    onSeed({ seeds: seed, held: [...held], missing: [...missing] });
    // What does not exist for one seed does so for none.
    if (missing.size > 0) break;
  }
  return { seeds: missing.size > 0 ? 1 : SEEDS, held, missing: [...missing] };
}

/**
 * @template Value
 * @param {Set<string>} missing gets the figure that does not exist
 * @param {() => Value} look
 * @returns {Value|null}
 */
function exists(missing, look) {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof NoFigure)) throw error;
    missing.add(error.path);
    return null;
  }
}
