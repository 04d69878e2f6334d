// One thing of a kind at a time.

import { Superseded } from './connection.js';

/** Does one thing at a time; of those that are wanted meanwhile only the newest waits, and the others are given up. */
export class Newest {
  #busy = false;

  /** @type {{task: () => Promise<any>, resolve: (value: any) => void, reject: (error: unknown) => void}|null} */
  #waiting = null;

  /**
   * @template Value
   * @param {() => Promise<Value>} task is begun at once if nothing is under way
   * @returns {Promise<Value>} fails with `Superseded` if a newer one has taken its place
   */
  run(task) {
    return new Promise((resolve, reject) => {
      this.#waiting?.reject(new Superseded());
      this.#waiting = { task, resolve, reject };
      this.#next();
    });
  }

  /** Gives up what waits. */
  drop() {
    this.#waiting?.reject(new Superseded());
    this.#waiting = null;
  }

  async #next() {
    if (this.#busy || this.#waiting === null) return;
    const { task, resolve, reject } = this.#waiting;
    this.#waiting = null;
    this.#busy = true;
    try {
      resolve(await task());
    } catch (error) {
      reject(error);
    }
    this.#busy = false;
    this.#next();
  }
}
