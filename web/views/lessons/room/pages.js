// What the lessons have for teachers besides themselves: their page, and the worksheets.

import { guidePage } from './guide.js';
import { sheetPage } from './sheet.js';

/** @import {Course, Lesson, SceneFigures} from '../types.d.ts' */
/** @import {Block} from './blocks.js' */

/**
 * What these pages work with.
 * @typedef {object} RoomParts
 * @property {Course} course
 * @property {(id: string) => Promise<Lesson>} lessonOf
 * @property {(id: string) => Promise<SceneFigures>} figures of a lesson's runs, with its first seed
 * @property {() => Promise<Block[]>} format how a lesson is written
 * @property {(id: string, words: string) => HTMLElement} link to a lesson
 * @property {(id: string, words: string) => HTMLElement} sheetLink to its worksheet; with no id to those of the class path
 * @property {(id: string, words: string) => HTMLElement} start a button that presents a lesson
 * @property {() => HTMLElement} all the link to the list of lessons
 * @property {(id: string) => string} address of a lesson, for others
 * @property {() => Promise<(link: string) => Element|null>} codeOf what draws a link as a code that phones read
 */

/** @typedef {(parts: RoomParts, lesson: string) => Promise<HTMLElement>} Page */

/** The pages by their name in the address. */
const PAGES = new Map([
  ['guide', /** @type {Page} */ (guidePage)],
  ['sheet', /** @type {Page} */ (sheetPage)],
]);

/**
 * @param {string} room as in the address
 * @param {string} lesson its id; empty for none
 * @param {RoomParts} parts
 * @returns {Promise<HTMLElement>|null} null if there is no such page
 */
export function roomPage(room, lesson, parts) {
  return PAGES.get(room)?.(parts, lesson) ?? null;
}
