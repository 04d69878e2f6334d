// Fetches theory beside the newest run: a moment after it has settled, from another worker.

import { EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';
import { BESIDE_REQUESTS, VIEW_REQUESTS } from '../../shared/budgets.js';

/** @import {Store} from '../../app/state.js' */
/** @import {Pool} from '../../engine/pool.js' */
/** @import {Config, ShownRun, Study} from '../../shared/types.d.ts' */

/** How long nothing must change before the closed forms are computed, ms. */
const SETTLED_AFTER_MS = 250;

export class Theorist {
  #pool;

  #delay;

  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** Of the newest question. */
  #controller = new AbortController();

  /**
   * @param {Pool} pool
   * @param {number} delay
   */
  constructor(pool, delay = SETTLED_AFTER_MS) {
    this.#pool = pool;
    this.#delay = delay;
  }

  /**
   * @param {Config} config
   * @param {(answer: Study|string) => void} onAnswer receives the closed forms, or the reason there are none; not called if a newer request has replaced this one
   */
  ask(config, onAnswer) {
    this.cancel();
    const { signal } = this.#controller;
    this.#timer = setTimeout(async () => {
      try {
        onAnswer(await this.#pool.run((client) => client.study(config), { signal }));
      } catch (error) {
        if (error instanceof Superseded) return;
        if (!(error instanceof RefusedSettings || error instanceof EngineFailure)) throw error;
        onAnswer(error.message);
      }
    }, this.#delay);
  }

  /** Forgets the last question. */
  cancel() {
    clearTimeout(this.#timer);
    this.#controller.abort();
    this.#controller = new AbortController();
  }
}

/**
 * Keeps the theory of the newest run in the state, for charts and the view of theory. Beside a large run it is computed
 * when its tab is open, beside a very large one when a person asks for it.
 * @param {Store} store
 * @param {Pool} pool
 */
export function keepTheory(store, pool) {
  const theorist = new Theorist(pool);
  /** The run for which it is decided whether theory is computed. @type {ShownRun|null} */
  let decided = null;
  const compute = () => {
    const { run } = store.state;
    if (run === null) return;
    store.change({ theoryWork: 'computing' });
    theorist.ask(run.config, (theory) => store.change({ theory, theoryWork: '' }));
  };
  const stop = () => {
    theorist.cancel();
    store.change({ theory: null, theoryWork: 'stopped' });
  };
  store.watch(['config'], () => {
    theorist.cancel();
    decided = null;
    if (store.state.theoryWork !== '') store.change({ theoryWork: '' });
  });
  store.watch(['busy', 'run', 'tab'], ({ busy, run, config, tab, theoryWork }) => {
    if (busy || run === null || run.config !== config) return;
    const isNew = run !== decided;
    decided = run;
    const { requests } = run.estimate;
    if (requests > (tab === 'theory' ? VIEW_REQUESTS : BESIDE_REQUESTS)) {
      if (isNew) store.change({ theory: null, theoryWork: 'offered' });
    } else if (isNew || theoryWork === 'offered') compute();
  });
  return { compute, stop };
}
