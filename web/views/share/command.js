// The same run on the command line.

import { textOf } from '../../settings/settings.js';
import { visible } from '../../shared/visible.js';

/** @import {Pair, Setting} from '../../shared/types.d.ts' */

/** The name under which the configuration is downloaded, and under which the command looks for it. */
export const CONFIG_FILE = 'blis-config.json';

/**
 * A word as a shell reads it back. What would act on a terminal, or be invisible when pasted, is written as an escape.
 * @param {string} word
 */
export function shellWord(word) {
  if (visible(word) !== word) return `$'${[...word].map(escaped).join('')}'`;
  return /^[A-Za-z0-9_./:,=+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A character between `$'` and `'`. @param {string} char */
function escaped(char) {
  if (char === "'" || char === '\\') return `\\${char}`;
  return visible(char) === char ? char : `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}

/**
 * Settings that a command line cannot express, because they are documents or have no flag.
 * @param {Pair[]} pairs
 * @param {Setting[]} schema
 */
export function needsFile(pairs, schema) {
  return pairs.some(([key]) => {
    const setting = schema.find((candidate) => candidate.key === key);
    return !setting || setting.flag === undefined || setting.flag === null || setting.kind.type === 'document';
  });
}

/**
 * The words after `blis run`. A few defaults of the command line are the reference's and not ours, so these are included.
 * @param {Pair[]} pairs
 * @param {Setting[]} schema
 * @returns {string[]}
 */
export function commandWords(pairs, schema) {
  if (needsFile(pairs, schema)) return ['--config', CONFIG_FILE];
  const given = new Map(pairs);
  const textAt = (/** @type {string} */ path) => {
    const setting = schema.find((candidate) => candidate.path === path);
    return setting ? textOf(setting, given) : '';
  };
  const closedLoop = textAt('workload.concurrency') !== '0';
  const decisions = textAt('trace.counterfactual_k') !== '0';
  const always = new Set(['model.name']);
  if (textAt('admission.policy') === 'tier-shed') always.add('admission.tier_shed_min_priority');
  if (closedLoop) always.add('workload.num_requests');
  if (decisions) always.add('trace.counterfactual_k');
  const words = schema.flatMap((setting) => {
    const included = given.has(setting.key) || always.has(setting.path);
    // With a fixed number of users the rate has no effect, and the command refuses both together.
    if (!included || !setting.flag || (closedLoop && setting.path === 'workload.rate')) return [];
    return [setting.flag, textOf(setting, given)];
  });
  return decisions ? [...words, '--trace-level', 'decisions'] : words;
}

/**
 * @param {Pair[]} pairs
 * @param {Setting[]} schema
 */
export function commandLine(pairs, schema) {
  return ['blis', 'run', ...commandWords(pairs, schema)].map(shellWord).join(' ');
}
