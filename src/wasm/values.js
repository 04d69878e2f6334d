// What the engine asks of JavaScript values, in the language that has the words for it.

/**
 * Whether an object has, or may have, more to it than its own properties: promises, dates and sets have none, and getters
 * of a class would not be read. Taken for an empty object, it would stand for the defaults without a word.
 * @param {object} value
 */
export function hidesData(value) {
  for (let type = Object.getPrototypeOf(value); type !== null; type = Object.getPrototypeOf(type)) {
    // The prototype of plain objects, of whichever window.
    if (Object.getPrototypeOf(type) === null)
      return type !== Object.getPrototypeOf(value) && Object.keys(value).length === 0;
    if (Object.values(Object.getOwnPropertyDescriptors(type)).some(({ get }) => get !== undefined)) return true;
  }
  return false;
}

/** More of a text is not quoted; it is cut once more where that is done. */
const LONGEST = 320;

/**
 * A value in a message: objects by their class, everything else as it is.
 * @param {unknown} value
 */
export function described(value) {
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  if (typeof value !== 'object' || value === null) return String(value).slice(0, LONGEST);
  if (Array.isArray(value)) return 'a list';
  const name = value.constructor?.name ?? 'Object';
  return name === 'Object' ? 'an object' : `an object of the class ${name}`;
}

/**
 * Pairs out of a list, a Map, URLSearchParams, or whatever else gives its items one by one.
 * @param {any} value
 * @returns {unknown[]|undefined} undefined if it does not
 */
export function itemsOf(value) {
  return typeof value === 'object' && value !== null && Symbol.iterator in value ? [...value] : undefined;
}

/**
 * A text, or what stands for one.
 * @param {unknown} value
 * @returns {string|undefined} undefined if nothing does
 */
export function textOf(value) {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined;
}
