// Versions of settings as addresses and pins have them: what was given away once keeps its meaning.

/** @import {Pair} from './types.d.ts' */

/** The version that is written; all up to it are read. */
export const VERSION = '2';

/**
 * Settings that a version has for what it does not give, where they are others than today's defaults: in version 1 there
 * were no streams of BLIS.
 * @type {Record<string, Pair[]>}
 */
const DEFAULTS_OF = { 1: [['streams', 'independent']], [VERSION]: [] };

/** All that are known, in words. */
export const KNOWN = Object.keys(DEFAULTS_OF).join(' and ');

/** Whether settings of a version can be read. @param {string} version */
export const isKnown = (version) => Object.hasOwn(DEFAULTS_OF, version);

/**
 * Settings as they were written down in a version, as settings of today that give the same run.
 * @param {Pair[]} pairs
 * @param {string} version one that is known
 * @returns {Pair[]}
 */
export function broughtUp(pairs, version) {
  const missing = DEFAULTS_OF[version].filter(([key]) => !pairs.some(([given]) => given === key));
  return missing.length === 0 ? pairs : [...missing, ...pairs];
}
