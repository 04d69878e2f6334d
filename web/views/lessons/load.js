// The lessons as they are served: the course, and a file for each lesson.

import { fileMissing } from '../../shared/builds.js';
import { FOLDER } from '../../shared/folder.js';
import { shelf } from './own/shelf.js';

/** @import {Block} from './room/blocks.js' */
/** @import {Course, Lesson} from './types.d.ts' */

/**
 * @param {string} name
 * @returns {Promise<any>}
 */
async function load(name) {
  try {
    const response = await fetch(new URL(`lessons/data/${name}`, FOLDER));
    if (!response.ok) throw new Error(`${name} could not be loaded (${response.status})`);
    return await response.json();
  } catch (error) {
    fileMissing();
    throw error;
  }
}

/** @returns {Promise<Course>} */
export function loadCourse() {
  return load('course.json');
}

/**
 * @param {string} id of a lesson of the course, or of the person's own
 * @returns {Promise<Lesson>}
 */
export async function loadLesson(id) {
  return shelf.has(id) ? shelf.lesson(id) : load(`${id}.json`);
}

/** How a lesson is written. @returns {Promise<Block[]>} */
export function loadFormat() {
  return load('format.json');
}
