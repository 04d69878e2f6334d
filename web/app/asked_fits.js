// Which models fit on which GPUs: the engine is asked when the settings that decide it have changed.

/** @import {EngineClient} from '../engine/client.js' */
/** @import {Config} from '../shared/types.d.ts' */
/** @import {Store} from './state.js' */

export class AskedFits {
  #store;

  #engine;

  /** The settings that the state's answer belongs to, as text. */
  #about = '';

  /**
   * @param {Store} store
   * @param {EngineClient} engine
   */
  constructor(store, engine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** @param {Config} config */
  async ask({ model, memory }) {
    const { latency_model: latency, alpha_coeffs: alpha, beta_coeffs: beta } = model;
    const about = JSON.stringify([latency, alpha, beta, memory]);
    if (about === this.#about) return;
    this.#about = about;
    try {
      this.#store.change({ fits: await this.#engine.convert('fits', /** @type {any} */ ({ model, memory })) });
    } catch (error) {
      this.#about = '';
      throw error;
    }
  }
}
