// Objects of the engine: what they hold lies in the module's memory until it is given back. wasm-bindgen's own classes
// throw "null pointer passed to rust" at whatever comes after that, `using` and cleanup in `finally` included. Here giving
// back is always safe, and everything else says what happened.

/** @typedef {{prototype: any, name: string}} Class */

/** Where each object lies; 0 once it has been given back. @type {WeakMap<object, number>} */
const addresses = new WeakMap();

/** What was read of objects that do not change. @type {WeakMap<object, Map<string, unknown>>} */
const memories = new WeakMap();

/** @param {object} object */
const hasEnded = (object) => !addresses.get(object);

/** @param {string} name */
const ended = (name) => `this ${name} has been finished or freed`;

/**
 * Makes the end of objects of this class safe. All code of wasm-bindgen, for methods, getters and arguments, reads the
 * address of an object from the property `__wbg_ptr`, so this is the one place where it can be missing.
 * @param {Class} type
 */
export function endSafely({ prototype, name }) {
  const { free } = prototype;
  const freeOnce = {
    value() {
      if (!hasEnded(this)) free.call(this);
    },
    configurable: true,
    writable: true,
  };
  Object.defineProperties(prototype, {
    __wbg_ptr: {
      get() {
        if (hasEnded(this)) throw new Error(ended(name));
        return addresses.get(this);
      },
      set(address) {
        addresses.set(this, address);
        if (address === 0) memories.delete(this);
      },
    },
    free: freeOnce,
    [Symbol.for('nodejs.util.inspect.custom')]: {
      /** @param {number} depth @param {object} options @param {(value: unknown, options: object) => string} inspect */
      value(depth, options, inspect) {
        if (hasEnded(this)) return `${name} (finished or freed)`;
        return this.toJSON ? `${name} ${inspect(this.toJSON(), options)}` : name;
      },
    },
  });
  // Not every engine of JavaScript has the word for it yet.
  if (Symbol.dispose) Object.defineProperty(prototype, Symbol.dispose, freeOnce);
}

/**
 * Makes the getters of a class remember what they gave. It is the same frozen object at every read then, and cheap.
 * @param {Class} type of objects that do not change
 */
export function remember({ prototype }) {
  for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (!get || name === '__wbg_ptr') continue;
    const remembered = {
      get() {
        const memory = memories.get(this) ?? new Map();
        if (!memory.has(name)) {
          memory.set(name, frozen(get.call(this)));
          memories.set(this, memory);
        }
        return memory.get(name);
      },
    };
    Object.defineProperty(prototype, name, remembered);
  }
}

/** @param {any} value @returns {any} the same, which cannot be changed any more */
function frozen(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/**
 * The class of objects that are only given: `new` says how to get one.
 * @template {Class} Given
 * @param {Given} type
 * @param {string} source where they come from
 * @returns {Given}
 */
export function given(type, source) {
  const { name, prototype } = type;
  const replacement = function () {
    throw new TypeError(`a ${name} is not made with new: it comes from ${source}`);
  };
  Object.setPrototypeOf(replacement, type);
  Object.defineProperty(replacement, 'name', { value: name });
  replacement.prototype = prototype;
  Object.defineProperty(prototype, 'constructor', { value: replacement });
  return /** @type {any} */ (replacement);
}
