// How far the axes of a chart reach, on the page and in a saved picture alike.

import { reachedMarks } from './spec.js';

/** @import {ChartSpec} from './spec.js' */

/**
 * Bars stand on their values, so half a step of room is left on both sides.
 * @param {ChartSpec} spec
 * @param {number} min of the values
 * @param {number} max
 * @returns {[number, number]}
 */
export function xRange(spec, min, max) {
  if (spec.x.log) return [min / 1.15, max * 1.15];
  const bars = spec.series.some(({ kind }) => kind === 'bars');
  const step = bars && spec.xs.length > 1 ? spec.xs[1] - spec.xs[0] : 0;
  const room = step > 0 ? step * 0.6 : (max - min) * 0.02 || 0.5;
  const marks = reachedMarks(spec, 'x');
  return [Math.min(min, ...marks) - room, Math.max(max, ...marks) + room];
}

/**
 * @param {ChartSpec} spec
 * @param {boolean} log
 * @param {number|null} min of the values, null where there is none
 * @param {number|null} max
 * @returns {[number, number]}
 */
export function yRange(spec, log, min, max) {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return log ? [1, 10] : [0, 1];
  const marks = reachedMarks(spec, 'y').filter((at) => !log || at > 0);
  const low = Math.min(min, ...marks);
  const high = Math.max(max, ...marks);
  if (log) return [low / 1.3, high * 1.4];
  if (spec.y.zero) return [0, Math.min(high > 0 ? high * 1.12 : 1, spec.y.max ?? Infinity)];
  const room = (high - low) * 0.1 || Math.abs(high) * 0.1 || 1;
  return [low - room, high + room];
}
