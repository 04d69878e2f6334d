// The schema's settings as text, and when they have an effect.

/** @import {Config, Pair, Setting} from '../shared/types.d.ts' */

/**
 * The value at a path of plain names.
 * @param {unknown} config
 * @param {string} path
 * @returns {any}
 */
export function valueAt(config, path) {
  let value = /** @type {any} */ (config);
  for (const name of path.split('.')) {
    if (value === null || value === undefined) return null;
    value = value[name];
  }
  return value ?? null;
}

/**
 * A value as it is typed and as it stands in a link: empty for "not set".
 * @param {unknown} value
 * @returns {string}
 */
export function asText(value) {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    return value
      .map((entry) => (typeof entry === 'object' ? `${entry.name}:${entry.weight}` : String(entry)))
      .join(',');
  }
  // Maps of SLO classes have a text form only if they are not empty, and then it is in the pairs.
  return typeof value === 'object' ? '' : String(value);
}

/**
 * The text of a setting: as in the pairs, which leave out defaults, else the default.
 * @param {Setting} setting
 * @param {Map<string, string>} pairs
 */
export function textOf(setting, pairs) {
  return pairs.get(setting.key) ?? asText(setting.default);
}

/**
 * Whether an empty text means "not set".
 * @param {Setting} setting
 */
export function isOptional({ kind }) {
  const byType = ['floats', 'document', 'targets', 'class-priorities'].includes(kind.type);
  return byType || ('nullable' in kind && kind.nullable);
}

/**
 * Whether a setting has an effect in a configuration.
 * @param {Setting} setting
 * @param {Config} config
 */
export function applies({ applies_when: conditions }, config) {
  return conditions.every(({ test, path, values }) => {
    const value = valueAt(config, path);
    const among = values.some((other) => (other ?? null) === value);
    return test === 'is' ? among : !among;
  });
}

/**
 * Whether a place such as `routing.scorers[1].weight` or `slo.batch.ttft_ms` belongs to a setting.
 * @param {Setting} setting
 * @param {string} path
 */
export function covers(setting, path) {
  if (setting.path === path) return true;
  const [map, dimension] = setting.path.split('.*.');
  if (dimension !== undefined)
    return (
      path === map || (path.startsWith(`${map}.`) && (path.endsWith(`.${dimension}`) || path.split('.').length < 3))
    );
  return path.startsWith(`${setting.path}.`) || path.startsWith(`${setting.path}[`);
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
