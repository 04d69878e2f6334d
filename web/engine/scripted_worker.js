// For tests: a worker that answers when the test says so.

import { EngineClient } from './client.js';

/** @import {Options} from './connection.js' */

export class ScriptedWorker {
  /** @type {any[]} */
  received = [];

  terminated = false;

  /** @type {((event: any) => void)|null} */
  onmessage = null;

  /** @type {((event: any) => void)|null} */
  onerror = null;

  /** @param {any} message */
  postMessage(message) {
    this.received.push(message);
  }

  terminate() {
    this.terminated = true;
  }

  /** Names of what it was asked. */
  get operations() {
    return this.received.map(({ operation }) => operation);
  }

  /**
   * Answers, if nothing else is named, the last question.
   * @param {object} data
   */
  answer(data) {
    this.onmessage?.({ data: { id: this.received.at(-1).id, ...data } });
  }

  /**
   * Tells of the progress of the last question.
   * @param {unknown} progress
   */
  tell(progress) {
    this.answer({ progress });
  }

  /**
   * Breaks down over a question, the last if none is named.
   * @param {object} [also]
   */
  trap(also = {}) {
    this.answer({ error: { message: 'unreachable', trapped: true }, ...also });
  }
}

/**
 * @param {Partial<Options>} [options]
 * @returns {{client: EngineClient, workers: ScriptedWorker[]}} workers in the order in which they were started
 */
export function start(options = {}) {
  /** @type {ScriptedWorker[]} */
  const workers = [];
  const make = () => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker;
  };
  return { client: new EngineClient({ start: make, ...options }), workers };
}
