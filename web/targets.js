// Latency targets as the settings hold them, by SLO class, and as one number where all classes have the same.

/** @import {SloTarget} from './pkg/blis_playground.js' */

/**
 * The limit that every class has; null if none has one, `by class` if they differ.
 * @param {Record<string, SloTarget>} targets as the engine gives them
 * @param {string[]} classes those of the run
 * @param {keyof SloTarget} field
 * @returns {number|null|'by class'}
 */
export function uniformTarget(targets, classes, field) {
  const names = new Set([...classes, ...Object.keys(targets).map((name) => name || 'default')]);
  const limits = new Set(
    [...names].map((name) => (targets[name] ?? (name === 'default' ? targets[''] : null))?.[field] ?? null),
  );
  if (limits.size > 1) return 'by class';
  return [...limits][0] ?? null;
}

/**
 * The setting that gives every class this limit; empty for none.
 * @param {string[]} classes those of the run
 * @param {string} ms
 */
export function targetText(classes, ms) {
  if (ms === '') return '';
  const names = classes.length > 0 ? classes : ['default'];
  return names.map((name) => `${name}=${ms}ms`).join(',');
}
