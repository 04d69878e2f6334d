// How far the axes of a chart reach.

import { reachedMarks } from './spec.js';

/** @import {ChartSpec} from './spec.js' */

/**
 * Bars stand on their values, so half a step of room is left on both sides.
 * @param {ChartSpec} spec
 * @returns {[number, number]}
 */
export function xRange({ x, xs, series, markers }) {
  if (x.ends) return x.ends;
  const [first, last] = [xs[0], xs[xs.length - 1]];
  if (xs.length === 0) return x.log ? [1, 10] : [0, 1];
  if (x.log) return [first / 1.15, last * 1.15];
  const bars = series.some(({ kind }) => kind === 'bars');
  const marks = reachedMarks({ markers }, 'x');
  const [low, high] = [Math.min(first, ...marks), Math.max(last, ...marks)];
  const room = bars ? 0.6 * (xs.length > 1 ? xs[1] - first : 1) : (last - first) * 0.02 || aroundOne(first, x);
  return [low - room, high + room];
}

/**
 * Room around a single value.
 * @param {number} value
 * @param {ChartSpec['x']} axis
 */
function aroundOne(value, { whole }) {
  return whole || value === 0 ? 0.5 : Math.abs(value) * 0.1;
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
