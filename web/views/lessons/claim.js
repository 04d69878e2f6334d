// What a lesson claims about its runs, as in src/lessons/claim.rs: the same claim must hold here and there.

/** @import {Claim, SceneFigures} from './types.d.ts' */

/** A claim or a text about a figure that does not exist. */
export class NoFigure extends Error {
  /** @param {string} path */
  constructor(path) {
    super(`no figure ${path}`);
    this.name = 'NoFigure';
    this.path = path;
  }
}

/**
 * What stands at a path like `scene.ttft.p99_ms`; undefined if there is nothing.
 * @param {SceneFigures} scenes
 * @param {string} path
 * @returns {unknown}
 */
export function lookup(scenes, path) {
  /** @type {any} */
  let value = scenes;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/**
 * The number at a path.
 * @param {SceneFigures} scenes
 * @param {string} path
 */
export function numberAt(scenes, path) {
  const value = lookup(scenes, path);
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new NoFigure(path);
  return value;
}

/**
 * @param {SceneFigures} scenes
 * @param {string} path
 */
function flagAt(scenes, path) {
  const value = lookup(scenes, path);
  if (typeof value !== 'boolean') throw new NoFigure(path);
  return value;
}

/**
 * One side of a comparison: a number, or the path of a figure.
 * @param {SceneFigures} scenes
 * @param {number|string} term
 */
function valueOf(scenes, term) {
  return typeof term === 'number' ? term : numberAt(scenes, term);
}

/**
 * Whether a claim holds for these runs; throws `NoFigure` if it refers to a figure that does not exist.
 * @param {Claim} claim
 * @param {SceneFigures} scenes
 * @returns {boolean}
 */
export function holds(claim, scenes) {
  if ('greater' in claim) {
    const [left, factor, right] = claim.greater;
    return valueOf(scenes, left) > factor * valueOf(scenes, right);
  }
  if ('less' in claim) {
    const [left, factor, right] = claim.less;
    return valueOf(scenes, left) < factor * valueOf(scenes, right);
  }
  if ('near' in claim) {
    const [left, share, right] = claim.near;
    const target = valueOf(scenes, right);
    return Math.abs(valueOf(scenes, left) - target) <= share * Math.abs(target);
  }
  if ('true' in claim) return flagAt(scenes, claim.true);
  if ('false' in claim) return !flagAt(scenes, claim.false);
  throw new Error(`unknown claim ${JSON.stringify(claim)}`);
}
