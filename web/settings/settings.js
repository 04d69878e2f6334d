// The schema's settings as text.

/** @import {Pair, Setting} from '../shared/types.d.ts' */

/**
 * The text of a setting: as in the pairs, which leave out defaults, else the default.
 * @param {Setting} setting
 * @param {Map<string, string>} pairs
 */
export function textOf(setting, pairs) {
  return pairs.get(setting.key) ?? setting.default_text;
}

/**
 * Whether an empty text means "not set".
 * @param {Setting} setting
 */
export function isOptional({ kind }) {
  const byType = ['floats', 'document', 'targets', 'class-priorities', 'tenant-budgets', 'kills', 'bursts'].includes(
    kind.type,
  );
  return byType || ('nullable' in kind && kind.nullable);
}

/**
 * Pairs with some of them replaced; an empty text takes an optional setting back to "not set".
 * @param {Pair[]} pairs
 * @param {Map<string, string>} drafts
 * @param {Setting[]} schema
 * @returns {Pair[]}
 */
export function withDrafts(pairs, drafts, schema) {
  const merged = new Map(pairs);
  for (const [key, text] of drafts) {
    const setting = schema.find((candidate) => candidate.key === key);
    if (text === '' && setting && isOptional(setting)) merged.delete(key);
    else merged.set(key, text);
  }
  return [...merged];
}
