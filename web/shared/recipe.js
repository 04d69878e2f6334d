// How the requests of a list were made: which file was read how, and what was cut out of it. It is kept beside the list, so that
// the same file can be read again, here and on the command line.

/** @import {TraceOptions, TraceSlices} from '#engine' */

/**
 * @typedef {object} Recipe
 * @property {string} file its name
 * @property {boolean} header whether a header in YAML came with it
 * @property {Pick<Partial<TraceOptions>, 'format'|'mapping'|'shape'|'answers'>} options
 * @property {Partial<TraceSlices>} slices
 */

/** @param {unknown} value */
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * The recipe of a kept list, if it has one that this build can read.
 * @param {{from?: any}|undefined} note
 * @returns {Recipe|null}
 */
export function recipeOf(note) {
  const from = note?.from;
  if (!isObject(from) || typeof from.file !== 'string') return null;
  if (!isObject(from.options) || !isObject(from.slices)) return null;
  return { file: from.file, header: from.header === true, options: from.options, slices: from.slices };
}
