// `blis-playground/worker` in Node, on its threads.

import { Worker } from 'node:worker_threads';
import { Client } from './client.js';

export { EngineFailure } from '../../../../web/engine/connection.js';
export { ConfigError } from '../../config_error.js';

/** A thread of Node with the manners of a worker. It keeps the program alive only while it is asked something. */
function startThread() {
  const thread = new Worker(new URL('./thread_node.js', import.meta.url));
  thread.unref();
  const asked = new Set();
  const worker = /** @type {import('../../../../web/engine/connection.js').WorkerLike} */ ({
    postMessage(message) {
      const { id } = /** @type {{id: number}} */ (message);
      // What cannot be copied throws, and is not asked then.
      thread.postMessage(message);
      if (id > 0) asked.add(id);
      if (asked.size > 0) thread.ref();
    },
    terminate: () => void thread.terminate(),
    onmessage: null,
    onerror: null,
  });
  thread.on('message', (data) => {
    if (!('progress' in data)) asked.delete(data.id);
    if (asked.size === 0) thread.unref();
    worker.onmessage?.(/** @type {MessageEvent} */ ({ data }));
  });
  thread.on('error', (error) => worker.onerror?.(/** @type {any} */ ({ message: error.message })));
  return worker;
}

/** @param {{workers?: number}} [options] */
export function createClient({ workers = 1 } = {}) {
  return new Client(() => {
    const worker = startThread();
    worker.postMessage({ id: 0, operation: 'start' });
    return worker;
  }, workers);
}
