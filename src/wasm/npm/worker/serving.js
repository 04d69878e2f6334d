// In the worker: answers what the client asks, a slice of a run at a time, so that being given up gets through.

import init, { ConfigError, Simulation, Sweep } from '#engine';
import { isOutOfMemory } from '../../../../web/shared/out_of_memory.js';

/** Longest stretch of simulation between two readings of the inbox, ms. */
const SLICE_MS = 8;

/** Time between two progress messages, ms. */
const PROGRESS_MS = 50;

/** The question that is answered; what is no longer this one is given up. */
let current = 0;

const { port1: inbox, port2: outbox } = new MessageChannel();

/** @type {(() => void)[]} */
const yielded = [];

inbox.onmessage = () => yielded.shift()?.();

/** Lets waiting messages in. Unlike a timer, a channel is not slowed down after a few calls. */
function yieldToInbox() {
  return new Promise((/** @type {(value?: undefined) => void} */ resume) => {
    yielded.push(resume);
    outbox.postMessage(null);
  });
}

/**
 * Works with an object of the engine and frees it. After a trap nothing of the engine may be touched, not even for that.
 * @template {{free: () => void}} Held
 * @template Value
 * @param {Held} held
 * @param {(held: Held) => Promise<Value>} work
 */
async function freeing(held, work) {
  try {
    const value = await work(held);
    held.free();
    return value;
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) held.free();
    throw error;
  }
}

/** What the client gets of what was given up: nothing waits for it. */
class GivenUp extends Error {}

/**
 * @param {number} id
 * @param {() => boolean} slice works for a moment; returns whether it is done
 * @param {() => void} [betweenSlices]
 */
async function inSlices(id, slice, betweenSlices) {
  while (!slice()) {
    betweenSlices?.();
    await yieldToInbox();
    if (id !== current) throw new GivenUp();
  }
}

/**
 * Slices of a sweep, which counts steps: as many as the last ones took the time for.
 * @param {Sweep} runs
 */
function pacedSlices(runs) {
  let steps = 10_000;
  return () => {
    const start = performance.now();
    const done = runs.advance(steps);
    const factor = SLICE_MS / Math.max(performance.now() - start, 0.1);
    steps = Math.round(Math.min(Math.max(steps * Math.min(factor, 4), 100), 1e9));
    return done;
  };
}

/**
 * @param {number} id
 * @param {{config: import('#engine').Config, columns: import('#engine').ColumnName[], limits: boolean}} argument
 * @param {(progress: unknown) => void} tell
 */
async function simulate(id, { config, columns, limits }, tell) {
  return freeing(new Simulation(config), async (simulation) => {
    let told = performance.now();
    if (limits) simulation.trackLimits();
    /** @type {import('#engine').Progress|undefined} */
    let progress;
    await inSlices(
      id,
      () => {
        progress = simulation.advanceFor(SLICE_MS);
        return progress.done;
      },
      () => {
        if (performance.now() - told < PROGRESS_MS) return;
        told = performance.now();
        tell(progress);
      },
    );
    return freeing(simulation.finish(), (result) => read(result, columns));
  });
}

/**
 * @param {import('#engine').Result} result
 * @param {import('#engine').ColumnName[]} names
 */
async function read(result, names) {
  const { notes, limits } = result;
  const columns = Object.fromEntries(names.map((name) => [name, result.column(name)]));
  return { ...result.toJSON(), notes, limits, columns };
}

/**
 * @param {number} id
 * @param {{variants: import('#engine').Config[], seed: number|bigint}} argument
 * @param {(progress: unknown) => void} tell
 */
async function sweep(id, { variants, seed }, tell) {
  return freeing(new Sweep(variants), async (runs) => {
    const results = [];
    for (const variant of variants.keys()) {
      results.push(await runOf(id, runs, variant, seed));
      tell(variant);
    }
    return results;
  });
}

/**
 * @param {number} id
 * @param {Sweep} runs
 * @param {number} variant
 * @param {number|bigint} seed
 */
async function runOf(id, runs, variant, seed) {
  try {
    runs.start(variant, seed);
  } catch (error) {
    if (error instanceof ConfigError && error.path !== 'seed') return { summary: null, problem: error.toJSON() };
    throw error;
  }
  await inSlices(id, pacedSlices(runs));
  return { summary: runs.finish(), problem: null };
}

const OPERATIONS = { simulate, sweep };

/**
 * The columns of an answer change hands instead of being copied.
 * @param {any} value
 * @returns {ArrayBuffer[]}
 */
const buffersOf = ({ columns = {} }) => Object.values(columns).map(({ buffer }) => buffer);

/** @param {unknown} error */
function told(error) {
  if (error instanceof ConfigError) return { ...error.toJSON(), trapped: false };
  const { message } = error instanceof Error ? error : new Error(String(error));
  // After a trap the memory of the module is in an unknown state. A want of memory is a trap without a word.
  const trapped = error instanceof WebAssembly.RuntimeError;
  return { message, trapped, outOfMemory: trapped && isOutOfMemory(error) };
}

/**
 * @param {(message: unknown, buffers: ArrayBuffer[]) => void} post
 * @returns {(message: {id: number, operation: string, argument: any}) => Promise<void>} what a message is given to
 */
export function serving(post) {
  /** @type {ReturnType<typeof init>|undefined} */
  let engine;
  return async ({ id, operation, argument }) => {
    if (operation === 'start') {
      engine = init(argument === undefined ? undefined : { module_or_path: argument });
      // A failure is the answer to every question.
      engine.catch(() => undefined);
      post({ id: 0, begun: true }, []);
      return;
    }
    if (operation === 'cancel') {
      // What has taken its place meanwhile goes on.
      if (current === argument) current = 0;
      return;
    }
    current = id;
    /** @type {WebAssembly.Memory|undefined} */
    let memory;
    try {
      ({ memory } = await /** @type {NonNullable<typeof engine>} */ (engine));
      const tell = (/** @type {unknown} */ progress) => post({ id, progress }, []);
      const value = await OPERATIONS[/** @type {keyof typeof OPERATIONS} */ (operation)](id, argument, tell);
      post({ id, value, memory: memory.buffer.byteLength }, buffersOf(value));
    } catch (error) {
      post({ id, error: told(error), memory: memory?.buffer.byteLength }, []);
    }
  };
}
