// In the worker: single runs, cut into slices, and their figures for the page.

import * as engine from '#engine';
import { details, rows } from './measure.js';
import { holding, inSlices, isCurrent, SLICE_MS, takeOver, yieldToInbox } from './slices.js';

/** @import {Config, Details, Progress, RunReport} from '../shared/types.d.ts' */

/** Time between two progress messages, ms. */
const PROGRESS_MS = 80;

const HISTOGRAM_BINS = 60;
const REGRET_POINTS = 200;
/** Of a thousand requests each is a point: their shares in any bins are exact. */
const CDF_POINTS = 1000;

/**
 * Tells the page how far a run has come, not too often.
 * @param {number} id
 */
function reporter(id) {
  let last = performance.now();
  return (/** @type {Progress} */ { phase, simulatedSeconds, finishedRequests, totalRequests }) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    self.postMessage({ id, progress: { phase, simulatedSeconds, finishedRequests, totalRequests } });
  };
}

/**
 * Runs a simulation in slices, telling its progress. What the engine holds is given back where all goes well: after a trap
 * nothing of it can be used any more, not even for that, and the worker is replaced.
 * @param {number} id
 * @param {engine.Simulation} simulation at time 0; it is used up
 * @returns {Promise<{result: engine.Result, doneAt: number}|null>} null if a newer run has replaced it
 */
async function runSlices(id, simulation) {
  const report = reporter(id);
  /** @type {ReturnType<engine.Simulation['advance']>|undefined} */
  let progress;
  let doneAt = 0;
  const finished = await inSlices(
    id,
    () => {
      progress = simulation.advanceFor(SLICE_MS);
      doneAt = performance.now();
      return progress.done;
    },
    () => progress && report(progress),
  );
  if (finished) return { result: simulation.finish(), doneAt };
  simulation.free();
  return null;
}

/**
 * A run that notes why requests wait, which takes a few percent longer.
 * @param {engine.Simulation} simulation at time 0
 */
function tracked(simulation) {
  simulation.trackLimits();
  return simulation;
}

/**
 * Runs to the end and reads the result.
 * @template Value
 * @param {number} id of the run under way
 * @param {engine.Simulation} simulation at time 0
 * @param {(result: engine.Result, doneAt: number) => Value|Promise<Value>} read gets the result and when the run was done
 * @returns {Promise<Value|null>} null if a newer run has replaced it
 */
function resultOf(id, simulation, read) {
  return holding(async () => {
    const ended = await runSlices(id, simulation);
    if (ended === null) return null;
    const value = await read(ended.result, ended.doneAt);
    ended.result.free();
    return value;
  });
}

/**
 * Runs settings to the end, with their limits tracked, and reads the result.
 * @template Value
 * @param {number} id
 * @param {Config} config
 * @param {(result: engine.Result) => Value|Promise<Value>} read
 * @returns {Promise<Value|null>} null if a newer run has replaced it
 */
export async function withResult(id, config, read) {
  if (!(await takeOver(id))) return null;
  return resultOf(id, tracked(new engine.Simulation(config)), read);
}

/**
 * @param {number} id of the run under way
 * @param {() => Config} settings read at the end: they need not be described before the run
 * @param {engine.Simulation} simulation of these settings, at time 0
 * @returns {Promise<RunReport|null>}
 */
export function run(id, settings, simulation) {
  const start = performance.now();
  return resultOf(id, tracked(simulation), (result, doneAt) => ({
    config: settings(),
    summary: result.summary,
    digest: result.digest,
    limits: result.limits,
    startedAt: performance.timeOrigin + start,
    elapsedMs: doneAt - start,
    warnings: result.warnings,
    notes: result.notes,
    classes: result.classLabels,
    targets: result.latencyTargets,
    histogram: result.ttftHistogram(HISTOGRAM_BINS),
    cdf: result.ttftCdf(CDF_POINTS),
    regret: result.regretSeries(REGRET_POINTS),
    requestsPerInstance: result.requestsPerInstance(),
  }));
}

/**
 * Where the time goes, and what the instances do over time: a run, and a second one to visit its moments.
 * @param {number} id
 * @param {Config} config
 * @returns {Promise<Details|null>}
 */
export function runDetails(id, config) {
  const report = reporter(id);
  return withResult(id, config, (result) =>
    details(engine, result, config, async (progress) => {
      report(progress);
      await yieldToInbox();
      return isCurrent(id);
    }),
  );
}

/**
 * One row per request, as a file: a run, whose columns are then written in portions.
 * @param {number} id
 * @param {Config} config
 * @returns {Promise<Blob|null>}
 */
export function runRows(id, config) {
  return withResult(id, config, async (result) => {
    const portions = [];
    for (const portion of rows(engine, result)) {
      // As a file each: the browser may then put them on disk.
      portions.push(new Blob([portion]));
      await yieldToInbox();
      if (!isCurrent(id)) return null;
    }
    return new Blob(portions, { type: 'text/csv' });
  });
}
