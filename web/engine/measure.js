// What is read off a run inside the worker, so that only the answer has to leave it.

import { curvesOf } from './curves.js';

/** @import {Result} from '../pkg/blis_playground.js' */
/** @import {Config, Details, Limits} from '../types.d.ts' */

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

/**
 * @param {Engine} engine
 * @param {Result} result
 * @param {{config: Config, limits: Limits}} wanted with the limits that a good request keeps to
 * @returns {Details}
 */
export function details(engine, result, { config, limits }) {
  const instances = config.cluster.num_instances;
  const { arrived } = result.summary;
  const playback = new engine.Playback(config);
  const timeline = playback.timeline(result.summary.simulated_s * 1e6, TIMELINE_POINTS);
  try {
    return {
      config,
      ...latencySplit(result),
      seconds: timeline.seconds(),
      samples: timeline.samples(),
      instances,
      kvBlocks: playback.kvBlocks,
      curves: curvesOf((name) => column(result, name), { instances, arrived, limits }),
    };
  } finally {
    timeline.free();
    playback.free();
  }
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
