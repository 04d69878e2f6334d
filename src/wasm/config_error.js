/** A text, a value or a whole configuration that the engine refuses, with its place and what would have been right. */
export class ConfigError extends Error {
  /** @param {{code: string, path: string, key: string|null, value: string, expected: string, message: string}} problem */
  constructor({ message, ...problem }) {
    super(message);
    Object.assign(this, problem);
  }

  /** For messages to other threads and for logs: copies of errors lose all but their message. */
  toJSON() {
    const { name, message, code, path, key, value, expected } = /** @type {any} */ (this);
    return { name, code, path, key, value, expected, message };
  }
}

// Not in each object: so it stands in the stack, too, and in no list of its properties.
Object.defineProperty(ConfigError.prototype, 'name', { value: 'ConfigError', configurable: true, writable: true });
