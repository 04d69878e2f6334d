// The numbers of an instance at a moment, in the engine's order (Moment.instanceNumbers): for worker and page.

/** Their names. */
export const NUMBERS = /** @type {const} */ ([
  'waiting',
  'prefill',
  'decode',
  'usedBlocks',
  'inFlight',
  'evictions',
  'completed',
  'limit',
  'stepTokens',
]);

/** @typedef {Record<typeof NUMBERS[number], number>} InstanceNumbers */

/** How many there are per instance. */
export const MOMENT_WIDTH = NUMBERS.length;

/**
 * The numbers of an instance by name.
 * @param {Uint32Array} instances
 * @param {number} at
 * @returns {InstanceNumbers}
 */
export function numbersOf(instances, at) {
  const entries = NUMBERS.map((name, i) => [name, instances[at * MOMENT_WIDTH + i]]);
  return /** @type {InstanceNumbers} */ (Object.fromEntries(entries));
}
