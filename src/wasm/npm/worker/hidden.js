// Notices what a copy for a worker would lose without a word.

import { described, hidesData, textOf } from '../../values.js';

/** A configuration needs seven levels; the engine itself reads as many as this. */
const DEEPEST = 32;

/**
 * @param {unknown} value
 * @param {string} [path]
 * @param {number} [depth]
 * @returns {{code: 'invalid', path: string, key: null, value: string, expected: string, message: string}|undefined}
 *   what is wrong; undefined if nothing is lost
 */
export function hidden(value, path = '', depth = DEEPEST) {
  const place = path === '' ? 'configuration' : path;
  const refused = (/** @type {string} */ expected) => problem(place, described(value), expected);
  if (typeof value === 'function' || typeof value === 'symbol') return refused('plain data');
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return refused('a value that is not nested so deeply');
  const isMap = value instanceof Map;
  if (!isMap && !Array.isArray(value) && hidesData(value)) return refused('a plain object');
  for (const [key, part] of isMap ? value : Object.entries(value)) {
    const name = textOf(key) ?? described(key);
    const inner = Array.isArray(value) ? `${path}[${name}]` : [path, name].filter(Boolean).join('.');
    const found = hidden(part, inner, depth - 1);
    if (found) return found;
  }
  return undefined;
}

/**
 * @param {string} path
 * @param {string} value what was got, in words
 * @param {string} expected
 */
export function problem(path, value, expected) {
  const message = `${path}: got ${value}, expected ${expected}`;
  return { code: /** @type {const} */ ('invalid'), path, key: null, value, expected, message };
}
