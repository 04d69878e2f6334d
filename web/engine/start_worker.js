// The page's workers: how one is started.

import { fileMissing } from '../shared/builds.js';
import { FOLDER } from '../shared/folder.js';
import { scriptAddress } from '../shared/trusted.js';
import { compiledEngine } from './module.js';

/** @import {WorkerLike} from './connection.js' */

/** A document without an origin can start no worker. */
const SANDBOXED =
  'this page is in a frame with the attribute sandbox; the page around it has to add allow-same-origin to it';

/** Distinguishes the workers of all tabs of this origin, which share one space of lock names. */
let started = 0;

/**
 * @param {string} [script] below web/worker
 * @returns {WorkerLike}
 * @throws {Error} where no worker can be started, with what has to be done
 */
export function startWorker(script = 'worker.js') {
  if (globalThis.origin === 'null') throw new Error(SANDBOXED);
  started += 1;
  const name = `blis-engine-${performance.timeOrigin}-${Math.random()}-${started}`;
  const worker = new Worker(scriptAddress(new URL(`worker/${script}`, FOLDER)), { type: 'module', name });
  // Only a script that did not come is an error without words.
  worker.addEventListener('error', ({ message }) => message === undefined && fileMissing());
  compiledEngine().then((module) => worker.postMessage({ id: 0, operation: 'start', argument: module }));
  return worker;
}
