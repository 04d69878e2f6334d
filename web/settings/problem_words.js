// Why a value was not accepted, as an instruction at its control. The engine's own message names field, value and range.

import { count, number } from '../shared/format.js';
import {
  ANOTHER,
  OR_EMPTY,
  RANGES,
  chooseGpuWords,
  chooseWords,
  enterWords,
  expectedWords,
  useInsteadWords,
} from '../words/settings.js';
import { OR } from '../words/simulated.js';
import { isOptional } from './settings.js';
import { inWords, listed } from './words.js';

/** @import {Description, Problem, Setting} from '../shared/types.d.ts' */

/** So many of a list are named. */
const FEW = 4;

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
    const names = gpus.split(', ');
    return chooseGpuWords(title, listed(names.length > FEW ? [...names.slice(0, FEW), ANOTHER] : names, OR));
  }
  return sentence(inWords(words, schema));
}

/** @param {string} words */
function sentence(words) {
  const [, fact, use] = words.match(/^got .*?, but (.*); expected (.*)$/s) ?? [];
  if (use) return useInsteadWords(capital(fact.replace(/ \(weights [^)]*\)/, ',')), use);
  const [, clash, instead] = words.match(/^(.* cannot be combined with .*); expected (.*)$/s) ?? [];
  if (instead) return expectedWords(capital(clash), instead);
  const [, expected] = words.match(/^got .*?, expected (.*)$/s) ?? [];
  if (expected) return (/^one of /.test(expected) ? chooseWords : enterWords)(expected);
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
  const orEmpty = isOptional(setting) ? OR_EMPTY : '';
  return enterWords(`${rangeOf(setting)}${orEmpty}`);
}

/** @param {Setting} setting whose value is a number */
function rangeOf({ kind, unit }) {
  if (kind.type === 'number') {
    const { min, max, exclusive_min: above } = kind;
    return RANGES.number(number(min), above, typeof max === 'number' ? number(max) : null);
  }
  const { min, max } = /** @type {{min: number|null, max: number|null}} */ (kind);
  if (typeof min !== 'number' || typeof max !== 'number') return RANGES.whole;
  return unit === 'µs' ? RANGES.ms(number(min / 1000), count(max / 1000)) : RANGES.wholeFrom(count(min), count(max));
}
