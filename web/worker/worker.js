// The worker that owns the engine. One message in, one or more messages out; a run is cut into slices so that a newer
// request, which arrives as a message, can end it.

import init, * as engine from '#engine';
import { ENGINE } from '../shared/folder.js';
import { isOutOfMemory } from '../shared/out_of_memory.js';
import { FORMATS } from './formats.js';
import { provideLists } from './lists.js';
import { livesOf, QUERIES } from './playback.js';
import { describe, propose, Reading } from './proposals.js';
import { withResult, run, runDetails, runRows } from './runs.js';
import { size } from './sizing_runs.js';
import { begin, isCurrent, isFree, takeOver } from './slices.js';
import { sweep } from './sweep_runs.js';
import { study } from './theory.js';

/** @import {RunReport, Wanted} from '../shared/types.d.ts' */

/** Of the engine, once it is there. @type {WebAssembly.Memory|undefined} */
let memory;

/** Whether the engine has told in the console what is wrong with it, as it does before a panic stops it. */
let panicked = false;

const { error: complain } = console;
// eslint-disable-next-line no-console -- it is listened to, not written to
console.error = (...words) => {
  panicked = true;
  complain(...words);
};

/** Called with the compiled engine, or null if it has to be loaded here. @type {(module: WebAssembly.Module|null) => void} */
let start = () => {};

const ready = new Promise((/** @type {(module: WebAssembly.Module|null) => void} */ resolve) => {
  start = resolve;
}).then(async (module) => {
  ({ memory } = await init({ module_or_path: module ?? ENGINE }));
  // What is answered before could be the last that the page hears.
  await watched;
});

/**
 * Settled once the page can learn of this worker's end: by a lock that is held as long as it lives. There are none on a page
 * that is not secure, and where storage is denied.
 */
const watched = new Promise((/** @type {(value?: undefined) => void} */ go) => {
  if (!navigator.locks) {
    go();
    return;
  }
  const holding = navigator.locks.request(self.name, () => {
    self.postMessage({ id: 0, lock: self.name });
    go();
    return new Promise(() => undefined);
  });
  holding.catch(() => go());
});

/**
 * Tells what is wrong with settings, and runs them if nothing is and they are not larger than may be run unasked. Where
 * nothing else is under way, the first slice of the run comes before the telling, and is often all of it. Otherwise what
 * is under way first lets go of its memory, and settings that have come meanwhile go first.
 * @param {number} id
 * @param {Wanted} wanted
 * @returns {Promise<RunReport|null>}
 */
async function attempt(id, wanted) {
  const reading = new Reading(wanted);
  const simulation = reading.simulation();
  const tell = () => {
    self.postMessage({ id, progress: { proposal: reading.proposal(simulation !== null) } });
    reading.free();
  };
  if (simulation === null || reading.isHeld) {
    simulation?.free();
    tell();
    return null;
  }
  begin(id);
  if (isFree()) {
    const report = run(id, () => reading.config, simulation);
    // A failure is reported below; if that is not reached, what was in the way is.
    report.catch(() => {});
    tell();
    return report;
  }
  tell();
  if (await takeOver(id)) return run(id, () => reading.config, simulation);
  simulation.free();
  return null;
}

/**
 * The columns of a report change hands instead of being copied.
 * @param {unknown} value
 * @returns {ArrayBuffer[]}
 */
function buffersOf(value) {
  if (ArrayBuffer.isView(value)) return [/** @type {ArrayBuffer} */ (value.buffer)];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(buffersOf);
}

/** @param {unknown} error */
function describeError(error) {
  const outOfMemory = isOutOfMemory(error, panicked);
  // After a trap the module's memory is in an unknown state: the page has to start a new worker.
  const trapped = error instanceof WebAssembly.RuntimeError || outOfMemory;
  const { message, path, key, value, expected } = /** @type {Error & Record<string, string>} */ (
    error instanceof Error ? error : new Error(String(error))
  );
  return { message, path, key, value, expected, trapped, outOfMemory };
}

/** What a worker of another kind answers besides. @type {Record<string, (id: number, argument: any) => unknown>} */
const further = {};

/** @param {typeof further} operations */
export const answerAlso = (operations) => Object.assign(further, operations);

/** Questions that wait for the engine or for their lists; what is given up meanwhile is not begun. @type {Set<number>} */
const waiting = new Set();

/**
 * @param {number} id
 * @param {string} operation
 * @param {any} argument
 */
async function answer(id, operation, argument) {
  waiting.add(id);
  await ready;
  await provideLists(argument);
  if (!waiting.delete(id)) return null;
  switch (operation) {
    case 'describe':
      return describe();
    case 'propose':
      return propose(argument);
    case 'attempt':
      return attempt(id, argument);
    case 'newSeed':
      return engine.newSeed();
    case 'size':
      return size(id, argument);
    case 'sweep':
      return sweep(id, argument);
    case 'details':
      return runDetails(id, argument);
    case 'rows':
      return runRows(id, argument);
    case 'lives':
      return withResult(id, argument, livesOf);
    case 'study':
      return withResult(id, argument, (result) => study(engine, result, argument));
    default:
      return Object.hasOwn(further, operation) ? further[operation](id, argument) : query(operation, argument);
  }
}

/**
 * Queries of the cluster's view and conversions of files. They take no slices: until one is answered, its worker does
 * nothing else.
 * @param {string} operation
 * @param {any} argument
 */
function query(operation, argument) {
  if (Object.hasOwn(FORMATS, operation)) return FORMATS[/** @type {keyof typeof FORMATS} */ (operation)](argument);
  if (!Object.hasOwn(QUERIES, operation)) throw new Error(`unknown operation ${operation}`);
  return QUERIES[/** @type {keyof typeof QUERIES} */ (operation)](argument);
}

self.addEventListener('message', async ({ data: { id, operation, argument } }) => {
  if (operation === 'start') {
    start(argument);
    self.postMessage({ id: 0, begun: true });
    return;
  }
  if (operation === 'cancel') {
    // What has taken its place meanwhile goes on.
    if (isCurrent(argument)) begin(0);
    else waiting.delete(argument);
    return;
  }
  try {
    const value = await answer(id, operation, argument);
    self.postMessage({ id, value, memory: memory?.buffer.byteLength }, { transfer: buffersOf(value) });
  } catch (error) {
    self.postMessage({ id, error: describeError(error), memory: memory?.buffer.byteLength });
  }
});
