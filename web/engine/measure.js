// What is read off a run inside the worker, so that only the answer has to leave it.

import { curvesOf } from './curves.js';

/** @import {Result} from '../pkg/blis_playground.js' */
/** @import {Config, Details, Limits, Progress} from '../types.d.ts' */

/** The engine, handed in so that a test can pass its own. @typedef {typeof import('../pkg/blis_playground.js')} Engine */

/** Times at which the instances are looked at. */
const TIMELINE_POINTS = 120;

/**
 * A column that is known to exist.
 * @param {Result} result
 * @param {string} name
 * @returns {Float64Array}
 */
function column(result, name) {
  const values = result.column(name);
  if (!values) throw new Error(`the engine has no column ${name}`);
  return values;
}

/**
 * The share of all arrived requests, whatever became of them, that were answered within all limits. As in the engine's
 * own goodput the inter-token latency of a request is its mean.
 * @param {Result} result
 * @param {Limits} limits in ms; null where there is none
 * @returns {number} 0 to 1; 1 if nothing arrived
 */
export function goodShare(result, { ttftMs, itlMs, e2eMs }) {
  const { arrived } = result.summary;
  if (arrived === 0) return 1;
  const [ttft, itlSum, itlCount, e2e] = ['ttft_us', 'itl_sum_us', 'itl_count', 'e2e_us'].map((name) =>
    column(result, name),
  );
  let good = 0;
  for (let i = 0; i < e2e.length; i += 1) {
    const itl = itlCount[i] > 0 ? itlSum[i] / itlCount[i] : 0;
    const kept =
      Number.isFinite(e2e[i]) &&
      (ttftMs === null || ttft[i] <= ttftMs * 1000) &&
      (itlMs === null || itl <= itlMs * 1000) &&
      (e2eMs === null || e2e[i] <= e2eMs * 1000);
    if (kept) good += 1;
  }
  return good / arrived;
}

/**
 * The way of a request in stations: from which column to which, null being arrival plus TTFT or E2E.
 * @param {Result} result
 */
function stations(result) {
  const arrival = column(result, 'arrival_us');
  const after = (/** @type {string} */ name) => column(result, name).map((time, i) => arrival[i] + time);
  return [
    arrival,
    column(result, 'admitted_us'),
    column(result, 'routed_us'),
    column(result, 'first_scheduled_us'),
    after('ttft_us'),
    after('e2e_us'),
  ];
}

/** The stretches between the stations. */
const PHASES = /** @type {const} */ (['admission', 'routing', 'queueing', 'prefill', 'decode']);

/**
 * Mean time of each stretch over the completed requests, ms. They add up to the mean E2E.
 * @param {Result} result
 */
export function latencySplit(result) {
  const times = stations(result);
  const sums = PHASES.map(() => 0);
  let completed = 0;
  for (let i = 0; i < times[0].length; i += 1) {
    if (!times.every((station) => Number.isFinite(station[i]))) continue;
    completed += 1;
    for (let phase = 0; phase < PHASES.length; phase += 1) sums[phase] += times[phase + 1][i] - times[phase][i];
  }
  const phases = PHASES.map((name, i) => ({ name, meanMs: completed > 0 ? sums[i] / completed / 1000 : 0 }));
  return { completed, phases };
}

/** What a moment says of an instance: of its seven numbers, waiting, prefill, decode and KV blocks. */
const MOMENT_WIDTH = 7;

/**
 * What the instances do at regular times, moment by moment, so that it can be followed and given up.
 * @param {Engine} engine
 * @param {Config} config
 * @param {number} endUs
 * @param {(progress: Progress) => Promise<boolean>} goOn told how far it has come; says whether it is still wanted
 * @returns {Promise<Pick<Details, 'seconds'|'samples'|'instances'|'kvBlocks'>|null>} null if it was not
 */
async function timeline(engine, config, endUs, goOn) {
  const instances = config.cluster.num_instances;
  const seconds = new Float64Array(TIMELINE_POINTS);
  const samples = new Uint32Array(3 * instances * TIMELINE_POINTS);
  const playback = new engine.Playback(config);
  try {
    for (let point = 0; point < TIMELINE_POINTS; point += 1) {
      const timeUs = Math.floor((endUs * point) / (TIMELINE_POINTS - 1));
      seconds[point] = timeUs / 1e6;
      const numbers = instancesAt(playback, timeUs);
      let completed = 0;
      for (let row = 0; row < instances; row += 1) {
        const [waiting, prefill, decode, blocks] = numbers.subarray(MOMENT_WIDTH * row);
        samples.set([waiting, prefill + decode, blocks], 3 * (point * instances + row));
        completed += numbers[MOMENT_WIDTH * (row + 1) - 1];
      }
      const progress = { simulatedSeconds: seconds[point], finishedRequests: completed, totalRequests: 0 };
      if (!(await goOn(progress))) return null;
    }
    return { seconds, samples, instances, kvBlocks: playback.kvBlocks };
  } finally {
    playback.free();
  }
}

/**
 * @param {import('../pkg/blis_playground.js').Playback} playback
 * @param {number} timeUs
 */
function instancesAt(playback, timeUs) {
  const moment = playback.seek(timeUs);
  try {
    return moment.instances();
  } finally {
    moment.free();
  }
}

/**
 * @param {Engine} engine
 * @param {Result} result
 * @param {{config: Config, limits: Limits}} wanted with the limits that a good request keeps to
 * @param {(progress: Progress) => Promise<boolean>} goOn as for the timeline
 * @returns {Promise<Details|null>} null if it was no longer wanted
 */
export async function details(engine, result, { config, limits }, goOn) {
  const { summary } = result;
  const total = summary.requests;
  const overTime = await timeline(engine, config, summary.simulated_s * 1e6, (progress) =>
    goOn({ ...progress, totalRequests: total }),
  );
  if (overTime === null) return null;
  const { arrived } = summary;
  const curves = curvesOf((name) => column(result, name), { instances: overTime.instances, arrived, limits });
  return { config, ...latencySplit(result), ...overTime, curves };
}

/**
 * One row per request with all columns, as CSV. What did not happen is an empty cell.
 * @param {Engine} engine
 * @param {Result} result
 */
export function rows(engine, result) {
  const names = engine.Result.columnNames();
  const columns = names.map((name) => column(result, name));
  const { states, classes } = result;
  const lines = [['request', 'state', 'class', ...names].join(',')];
  for (let i = 0; i < states.length; i += 1) {
    const cells = columns.map((values) => (Number.isNaN(values[i]) ? '' : String(values[i])));
    lines.push([i, states[i], quoted(classes[i]), ...cells].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Text for a cell; names of classes are free.
 * @param {string} text
 */
function quoted(text) {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
