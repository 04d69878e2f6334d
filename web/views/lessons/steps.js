// The steps of a lesson, in the order in which they are shown. The one that is shown now is part of the page's state.

/** @import {Attempt, Lesson} from './types.d.ts' */

export const STEPS = /** @type {const} */ (['question', 'bet', 'reveal', 'pictures', 'chart', 'why', 'change']);

/** @typedef {typeof STEPS[number]} Step */

/** The last step that can be shown before anything has run. */
export const BEFORE_RUN = 'bet';

/** What a run is for. */
export const AFTER_RUN = 'reveal';

/** @param {Step} step @param {Step} other */
export const isBefore = (step, other) => STEPS.indexOf(step) < STEPS.indexOf(other);

/**
 * The steps that a lesson has: without pictures, that step is left out.
 * @param {Pick<Lesson, 'pictures'>} lesson
 * @returns {Step[]}
 */
export function stepsOf({ pictures }) {
  return STEPS.filter((step) => step !== 'pictures' || pictures !== undefined);
}

/**
 * A step of a lesson by its name; the first where it has none of that name.
 * @param {Pick<Lesson, 'pictures'>} lesson
 * @param {string} name
 * @returns {Step}
 */
export function stepNamed(lesson, name) {
  return stepsOf(lesson).find((step) => step === name) ?? STEPS[0];
}

/**
 * The step that is reached: what its runs show cannot be shown without them.
 * @param {Pick<Attempt, 'lesson'|'scenes'>} attempt
 * @param {string} wanted the step of the page's state
 * @returns {Step}
 */
export function stepReached({ lesson, scenes }, wanted) {
  const step = stepNamed(lesson, wanted);
  return scenes === null && isBefore(BEFORE_RUN, step) ? BEFORE_RUN : step;
}

/**
 * The step after or before one; null at the ends.
 * @param {Pick<Lesson, 'pictures'>} lesson
 * @param {Step} step
 * @param {1|-1} by
 * @returns {Step|null}
 */
export function stepBeside(lesson, step, by) {
  const steps = stepsOf(lesson);
  return steps[steps.indexOf(step) + by] ?? null;
}
