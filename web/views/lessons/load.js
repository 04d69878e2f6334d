// The lessons as they are served: a list, and a file for each.

import { fileMissing } from '../../shared/builds.js';
import { FOLDER } from '../../shared/folder.js';

/** @import {Entry, Lesson} from './types.d.ts' */

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

/** @returns {Promise<Entry[]>} in the order of the course */
export function loadIndex() {
  return load('index.json');
}

/**
 * @param {Entry} entry
 * @returns {Promise<Lesson>}
 */
export function loadLesson({ file }) {
  return load(file);
}
