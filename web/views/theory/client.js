// Asks for theory beside the newest run: a moment after it has settled, in a worker of its own.

import { EngineClient, EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';

/** @import {Store} from '../../app/state.js' */
/** @import {Config, Study} from '../../shared/types.d.ts' */

/** So long nothing must change before the closed forms are computed, ms. */
const SETTLED_AFTER_MS = 250;

export class Theorist {
  #client;

  #delay;

  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {EngineClient} client
   * @param {number} delay
   */
  constructor(client = new EngineClient(), delay = SETTLED_AFTER_MS) {
    this.#client = client;
    this.#delay = delay;
  }

  /**
   * @param {Config} config
   * @param {(answer: Study|string) => void} onAnswer told the forms, or why there are none; not if a newer question came
   */
  ask(config, onAnswer) {
    this.cancel();
    this.#timer = setTimeout(async () => {
      try {
        onAnswer(await this.#client.study(config));
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
    this.#client.cancel();
  }
}

/**
 * Keeps what theory says about the newest run in the state: the chart of TTFT shows it, and the view of theory.
 * @param {Store} store
 */
export function keepTheory(store) {
  const theorist = new Theorist();
  store.watch(['config'], () => theorist.cancel());
  store.listen((state, before) => {
    const settled = !state.busy && state.run !== null && state.run.config === state.config;
    const due = settled && (before.busy || state.run !== before.run);
    if (due && state.run !== null) theorist.ask(state.run.config, (theory) => store.change({ theory }));
  });
}
