// In the worker: loads the lists of requests that settings name, from where the browser keeps them.

import * as engine from '#engine';

/** Lists that the engine holds at a time: a list can be as large as everything else. */
const MOST_HELD = 3;

/** A list that settings name. @typedef {{digest: string, name?: string}} Named */

/** Digests of the lists that the engine holds, the one used last at the end. @type {string[]} */
let held = [];

/**
 * Lists that are loaded before what comes after them is answered: questions keep their order.
 * @type {Promise<unknown>}
 */
let loading = Promise.resolve();

/**
 * Settles once the engine holds all lists that the settings of a question name, as far as the browser keeps them. The
 * engine tells of the others that they are missing.
 * @param {unknown} argument of a question
 */
export async function provideLists(argument) {
  const missing = listsIn(argument).filter(({ digest }) => !isHeld(digest));
  if (missing.length > 0) loading = Promise.all([loading, ...missing.map(load)]);
  await loading;
}

/** @param {string} digest */
function isHeld(digest) {
  if (!engine.hasRequests(digest)) return false;
  held = [...held.filter((other) => other !== digest), digest];
  return true;
}

/** @param {Named} list */
async function load({ digest, name = '' }) {
  // Fetched with the first list: most people bring none.
  const { packedList } = await import('../shared/list_store.js');
  const packed = await packedList(digest);
  if (packed === undefined) return;
  try {
    engine.loadRequests(packed, name);
  } catch (error) {
    // Damaged where it was kept: as good as missing. Whatever else is wrong is.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return;
  }
  held = [...held.filter((other) => other !== digest), digest];
  for (const old of held.splice(0, held.length - MOST_HELD)) engine.unloadRequests(old);
}

/**
 * The lists that configurations and pairs in a value name.
 * @param {any} value
 * @returns {Named[]}
 */
export function listsIn(value) {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return [];
  if (Array.isArray(value)) return isPair(value) ? inPair(value) : value.flatMap(listsIn);
  const { workload } = value;
  if (workload !== null && typeof workload === 'object') return named(workload.requests);
  return Object.values(value).flatMap(listsIn);
}

/** @param {unknown[]} list */
const isPair = (list) => list.length === 2 && typeof list[0] === 'string' && typeof list[1] === 'string';

/** The list that a pair names: its text is then a small object. @param {string[]} pair @returns {Named[]} */
function inPair([, text]) {
  if (!text?.startsWith('{"digest"')) return [];
  try {
    return named(JSON.parse(text));
  } catch {
    return [];
  }
}

/** @param {any} requests @returns {Named[]} */
const named = (requests) => (typeof requests?.digest === 'string' ? [requests] : []);
