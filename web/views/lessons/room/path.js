// The way from lesson to lesson in front of a class: the path of the class for its lessons, else the whole course.

/** @import {Course} from '../types.d.ts' */

/**
 * The ids of the path that a lesson is shown on.
 * @param {Course} course
 * @param {string} lesson its id
 * @returns {string[]} only itself for a lesson that is not of the course
 */
export function pathOf(course, lesson) {
  if (course.class.lessons.includes(lesson)) return course.class.lessons;
  const all = course.lessons.map(({ id }) => id);
  return all.includes(lesson) ? all : [lesson];
}

/**
 * The lesson after or before one; null at the ends of the path.
 * @param {Course} course
 * @param {string} lesson its id
 * @param {1|-1} by
 * @returns {string|null}
 */
export function lessonBeside(course, lesson, by) {
  const path = pathOf(course, lesson);
  return path[path.indexOf(lesson) + by] ?? null;
}

/**
 * How many minutes are planned for the path that a lesson is on; null if it is none of a class.
 * @param {Course} course
 * @param {string} lesson its id
 */
export function minutesOfPath(course, lesson) {
  return course.class.lessons.includes(lesson) ? course.class.minutes : null;
}
