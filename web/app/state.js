// The page's one state object, and the listeners that follow it.

/** @import {Config, Description, Details, Estimate, Fit, Imported, Kept, Pair, Problem, Progress, ShownRun, Study, Sweep} from '../shared/types.d.ts' */
/** @import {Previous} from './previous.js' */
/** @import {Pin} from '../views/compare/pins.js' */
/** @import {SizingPlan} from '../views/plan/planner.js' */

/**
 * @typedef {object} State
 * @property {Description|null} description The engine's description of itself; null until it has started.
 * @property {Config|null} config The last valid settings.
 * @property {Pair[]} pairs The same in short keys, without defaults.
 * @property {string[]} withoutEffect Keys of the settings that have no effect because of the values of others.
 * @property {Map<string, string>} drafts Text in controls that was not accepted, by key.
 * @property {Problem[]} problems Why not.
 * @property {number[]} droppedKills Instances whose kills the last change of their number has left out.
 * @property {boolean} [unfit] Whether a field that is no setting's own holds what cannot be taken, so that no draft tells of it.
 * @property {string[]} rejectedLink Parts of the address that were not understood, as sentences.
 * @property {Imported|null} imported The workload that replaces the settings' own.
 * @property {string} importedName Where it comes from, as the name of a file; empty if that is not known.
 * @property {Fit[]|null} fits Which models fit on which GPUs around a choice that was refused; null until fetched.
 * @property {boolean} fitsRoofline Whether that is told of the roofline latency model, as the one that is set cannot time the model.
 * @property {Estimate|null} estimate About what a run of the settings takes; null until there are some.
 * @property {boolean} held Whether their run waits to be asked for: a link has asked for a large one.
 * @property {Pick<Kept, 'pairs'|'importedName'>|null} cancelled Settings whose run was cancelled last.
 * @property {ShownRun|null} run The run that the charts show.
 * @property {Progress|null} progress How far a long run has come; null if none is under way.
 * @property {Sweep|null} sweep The figures over values of one setting.
 * @property {string} sweepAxis Which setting; empty for the instances.
 * @property {string} sweepMetric Which figure of it is shown; empty for TTFT p99.
 * @property {string} hide Names of what the link hides, separated by commas (web/settings/hidden.js).
 * @property {string} lock `1` if the link's settings stay as they are.
 * @property {string} embed `1` if the page stands in another one, without settings.
 * @property {string} targets What is planned for, as in the address.
 * @property {SizingPlan|null} plan What the search for a plan has found.
 * @property {Pin[]} pins Runs kept to compare with, oldest first.
 * @property {string|null} against Id of the pin that figures and charts show.
 * @property {Previous|null} previous The run that was shown before this one, if it stood for a while.
 * @property {Details|null} details Where the time goes in the run; null until fetched.
 * @property {string} tab The view that is shown; empty for the first.
 * @property {number|null} request The request that is selected, in every view.
 * @property {number|null} at The moment that a view has requested, µs.
 * @property {string} lesson Id of the lesson that is open; empty for the list of them.
 * @property {string} own The lesson itself, packed, where it is none of ours and a link can carry it; else empty.
 * @property {string} step The step of the lesson that is shown; empty for the first.
 * @property {string} room What is shown of the lessons besides them: `guide` for the teacher's page, `sheet` for worksheets; else empty.
 * @property {string} present `1` while a lesson is shown to a class, a step at a time; else empty.
 * @property {Study|string|null} theory The theory of the newest run, or the reason why there is none; null while unknown.
 * @property {''|'computing'|'stopped'|'offered'} theoryWork What is done about it; offered where it takes too much to do so unasked.
 * @property {boolean} busy Whether figures of the current settings are still being computed.
 * @property {string|null} failure What broke, as a sentence; null if nothing.
 */

/** @returns {State} */
export function initialState() {
  return {
    description: null,
    config: null,
    pairs: [],
    withoutEffect: [],
    drafts: new Map(),
    problems: [],
    droppedKills: [],
    rejectedLink: [],
    imported: null,
    importedName: '',
    fits: null,
    fitsRoofline: false,
    estimate: null,
    held: false,
    cancelled: null,
    run: null,
    progress: null,
    sweep: null,
    sweepAxis: '',
    sweepMetric: '',
    hide: '',
    lock: '',
    embed: '',
    targets: '',
    plan: null,
    pins: [],
    against: null,
    previous: null,
    details: null,
    tab: '',
    request: null,
    at: null,
    lesson: '',
    own: '',
    step: '',
    room: '',
    present: '',
    theory: null,
    theoryWork: '',
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

/** Holds the state. Every change goes through `change`, which calls all listeners. */
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

  /** @param {Listener} listener called at every change */
  listen(listener) {
    this.#listeners.push(listener);
  }

  /**
   * @param {readonly (keyof State)[]} parts
   * @param {Listener} listener called when one of them has changed
   */
  watch(parts, listener) {
    this.listen((state, before) => {
      if (parts.some((part) => state[part] !== before[part])) listener(state, before);
    });
  }

  /**
   * The same, and at once: what comes late shows what is there already.
   * @param {readonly (keyof State)[]} parts
   * @param {Listener} listener
   */
  follow(parts, listener) {
    listener(this.#state, this.#state);
    this.watch(parts, listener);
  }
}
