// What the engine asks of JavaScript values, in the language that has the words for it. Nothing here throws, whatever getters,
// proxies and iterators do: an exception would go through the engine, which could not put its stack in order.

/**
 * What a reading gives, or what stands for it if it throws.
 * @template T, F
 * @param {() => T} read
 * @param {F} otherwise
 * @returns {T|F}
 */
function attempt(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/**
 * The items of a list.
 * @param {unknown} value
 * @returns {unknown[]|undefined} undefined if it is none, or cannot be read
 */
export function listOf(value) {
  return attempt(() => {
    if (!Array.isArray(value)) return undefined;
    // By place: a list may have an iterator of its own.
    const items = [];
    for (let place = 0; place < value.length; place += 1) items.push(value[place]);
    return items;
  }, undefined);
}

/**
 * The bytes of a buffer or of a view into one.
 * @param {unknown} value
 * @returns {Uint8Array|undefined} undefined if it is none, or cannot be read
 */
export function bytesOf(value) {
  return attempt(() => {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return Object.prototype.toString.call(value) === '[object ArrayBuffer]'
      ? new Uint8Array(/** @type {ArrayBuffer} */ (value))
      : undefined;
  }, undefined);
}

/**
 * Names and values of a `Map` or of an object's own properties.
 * @param {object} value
 * @returns {[unknown, unknown][]|undefined} undefined if they cannot be read
 */
export function entriesOf(value) {
  return attempt(
    () => (value instanceof Map ? [...Map.prototype.entries.call(value)] : Object.entries(value)),
    undefined,
  );
}

/**
 * Whether an object has, or may have, more to it than its own properties: promises, dates and sets have none, and getters
 * of a class would not be read. Taken for an empty object, it would stand for the defaults without a word. What cannot be
 * looked at hides everything.
 * @param {object} value
 */
export function hidesData(value) {
  return attempt(() => isMoreThanPlain(value), true);
}

/** @param {object} value */
function isMoreThanPlain(value) {
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
  return attempt(() => {
    if (Array.isArray(value)) return 'a list';
    const name = value.constructor?.name ?? 'Object';
    return name === 'Object' ? 'an object' : `an object of the class ${name}`.slice(0, LONGEST);
  }, 'an object that cannot be read');
}

/**
 * Pairs out of a list, a Map, URLSearchParams, or whatever else gives its items one by one.
 * @param {any} value
 * @returns {unknown[]|undefined} undefined if it does not
 */
export function itemsOf(value) {
  const read = () => (Symbol.iterator in value ? [...value] : undefined);
  return typeof value === 'object' && value !== null ? attempt(read, undefined) : undefined;
}

/**
 * A text, or what stands for one.
 * @param {unknown} value
 * @returns {string|undefined} undefined if nothing does
 */
export function textOf(value) {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined;
}
