// The page's one state object, and who is told when it changes.

/** @import {Config, Description, Pair, Problem, Progress, RunReport, Study, Sweep} from './types.d.ts' */

/**
 * @typedef {object} State
 * @property {Description|null} description What the engine says about itself; null until it has started.
 * @property {Config|null} config The last valid settings.
 * @property {Pair[]} pairs The same in short keys, without defaults.
 * @property {Map<string, string>} drafts Text in controls that was not accepted, by key.
 * @property {Problem[]} problems Why not.
 * @property {string[]} rejectedLink What of the address was not understood, as sentences.
 * @property {RunReport|null} run The run that the charts show.
 * @property {Progress|null} progress How far a long run has come; null if none is under way.
 * @property {Sweep|null} sweep TTFT p99 over instance counts.
 * @property {string} tab The view that is shown; empty for the first.
 * @property {string} lesson Id of the lesson that is open; empty for the list of them.
 * @property {Study|string|null} theory What theory says about the newest run, or why it says nothing; null while unknown.
 * @property {boolean} busy Whether figures of the current settings are still being computed.
 * @property {string|null} failure What broke, as a sentence; null if nothing.
 */

/** @returns {State} */
export function initialState() {
  return {
    description: null,
    config: null,
    pairs: [],
    drafts: new Map(),
    problems: [],
    rejectedLink: [],
    run: null,
    progress: null,
    sweep: null,
    tab: '',
    lesson: '',
    theory: null,
    busy: true,
    failure: null,
  };
}

/**
 * @callback Listener
 * @param {Readonly<State>} state
 * @param {Readonly<State>} before
 * @returns {void}
 */

/** Holds the state; every change goes through `change`, and every listener hears of it. */
export class Store {
  /** @type {Readonly<State>} */
  #state = initialState();

  /** @type {Listener[]} */
  #listeners = [];

  get state() {
    return this.#state;
  }

  /** @param {Partial<State>} part */
  change(part) {
    const before = this.#state;
    this.#state = { ...before, ...part };
    for (const listener of this.#listeners) listener(this.#state, before);
  }

  /** @param {Listener} listener */
  listen(listener) {
    this.#listeners.push(listener);
  }
}
