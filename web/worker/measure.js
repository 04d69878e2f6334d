// What is read off a run inside the worker, so that only the answer has to leave it.

import { csvCell } from '../shared/visible.js';
import { curvesOf } from './curves.js';

/** @import {Result, Timeline} from '#engine' */
/** @import {Config, Details, Progress} from '../shared/types.d.ts' */

/** The engine, handed in so that a test can pass its own. @typedef {typeof import('#engine')} Engine */

/** Times at which the instances are sampled. */
const TIMELINE_POINTS = 120;

/** What a sample tells of every instance. */
const SAMPLED = /** @type {const} */ (['waiting', 'running', 'usedBlocks', 'tierBlocks']);

/**
 * What the instances do at regular times, moment by moment, so that it can be followed and given up.
 * @param {Engine} engine
 * @param {Config} config
 * @param {number} endUs
 * @param {(progress: Progress) => Promise<boolean>} goOn gets the progress; resolves to whether to continue
 * @returns {Promise<Omit<Details, 'config'|'phases'|'curves'>|null>} null if it was not
 */
async function timeline(engine, config, endUs, goOn) {
  const seconds = new Float64Array(TIMELINE_POINTS);
  /** @type {Timeline[]} */
  const samples = [];
  const playback = new engine.Playback(config);
  try {
    for (let point = 0; point < TIMELINE_POINTS; point += 1) {
      const timeUs = Math.floor((endUs * point) / (TIMELINE_POINTS - 1));
      seconds[point] = timeUs / 1e6;
      samples.push(playback.sample(timeUs));
      const simulatedSeconds = seconds[point];
      const progress = /** @type {Progress} */ ({
        phase: 'simulating',
        simulatedSeconds,
        finishedRequests: playback.ended,
        totalRequests: 0,
      });
      if (!(await goOn(progress))) return null;
    }
    const { instanceCount } = samples[0];
    return { seconds, instanceCount, ...joined(samples), kvBlocks: playback.kvBlocks };
  } finally {
    playback.free();
  }
}

/**
 * The columns of all times one after the other.
 * @param {Pick<Timeline, typeof SAMPLED[number]>[]} samples
 */
function joined(samples) {
  const columns = SAMPLED.map((name) => [
    name,
    Uint32Array.from(samples.flatMap((sample) => [...(sample[name] ?? [])])),
  ]);
  return /** @type {Record<typeof SAMPLED[number], Uint32Array>} */ (Object.fromEntries(columns));
}

/**
 * @param {Engine} engine
 * @param {Result} result
 * @param {Config} config of the run, with the latency targets that a good request keeps to
 * @param {(progress: Progress) => Promise<boolean>} goOn as for the timeline
 * @returns {Promise<Details|null>} null if it was no longer wanted
 */
export async function details(engine, result, config, goOn) {
  const { summary } = result;
  const overTime = await timeline(engine, config, summary.simulated_s * 1e6, (progress) =>
    goOn({ ...progress, totalRequests: summary.requests }),
  );
  if (overTime === null) return null;
  const curves = curvesOf(result);
  return { config, phases: result.phases(), ...overTime, curves };
}

/** Rows that are written in one go: a few ms. */
const PORTION_ROWS = 2000;

/**
 * One row per request with all columns, as CSV. What did not happen is an empty cell.
 * @param {Engine} engine
 * @param {Result} result
 * @returns {Generator<string, void>} the text in portions: of a large run it is longer than a text may be
 */
export function* rows(engine, result) {
  const names = engine.Result.columnNames();
  const columns = names.map((name) => result.column(name));
  const { states, classes } = result;
  yield `${['request', 'state', 'class', ...names].join(',')}\n`;
  for (let from = 0; from < states.length; from += PORTION_ROWS) {
    let portion = '';
    for (let i = from; i < Math.min(from + PORTION_ROWS, states.length); i += 1) {
      const cells = columns.map((values) => (Number.isNaN(values[i]) ? '' : String(values[i])));
      portion += `${[i, states[i], csvCell(classes[i]), ...cells].join(',')}\n`;
    }
    yield portion;
  }
}
