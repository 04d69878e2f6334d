// Addresses of scripts, for hosts that forbid all others (`require-trusted-types-for 'script'`).

import { PAGE } from './builds.js';

/** The name to allow: `trusted-types blis`. */
const NAME = 'blis';

/** @type {{createScriptURL: (address: string) => any}|null|undefined} */
let policy;

function createPolicy() {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  if (!types) return null;
  try {
    return types.createPolicy(NAME, {
      createScriptURL(/** @type {string} */ address) {
        if (new URL(address).href.startsWith(PAGE.href)) return address;
        throw new TypeError(`${address} is not a script of this page`);
      },
    });
  } catch (error) {
    throw new Error(
      `the server forbids it: its Content-Security-Policy needs "trusted-types ${NAME}" beside require-trusted-types-for`,
      { cause: error },
    );
  }
}

/**
 * The address of a script of the page, as a worker takes it.
 * @param {URL} address
 * @returns {URL} a trusted one where the browser knows such
 */
export function scriptAddress(address) {
  policy ??= createPolicy();
  return policy?.createScriptURL(address.href) ?? address;
}
