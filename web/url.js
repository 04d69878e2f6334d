// The address: `#v=1&k=4&rate=200`. Short keys of the schema, defaults left out, versioned so that an old link keeps
// its meaning. Values are checked by the engine, like everything that a person types.

/** @import {Pair} from './types.d.ts' */

/** The version that is written; all versions up to it are read. */
export const VERSION = '1';

/** Keys about the page itself: which view is shown, and how. The engine never sees them. */
export const PAGE_KEYS = ['tab', 'request', 'lesson', 'over', 'show', 'goal', 'hide', 'embed'];

/**
 * What an address asks for: null if it says nothing about settings.
 * @param {string} hash with or without the leading `#`
 * @returns {{pairs: Pair[], rejected: string[]}|null}
 */
export function parseHash(hash) {
  const text = hash.replace(/^#/, '');
  if (text === '') return null;
  /** @type {Pair[]} */
  const pairs = [...new URLSearchParams(text)];
  const version = pairs.find(([key]) => key === 'v')?.[1];
  if (version === undefined)
    return { pairs: [], rejected: [`the link has no version (v=${VERSION}), so it was not read`] };
  if (version !== VERSION) {
    return {
      pairs: [],
      rejected: [`version ${version} of the link is unknown (known: ${VERSION}), so it was not read`],
    };
  }
  return { pairs: pairs.filter(([key]) => key !== 'v' && !PAGE_KEYS.includes(key)), rejected: [] };
}

/**
 * The value of a key about the page itself, empty if the address does not say.
 * @param {string} hash
 * @param {string} key
 */
export function pageValue(hash, key) {
  return new URLSearchParams(hash.replace(/^#/, '')).get(key) ?? '';
}

/**
 * The address for settings. Colons and commas stay readable; they have no special meaning in a hash.
 * @param {Pair[]} pairs
 * @param {Pair[]} page keys about the page itself; those without a value are left out
 * @returns {string} with the leading `#`
 */
export function formatHash(pairs, page = []) {
  const said = page.filter(([, value]) => value !== '');
  const query = new URLSearchParams([['v', VERSION], ...pairs, ...said]).toString();
  return `#${query.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/')}`;
}

/**
 * Writes the address, at most once per `delay` ms. Safari refuses more than 100 writes in 30 s: then it is tried again
 * later, with what is the latest by then.
 * @param {(hash: string) => void} write
 * @param {number} delay
 * @param {number} retryDelay
 */
export function debouncedWriter(write, delay = 400, retryDelay = 10_000) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  let latest = '';
  const attempt = () => {
    timer = undefined;
    try {
      write(latest);
    } catch {
      timer = setTimeout(attempt, retryDelay);
    }
  };
  return (/** @type {string} */ hash) => {
    latest = hash;
    clearTimeout(timer);
    timer = setTimeout(attempt, delay);
  };
}
