// What happened to every request of the run that is shown. It costs a simulation, so it is fetched once, and only when it
// is needed.

/** @import {Pool} from '../../engine/pool.js' */
/** @import {Lives, RunReport} from '../../shared/types.d.ts' */

export class RunLives {
  #pool;

  /** @type {RunReport|null} */
  #run = null;

  /** @type {Promise<Lives>|null} */
  #lives = null;

  #controller = new AbortController();

  /** @param {Pool} pool */
  constructor(pool) {
    this.#pool = pool;
  }

  /**
   * @param {RunReport} run
   * @returns {Promise<Lives>} fails with `Superseded` when another run is asked for, or it is given up
   */
  of(run) {
    if (run === this.#run && this.#lives !== null) return this.#lives;
    this.stop();
    this.#run = run;
    this.#lives = this.#pool.run((client) => client.lives(run.config), { signal: this.#controller.signal });
    return this.#lives;
  }

  /** Gives up what is fetched. */
  stop() {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#run = null;
    this.#lives = null;
  }
}

/**
 * Where a request can be seen: null if it is there at the present time, or never comes.
 * @param {Pick<Lives, 'arrival_us'|'enqueued_us'|'ended_us'>} lives
 * @param {number} request
 * @param {number} timeUs
 */
export function momentOfLife(lives, request, timeUs) {
  const [arrival, enqueued, ended] = [lives.arrival_us[request], lives.enqueued_us[request], lives.ended_us[request]];
  if (arrival === undefined || (timeUs >= arrival && !(timeUs > ended))) return null;
  return Math.round(Number.isFinite(enqueued) ? enqueued : arrival);
}
