// The worker that owns the engine. One message in, one or more messages out; a run is cut into slices so that a newer
// request, which arrives as a message, can end it.

import init, * as engine from '../pkg/blis_playground.js';
import { FORMATS } from './formats.js';
import { LOOKS } from './look.js';
import { details, goodShare, rows } from './measure.js';
import { study } from './study.js';

/** @import {Config, Limits, Measurement, Pair, Proposal, RunReport, Study} from '../types.d.ts' */

/** Longest stretch of simulation between two looks at the inbox, ms. */
const SLICE_MS = 12;

/** Time between two progress messages, ms. */
const PROGRESS_MS = 80;

const HISTOGRAM_BINS = 60;
const REGRET_POINTS = 200;
const CDF_POINTS = 200;

/** The newest run asked for: an older one stops as soon as it sees this. */
let currentRun = 0;

const ready = init();

/** Lets waiting messages in. Unlike a timer, a message channel is not slowed down after a few calls. */
function yieldToInbox() {
  return new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resume(undefined);
    };
    port2.postMessage(null);
  });
}

/**
 * Settings that come from the engine have all their parts, which its types do not say.
 * @param {engine.Config} config
 */
function complete(config) {
  return /** @type {Config} */ (config);
}

function describe() {
  const defaultConfig = complete(engine.defaultConfig());
  return {
    version: engine.version(),
    schema: engine.schema(),
    catalog: engine.catalog(),
    defaultConfig,
    defaultPairs: engine.configToPairs(defaultConfig),
  };
}

/**
 * What settings the pairs give, and everything that is wrong with them.
 * @param {Pair[]} pairs
 * @returns {Proposal}
 */
function propose(pairs) {
  const { config, rejected } = engine.configFromPairs(pairs);
  const known = new Set(rejected.map(({ path }) => path));
  const further = engine.validate(config).filter(({ path }) => !known.has(path));
  return {
    config: complete(config),
    pairs: engine.configToPairs(config),
    problems: [...rejected, ...further],
  };
}

/**
 * @param {Config} config
 * @returns {Proposal}
 */
function proposeConfig(config) {
  return { config, pairs: engine.configToPairs(config), problems: engine.validate(config) };
}

/**
 * Runs a simulation in slices.
 * @param {number} id
 * @param {Config} config
 * @returns {Promise<engine.Result|null>} null if a newer run was asked for
 */
async function simulate(id, config) {
  currentRun = id;
  const simulation = new engine.Simulation(config);
  let finished = false;
  try {
    let steps = 1000;
    let lastReport = performance.now();
    for (;;) {
      const start = performance.now();
      const progress = simulation.advance(steps);
      const now = performance.now();
      if (progress.done) {
        finished = true;
        return simulation.finish();
      }
      steps = nextSlice(steps, now - start);
      if (now - lastReport > PROGRESS_MS) {
        lastReport = now;
        const { simulatedSeconds, finishedRequests, totalRequests } = progress;
        self.postMessage({ id, progress: { simulatedSeconds, finishedRequests, totalRequests } });
      }
      await yieldToInbox();
      if (currentRun !== id) return null;
    }
  } finally {
    // `finish` consumes the simulation; everything else has to give its memory back.
    if (!finished) simulation.free();
  }
}

/**
 * Steps for the next slice, from the time that the last one took.
 * @param {number} steps
 * @param {number} elapsedMs
 */
function nextSlice(steps, elapsedMs) {
  const factor = SLICE_MS / Math.max(elapsedMs, 0.1);
  return Math.round(Math.min(Math.max(steps * Math.min(factor, 4), 100), 1e9));
}

/**
 * Columns that the engine holds, copied out of it; the engine's own are given back.
 * @template {{free: () => void}} Columns
 * @template {keyof Columns} Name
 * @param {Columns} columns
 * @param {Name[]} names
 * @returns {Pick<Columns, Name>}
 */
