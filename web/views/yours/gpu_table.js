// A GPU as it is written: the figures of the form, and tables of JSON.

/** @import {OwnGpu} from '../../settings/catalogue.js' */

/** A figure of the form. @typedef {{id: string, key: keyof OwnGpu, optional: boolean}} Figure */

/** What the form asks for, in its order. @type {Figure[]} */
export const FIGURES = [
  { id: 'memory', key: 'MemoryGiB', optional: false },
  { id: 'bandwidth', key: 'BwPeakTBs', optional: false },
  { id: 'bf16', key: 'TFlopsPeak', optional: false },
  { id: 'fp8', key: 'TFlopsFP8', optional: true },
  { id: 'fp4', key: 'TFlopsFP4', optional: true },
  { id: 'prefill', key: 'mfuPrefill', optional: false },
  { id: 'decode', key: 'mfuDecode', optional: false },
  { id: 'price', key: 'priceUsdPerHour', optional: true },
];

/** Longest name of a GPU or model, characters. */
export const MAX_NAME = 80;

/** Texts of a GPU's entry that are no figures. */
const TEXTS = ['title', 'source', 'note', 'priceSource'];

/** Why a table cannot be read; a sentence without its end. */
export class UnreadableTable extends Error {}

/** @param {unknown} value */
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * The GPUs of a text: the reference's table by name, a list of entries, one entry, or settings that hold some.
 * @param {string} text JSON
 * @returns {(Partial<OwnGpu> & {name: string})[]}
 * @throws {UnreadableTable}
 */
export function readGpus(text) {
  /** @type {any} */
  let value;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UnreadableTable(`it is no JSON (${error instanceof Error ? error.message : error})`);
  }
  const own = value?.model?.own_gpus ?? value?.own_gpus;
  const found = entriesOf(Array.isArray(own) ? own : value);
  if (found.length === 0)
    throw new UnreadableTable('it holds no GPU: {"NAME": {"TFlopsPeak": 989.5, "BwPeakTBs": 3.35}} is one');
  return found.map(([name, entry]) => checked(String(name).trim(), entry));
}

/** @param {any} value @returns {[string, any][]} */
function entriesOf(value) {
  const isGpu = (/** @type {any} */ each) => isObject(each) && FIGURES.some(({ key }) => key in each);
  if (Array.isArray(value)) return value.filter(isGpu).map((each) => [each.name ?? '', each]);
  if (isGpu(value)) return [[value.name ?? '', value]];
  return isObject(value) ? Object.entries(value).filter(([, each]) => isGpu(each)) : [];
}

/** @param {string} name @param {Record<string, unknown>} entry */
function checked(name, entry) {
  const known = [...FIGURES.map(({ key }) => String(key)), ...TEXTS, 'name', 'calibrated'];
  for (const [key, value] of Object.entries(entry)) {
    if (!known.includes(key))
      throw new UnreadableTable(
        `${name || 'a GPU'} has “${key}”, which is none of its figures: ${FIGURES.map(({ key: each }) => each).join(', ')}`,
      );
    const isFigure = FIGURES.some((figure) => figure.key === key);
    if (isFigure && value !== null && typeof value !== 'number')
      throw new UnreadableTable(`${name || 'a GPU'}: “${key}” has to be a number`);
  }
  return /** @type {Partial<OwnGpu> & {name: string}} */ ({ ...entry, name });
}

/**
 * A number as it is typed: with a point or a comma, empty for none.
 * @param {string} text
 * @param {boolean} optional
 * @returns {number|null} NaN if it is none
 */
export function figureOf(text, optional) {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return optional ? null : NaN;
  return Number(typed);
}
