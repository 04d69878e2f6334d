// Texts with live figures: `{{scene.figure}}`, `{{one / other}}`, `{{one - other}}`, each with ` as percent` or
// without. The same rules as in src/lessons/text.rs; here, thousands are set apart.

import { NoFigure, numberAt } from './claim.js';

/** @import {SceneFigures} from './types.d.ts' */

/** @typedef {'ms'|'s'|'number'} Unit */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/**
 * The text with its figures filled in; throws `NoFigure` where one does not exist or a placeholder is not closed.
 * @param {string} text
 * @param {SceneFigures} scenes
 * @returns {string}
 */
export function fill(text, scenes) {
  const [first, ...pieces] = text.split('{{');
  const filled = pieces.map((piece) => {
    const end = piece.indexOf('}}');
    if (end < 0) throw new NoFigure(piece);
    return written(piece.slice(0, end).trim(), scenes) + piece.slice(end + 2);
  });
  return first + filled.join('');
}

/**
 * @param {string} placeholder
 * @param {SceneFigures} scenes
 */
function written(placeholder, scenes) {
  const expression = placeholder.replace(/ as percent$/, '');
  const { value, unit } = evaluate(expression, scenes);
  return expression === placeholder ? withUnit(value, unit) : `${whole.format(100 * value)}%`;
}

/**
 * A quotient is a number, a difference has the unit of its first part.
 * @param {string} expression
 * @param {SceneFigures} scenes
 * @returns {{value: number, unit: Unit}}
 */
function evaluate(expression, scenes) {
  const [left, operator, right] = expression.split(/ ([/-]) /);
  const value = numberAt(scenes, left);
  if (operator === undefined) return { value, unit: unitOf(left) };
  const other = numberAt(scenes, right);
  return operator === '/' ? { value: value / other, unit: 'number' } : { value: value - other, unit: unitOf(left) };
}

/**
 * The end of a figure's name shows whether it is a time.
 * @param {string} path
 * @returns {Unit}
 */
function unitOf(path) {
  if (path.endsWith('_ms')) return 'ms';
  return path.endsWith('_s') ? 's' : 'number';
}

/**
 * About three figures, with the unit.
 * @param {number} value
 * @param {Unit} unit
 * @returns {string}
 */
function withUnit(value, unit) {
  if (unit === 'ms' && Math.abs(value) >= 1000) return withUnit(value / 1000, 's');
  return unit === 'number' ? short(value) : `${short(value)} ${unit}`;
}

/** @param {number} value */
function short(value) {
  return (Number.isInteger(value) || Math.abs(value) >= 100 ? whole : tenths).format(value);
}
