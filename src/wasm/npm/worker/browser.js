// `blis-playground/worker` in browsers.

import { Client } from './client.js';

export { EngineFailure } from '../../../../web/engine/connection.js';
export { ConfigError } from '../../config_error.js';

/** The name to allow where scripts need a trusted address: `trusted-types blis`. @type {{createScriptURL: (address: string) => any}|undefined} */
let policy;

/**
 * An address of a script of this package, trusted where the browser knows such.
 * @param {string} address
 * @returns {string}
 */
function trusted(address) {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  if (!trustedTypes) return address;
  policy ??= trustedTypes.createPolicy('blis', { createScriptURL: (/** @type {string} */ own) => own });
  return /** @type {typeof policy & object} */ (policy).createScriptURL(address);
}

/**
 * A worker may only be started from the page's own origin: for a package that comes from another one, a line of that
 * origin imports it.
 */
function startWorker() {
  const own = import.meta.url;
  // A bundler has put this file into another one, and sees to the worker's by these very words.
  if (!own.endsWith('/browser.js')) return new Worker(new URL('./thread.js', import.meta.url), { type: 'module' });
  const thread = own.replace(/[^/]*$/, 'thread.js');
  if (new URL(own).origin === location.origin) return new Worker(trusted(thread), { type: 'module' });
  const line = new Blob([`import ${JSON.stringify(thread)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(line);
  const worker = new Worker(trusted(address), { type: 'module' });
  // Once it has answered, it has been read.
  worker.addEventListener('message', () => URL.revokeObjectURL(address), { once: true });
  return worker;
}

/** @param {{workers?: number, worker?: () => Worker, module?: URL|string|WebAssembly.Module}} [options] */
export function createClient({ workers = 1, worker: start = startWorker, module } = {}) {
  return new Client(() => {
    const worker = start();
    worker.postMessage({ id: 0, operation: 'start', argument: module instanceof URL ? module.href : module });
    return worker;
  }, workers);
}