function takeColumns(columns, names) {
  try {
    return /** @type {Pick<Columns, Name>} */ (Object.fromEntries(names.map((name) => [name, columns[name]])));
  } finally {
    columns.free();
  }
}

/**
 * @param {number} id
 * @param {Config} config
 * @returns {Promise<RunReport|null>}
 */
async function run(id, config) {
  const start = performance.now();
  const result = await simulate(id, config);
  if (result === null) return null;
  try {
    return {
      config,
      summary: result.summary,
      digest: result.digest,
      elapsedMs: performance.now() - start,
      warnings: result.warnings,
      histogram: takeColumns(result.ttftHistogram(HISTOGRAM_BINS), ['edges', 'counts']),
      cdf: takeColumns(result.ttftCdf(CDF_POINTS), ['ms', 'share']),
      regret: takeColumns(result.regretSeries(REGRET_POINTS), ['seconds', 'min', 'mean', 'max']),
      requestsPerInstance: result.requestsPerInstance(),
    };
  } finally {
    result.free();
  }
}

/**
 * Only the figures, as a sweep or a plan needs them.
 * @param {number} id
 * @param {{config: Config, limits?: Limits}} wanted
 * @returns {Promise<Measurement|null>}
 */
async function measure(id, { config, limits }) {
  const start = performance.now();
  const result = await simulate(id, config);
  if (result === null) return null;
  try {
    const { summary } = result;
    return {
      summary,
      goodShare: limits ? goodShare(result, limits) : null,
      elapsedMs: performance.now() - start,
    };
  } finally {
    result.free();
  }
}

/**
 * What the views beside the overview ask for, which takes no slices: they have a worker of their own.
 * @template Value
 * @param {Config} config
 * @param {(module: typeof engine, result: engine.Result, config: Config) => Value} look
 * @returns {Value}
 */
function lookAt(config, look) {
  const result = engine.simulate(config);
  try {
    return look(engine, result, config);
  } finally {
    result.free();
  }
}

/**
 * A run beside what theory says about it.
 * @param {number} id
 * @param {Config} config
 * @returns {Promise<Study|null>}
 */
async function runAndStudy(id, config) {
  const result = await simulate(id, config);
  if (result === null) return null;
  try {
    return study(engine, result, config);
  } finally {
    result.free();
  }
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
  // After a trap the module's memory is in an unknown state: the page has to start a new worker.
  const trapped = error instanceof WebAssembly.RuntimeError;
  const { message, path, value, expected } = /** @type {Error & Record<string, string>} */ (
    error instanceof Error ? error : new Error(String(error))
  );
  return { message, path, value, expected, trapped };
}

/**
 * @param {number} id
 * @param {string} operation
 * @param {any} argument
 */
async function answer(id, operation, argument) {
  await ready;
  if (Object.hasOwn(LOOKS, operation)) return LOOKS[/** @type {keyof typeof LOOKS} */ (operation)](argument);
  if (Object.hasOwn(FORMATS, operation)) return FORMATS[/** @type {keyof typeof FORMATS} */ (operation)](argument);
  switch (operation) {
    case 'describe':
      return describe();
    case 'propose':
      return propose(argument);
    case 'proposeConfig':
      return proposeConfig(argument);
    case 'newSeed':
      return engine.newSeed();
    case 'run':
      return run(id, argument);
    case 'measure':
      return measure(id, argument);
    case 'importConfig':
      return propose(engine.configToPairs(argument));
    case 'details':
      return lookAt(argument, details);
    case 'rows':
      return lookAt(argument, rows);
    case 'study':
      return runAndStudy(id, argument);
    default:
      throw new Error(`unknown operation ${operation}`);
  }
}

self.addEventListener('message', async ({ data: { id, operation, argument } }) => {
  if (operation === 'cancel') {
    currentRun = 0;
    return;
  }
  try {
    const value = await answer(id, operation, argument);
    self.postMessage({ id, value }, { transfer: buffersOf(value) });
  } catch (error) {
    self.postMessage({ id, error: describeError(error) });
  }
});
