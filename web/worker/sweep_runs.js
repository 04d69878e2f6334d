// In the worker: the runs of a sweep, one after the other, of which only the figures leave it.

import * as engine from '#engine';
import { figuresOf } from '../shared/metrics.js';
import { holding, inSlices, isCurrent, takeOver, yieldToInbox } from './slices.js';

/** @import {SweepResult, SweepWork} from '../shared/types.d.ts' */

/** The first result is reported at once; the others together, at most this often, ms. */
const PORTION_MS = 12;

/** The variants that the page has told last; it tells those of a sweep once. */
let told = { sweep: 0, variants: /** @type {SweepWork['variants']} */ ([]) };

/** What is swept at present: variants are read once, and runs with the same requests share them. */
let held = { told, engine: /** @type {engine.Sweep|null} */ (null) };

/**
 * @param {number} id
 * @param {SweepWork} work
 * @returns {Promise<SweepResult[]|null>} the last portion; null if something newer has replaced it
 */
export async function sweep(id, work) {
  // Whatever becomes of this portion: the next one comes without them.
  if (work.variants.length > 0) told = { sweep: work.sweep, variants: work.variants };
  return (await takeOver(id)) ? holding(() => sweepAll(id, work)) : null;
}

/**
 * @param {number} id
 * @param {SweepWork} work
 * @returns {Promise<SweepResult[]|null>}
 */
async function sweepAll(id, { sweep: number, tasks }) {
  const runs = heldSweep(number);
  /** @type {SweepResult[]} */
  let portion = [];
  let reportedAt = -Infinity;
  for (const { variant, seed } of tasks) {
    const result = await runTask(id, runs, variant, seed);
    if (result === null) return null;
    portion.push(result);
    if (performance.now() - reportedAt > PORTION_MS) {
      reportedAt = performance.now();
      self.postMessage({ id, progress: portion });
      portion = [];
    }
    await yieldToInbox();
    if (!isCurrent(id)) return null;
  }
  return portion;
}

/**
 * @param {number} number
 * @returns {engine.Sweep}
 */
function heldSweep(number) {
  if (told.sweep !== number) throw new Error(`the variants of sweep ${number} were told to another worker`);
  if (held.told === told && held.engine) return held.engine;
  held.engine?.free();
  held = { told, engine: null };
  held.engine = new engine.Sweep(told.variants);
  return held.engine;
}

/**
 * @param {number} id
 * @param {engine.Sweep} runs
 * @param {number} variant
 * @param {number|bigint} seed
 * @returns {Promise<SweepResult|null>} null if something newer has replaced it
 */
async function runTask(id, runs, variant, seed) {
  const start = performance.now();
  const elapsedMs = () => performance.now() - start;
  try {
    runs.start(variant, seed);
    if (!(await inSlices(id, (steps) => runs.advance(steps)))) return null;
  } catch (error) {
    // The engine refuses this setting, as where a model does not fit a GPU at a low TP; all else is a failure.
    if (!(error instanceof Error && 'path' in error)) throw error;
    return { variant, seed, figures: null, elapsedMs: elapsedMs() };
  }
  const summary = runs.finish();
  if (summary === null) return null;
  return { variant, seed, figures: figuresOf(summary), elapsedMs: elapsedMs() };
}
