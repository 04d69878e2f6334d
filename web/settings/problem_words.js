// Why a value was not accepted, as an instruction at its control. The engine's own message names field, value and range.

import { count, number } from '../shared/format.js';
import { isOptional } from './settings.js';
import { inWords, listed } from './words.js';

/** @import {Description, Problem, Setting} from '../shared/types.d.ts' */

/**
 * @param {Problem} problem
 * @param {Setting} setting
 * @param {string} text what was entered
 * @param {Pick<Description, 'schema'|'catalog'>} description
 */
export function problemWords(problem, setting, text, { schema, catalog }) {
  const { path, message } = problem;
  if (path === setting.path && outOfRange(setting, text)) return rangeWords(setting);
  const words = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  const [, gpus, model] = words.match(/^got no value, expected one of (.*) \((.*) has no default GPU\)$/) ?? [];
  if (gpus) {
    const title = catalog.models.find(({ name }) => name === model)?.title ?? model;
    return `${title} has no default GPU. Choose ${listed(gpus.split(', '), 'or')}.`;
  }
  return sentence(inWords(words, schema));
}

/** @param {string} words */
function sentence(words) {
  const [, fact, use] = words.match(/^got .*?, but (.*); expected (.*)$/s) ?? [];
  if (use) return `${capital(fact.replace(/ \(weights [^)]*\)/, ','))}. Use ${use}.`;
  const [, clash, instead] = words.match(/^(.* cannot be combined with .*); expected (.*)$/s) ?? [];
  if (instead) return `${capital(clash)}. Expected: ${instead}.`;
  const [, expected] = words.match(/^got .*?, expected (.*)$/s) ?? [];
  if (expected) return `${/^one of /.test(expected) ? 'Choose' : 'Enter'} ${expected}.`;
  return `${capital(words)}.`;
}

/** @param {string} text */
function capital(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/**
 * Whether a text is no value of the setting at all, whatever the others are.
 * @param {Setting} setting
 * @param {string} text
 */
function outOfRange({ kind }, text) {
  if (kind.type !== 'integer' && kind.type !== 'number') return false;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) return true;
  const { min, max } = kind;
  const low = kind.type === 'number' && kind.exclusive_min ? value <= kind.min : value < (min ?? -Infinity);
  return low || value > (max ?? Infinity) || (kind.type === 'integer' && !Number.isInteger(value));
}

/** @param {Setting} setting */
function rangeWords(setting) {
  const { kind } = setting;
  const orEmpty = isOptional(setting) ? ', or leave the field empty' : '';
  if (kind.type === 'integer') {
    const { min, max } = kind;
    if (setting.unit === 'µs' && typeof min === 'number' && typeof max === 'number')
      return `Enter a number of ms from ${number(min / 1000)} to ${count(max / 1000)}${orEmpty}.`;
    if (typeof min !== 'number' || typeof max !== 'number') return `Enter a whole number${orEmpty}.`;
    return `Enter a whole number from ${count(min)} to ${count(max)}${orEmpty}.`;
  }
  if (kind.type !== 'number') return '';
  const { min, max, exclusive_min: above } = kind;
  const upTo = typeof max === 'number' ? ` and at most ${number(max)}` : '';
  return `Enter a number ${above ? 'greater than' : 'of at least'} ${number(min)}${upTo}${orEmpty}.`;
}
