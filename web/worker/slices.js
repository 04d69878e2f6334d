// In the worker: work that is cut into slices, so that a newer request, which arrives as a message, can end it.

/** Longest stretch of simulation between two readings of the inbox, ms. */
export const SLICE_MS = 8;

/** The newest run: an older one stops as soon as it sees this. */
let current = 0;

/**
 * From now on this is the run to work on; 0 for none.
 * @param {number} id
 */
export function begin(id) {
  current = id;
}

/** @param {number} id */
export function isCurrent(id) {
  return current === id;
}

/** Pieces of work that hold the memory of a run. */
let working = 0;

/** Whether nothing is under way whose memory would stand beside that of another run. */
export function isFree() {
  return working === 0;
}

/**
 * Work that holds the memory of a run.
 * @template Value
 * @param {() => Promise<Value>} work
 * @returns {Promise<Value>}
 */
export async function holding(work) {
  working += 1;
  try {
    return await work();
  } finally {
    working -= 1;
  }
}

/**
 * Takes the place of the run under way, once that has let go of its memory.
 * @param {number} id
 * @returns {Promise<boolean>} false if something newer has come meanwhile
 */
export async function takeOver(id) {
  begin(id);
  while (!isFree()) await yieldToInbox();
  return isCurrent(id);
}

const { port1: inbox, port2: outbox } = new MessageChannel();

/** Resolvers waiting for pending messages to be handled. @type {(() => void)[]} */
const yielded = [];

inbox.onmessage = () => yielded.shift()?.();

/** Lets waiting messages in. Unlike a timer, a message channel is not slowed down after a few calls. */
export function yieldToInbox() {
  return new Promise((resume) => {
    yielded.push(() => resume(undefined));
    outbox.postMessage(null);
  });
}

/**
 * Works until it is done or no longer wanted.
 * @param {number} id
 * @param {(steps: number) => boolean} advance works for about that many steps; returns whether it is done
 * @param {() => void} [betweenSlices]
 * @returns {Promise<boolean>} whether it is done
 */
export async function inSlices(id, advance, betweenSlices) {
  let steps = 10_000;
  for (;;) {
    const start = performance.now();
    if (advance(steps)) return true;
    steps = nextSlice(steps, performance.now() - start);
    betweenSlices?.();
    await yieldToInbox();
    if (!isCurrent(id)) return false;
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
