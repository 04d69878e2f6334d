// `blis-playground/worker` in browsers.

import { Client } from './client.js';

export { EngineFailure } from '../../../../web/engine/connection.js';
export { ConfigError } from '../../config_error.js';

/**
 * A worker may only be started from the page's own origin: for a package that comes from another one, a line of that
 * origin imports it.
 */
function startWorker() {
  const own = import.meta.url;
  if (new URL(own).origin === location.origin)
    return new Worker(new URL('./thread.js', import.meta.url), { type: 'module' });
  const line = `import ${JSON.stringify(own.replace(/[^/]*$/, 'thread.js'))};`;
  const address = URL.createObjectURL(new Blob([line], { type: 'text/javascript' }));
  const worker = new Worker(address, { type: 'module' });
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
