// Dots that travel from routing to an instance: one for each request that was routed since the last frame. They show
// that something happened, not where a request is.

/** @typedef {{instance: number, age: number}} Pulse Age is the share of its way that it has gone. */

/** How long a dot travels, ms of real time. */
const TRAVEL_MS = 450;

/** More dots at once would be a blur. */
const MAX_PULSES = 48;

export class Pulses {
  /** Times at which requests were routed, ascending, and where to. */
  #times = new Float64Array();

  #instances = new Uint32Array();

  /** @type {Pulse[]} */
  alive = [];

  /**
   * @param {{routed_us: Float64Array, instance: Float64Array}|null} lives
   */
  load(lives) {
    this.alive = [];
    this.#times = new Float64Array();
    if (lives === null) return;
    const rows = [...lives.routed_us.keys()].filter((row) => lives.routed_us[row] >= 0);
    rows.sort((a, b) => lives.routed_us[a] - lives.routed_us[b]);
    this.#times = Float64Array.from(rows, (row) => lives.routed_us[row]);
    this.#instances = Uint32Array.from(rows, (row) => lives.instance[row]);
  }

  /**
   * Starts a dot for every request that was routed after `fromUs` and not after `toUs`.
   * @param {number} fromUs
   * @param {number} toUs
   */
  launch(fromUs, toUs) {
    let row = firstAfter(this.#times, fromUs);
    for (; row < this.#times.length && this.#times[row] <= toUs && this.alive.length < MAX_PULSES; row += 1)
      this.alive.push({ instance: this.#instances[row], age: 0 });
  }

  /** @param {number} elapsedMs */
  move(elapsedMs) {
    for (const pulse of this.alive) pulse.age += elapsedMs / TRAVEL_MS;
    this.alive = this.alive.filter(({ age }) => age < 1);
  }

  clear() {
    this.alive = [];
  }
}

/**
 * The index of the first value larger than a bound, in ascending values.
 * @param {Float64Array} values
 * @param {number} bound
 */
export function firstAfter(values, bound) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
