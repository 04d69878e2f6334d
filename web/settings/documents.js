// Settings that are whole documents: the user's own models, GPUs and measured coefficients. What they are called.

/** @import {Config} from '../shared/types.d.ts' */

/** The documents of which another setting names the entry that is used: it is said with that. */
const NAMED = ['model.own_models', 'model.own_gpus'];

/** Coefficients that were fitted to measurements, which have a name of their own. */
export const MEASURED = 'model.measured';

/** @param {{path: string}} setting */
export const isNamed = ({ path }) => NAMED.includes(path);

/** @param {string} text @returns {any} null if it is none */
export function parsed(text) {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The entry of a list of models or GPUs that a setting names.
 * @param {string} text of the document
 * @param {(name: string) => string} key
 * @param {string} name
 * @returns {{name: string, title?: string}|null}
 */
export function entryOf(text, key, name) {
  const list = parsed(text);
  const found = Array.isArray(list) ? list.find((each) => key(String(each?.name ?? '')) === key(name)) : null;
  return found ?? null;
}

/** The name of measured coefficients. @param {string} text of the document; empty for none */
export const nameOfMeasured = (text) => String(parsed(text)?.name ?? '');

/** @param {Config|null} config @returns {string|null} null if there are none */
export const measuredName = (config) => config?.model.measured?.name ?? null;
