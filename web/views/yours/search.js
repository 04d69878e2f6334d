// Finding one of many models or GPUs by what is typed: words of its name or kind, a size, a longest request.

/** @import {GpuFacts, ModelFacts} from '../../settings/catalogue.js' */

/**
 * What is looked for in: text, and numbers with their unit.
 * @typedef {object} Searched
 * @property {string} text in lower case
 * @property {number[]} sizes in parameters or bytes, and what else is counted in millions or billions
 * @property {number|null} length in tokens; Infinity where there is no limit
 */

/** A number that is typed for a size or a length: `30b`, `<10b`, `128k+`, `>1m`. */
const AMOUNT = /^([<>≤≥]=?)?(\d+(?:\.\d+)?)(k|m|b|t)(\+)?$/;

/** Sizes are named by round numbers: this far from them they still count as meant. */
const ROUNDED = 0.06;

const FACTORS = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

/** Both ways to count a thousand: a length of 128k is 128,000 or 131,072 tokens. */
const BINARY = { k: 1024, m: 1 << 20 };

/**
 * Whether a word stands in a text, not in the middle of another number or word.
 * @param {string} text
 * @param {string} word
 */
function holds(text, word) {
  const inside = /^[\d.]/.test(word) ? /[\d.]/ : /\p{L}/u;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (at === 0 || !inside.test(text[at - 1])) return true;
  return false;
}

/**
 * @param {number} value
 * @param {string} sign
 * @param {number[]} meant what may have been meant, ascending
 * @param {number} rounded share by which they may differ
 */
function isMeant(value, sign, meant, rounded) {
  const [low, high] = [meant[0], meant[meant.length - 1]];
  if (sign.startsWith('<') || sign === '≤') return value <= high;
  if (sign.startsWith('>') || sign === '≥') return value >= low;
  return meant.some((each) => Math.abs(value - each) <= each * rounded);
}

/**
 * @param {string} word
 * @param {Searched} searched
 */
function isFound(word, { text, sizes, length }) {
  const [, sign = '', digits, unit, plus] = word.match(AMOUNT) ?? [];
  if (digits === undefined) return holds(text, word);
  const order = plus ? '>' : sign;
  const decimal = Number(digits) * FACTORS[/** @type {keyof typeof FACTORS} */ (unit)];
  if (order === '' && holds(text, `${digits}${unit}`)) return true;
  if (unit === 'b' || unit === 't') return sizes.some((size) => isMeant(size, order, [decimal], ROUNDED));
  const binary = Number(digits) * BINARY[/** @type {keyof typeof BINARY} */ (unit)];
  return length !== null && isMeant(length, order, [decimal, binary], 0);
}

/** @param {string} query */
const wordsOf = (query) =>
  query
    .toLowerCase()
    // A sign belongs to what follows it.
    .replaceAll(/([<>≤≥]=?)\s+/g, '$1')
    .split(/[\s,/]+/)
    .filter((word) => word !== '');

/**
 * Whether all that is typed is true of something.
 * @param {string} query
 * @param {Searched} searched
 */
export function matches(query, searched) {
  return wordsOf(query).every((word) => isFound(word, searched));
}

/** @param {ModelFacts} model @param {string} label @returns {Searched} */
export function searchedModel({ name, title, kind, format, total, longest }, label) {
  return {
    text: `${title} ${name} ${kind} ${format} ${label}`.toLowerCase(),
    sizes: total === null ? [] : [total],
    length: longest ?? Infinity,
  };
}

/** @param {GpuFacts} gpu @param {string} line @returns {Searched} */
export const searchedGpu = ({ name, title }, line) => ({
  text: `${title} ${name} ${line}`.toLowerCase(),
  sizes: [],
  length: null,
});
