// Notices what a copy for a worker would lose without a word.

import { described, hidesData } from '../../values.js';

/** A configuration needs seven levels. */
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
  if (typeof value === 'function' || typeof value === 'symbol') return problem(place, value, 'plain data');
  if (typeof value !== 'object' || value === null || value instanceof Map || depth === 0) return undefined;
  if (!Array.isArray(value) && hidesData(value)) return problem(place, value, 'a plain object');
  for (const [name, part] of Object.entries(value)) {
    const inner = Array.isArray(value) ? `${path}[${name}]` : [path, name].filter(Boolean).join('.');
    const found = hidden(part, inner, depth - 1);
    if (found) return found;
  }
  return undefined;
}

/**
 * @param {string} path
 * @param {unknown} got
 * @param {string} expected
 */
function problem(path, got, expected) {
  const value = described(got);
  const message = `${path}: got ${value}, expected ${expected}`;
  return { code: /** @type {const} */ ('invalid'), path, key: null, value, expected, message };
}
