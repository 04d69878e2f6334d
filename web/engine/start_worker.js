// The page's workers: how one is started.

import { FOLDER } from '../shared/folder.js';
import { compiledEngine } from './module.js';

/** @import {WorkerLike} from './connection.js' */

/** Distinguishes the workers of all tabs of this origin, which share one space of lock names. */
let started = 0;

/** @returns {WorkerLike} */
export function startWorker() {
  started += 1;
  const name = `blis-engine-${performance.timeOrigin}-${Math.random()}-${started}`;
  const worker = new Worker(new URL('worker/worker.js', FOLDER), { type: 'module', name });
  compiledEngine().then((module) => worker.postMessage({ id: 0, operation: 'start', argument: module }));
  return worker;
}
