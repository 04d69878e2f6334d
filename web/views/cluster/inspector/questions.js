// What the inspector asks about the chosen request. Each answer may replay the whole run, and takes no slices.

import { Newest } from '../../../engine/newest.js';
import { PRIORITY } from '../../../engine/pool.js';
import { underWay } from '../../../ui/under_way.js';

/** @import {EngineClient} from '../../../engine/client.js' */
/** @import {Pool} from '../../../engine/pool.js' */
/** @import {QUERIES} from '../../../worker/playback.js' */

/** What is asked about another request than the chosen one is given up after this long, ms. */
const LEAVE_MS = 500;

export class Questions {
  #pool;

  #underWay;

  /** What is asked at present, by the kind of question. @type {Map<string, Newest>} */
  #newest = new Map();

  /** Of what is asked about the chosen request. */
  #controller = new AbortController();

  /** Kinds of the questions under way. @type {string[]} */
  kinds = [];

  /**
   * @param {Pool} pool
   * @param {() => void} onChange called when a question was asked or has ended
   */
  constructor(pool, onChange) {
    this.#pool = pool;
    this.#underWay = underWay((kinds) => {
      this.kinds = kinds;
      onChange();
    });
  }

  /**
   * One question of a kind at a time. While a person moves through the requests by arrow keys, only the last question is
   * asked.
   * @template {keyof typeof QUERIES} Operation
   * @param {Operation} operation
   * @param {Parameters<typeof QUERIES[Operation]>[0]} argument
   * @returns {Promise<ReturnType<typeof QUERIES[Operation]>>} fails with `Superseded` when it is given up
   */
  ask(operation, argument) {
    const newest = this.#newest.get(operation) ?? new Newest();
    this.#newest.set(operation, newest);
    const { signal } = this.#controller;
    const ask = (/** @type {EngineClient} */ client) => client.query(operation, argument, signal);
    const asked = () => this.#pool.run(ask, { priority: PRIORITY.question, signal });
    return this.#underWay(operation, () => newest.run(asked));
  }

  /** Gives up what is asked. */
  giveUp() {
    this.#controller.abort();
    this.#controller = new AbortController();
  }

  /**
   * Another request is chosen. What is asked about the former one has a moment to end: most of it does, and giving it up
   * at once would replace a worker with every press of an arrow key.
   */
  leave() {
    const former = this.#controller;
    this.#controller = new AbortController();
    if (this.kinds.length > 0) setTimeout(() => former.abort(), LEAVE_MS);
  }
}
