// Fetches theory beside the newest run: a moment after it has settled, from another worker.

import { EngineClient, EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';

/** @import {Store} from '../../app/state.js' */
/** @import {Config, Study} from '../../shared/types.d.ts' */

/** How long nothing must change before the closed forms are computed, ms. */
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
   * @param {(answer: Study|string) => void} onAnswer receives the closed forms, or the reason there are none; not called if a newer request has replaced this one
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
 * Keeps the theory of the newest run in the state, for charts and the view of theory.
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
