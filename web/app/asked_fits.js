// Which models fit on which GPUs: the engine is asked when a dialog is to show it, or when a choice was not accepted.

import { RefusedSettings } from '../engine/connection.js';
import { PRIORITY } from '../engine/pool.js';
import { needsRoofline } from '../settings/fits.js';
import { textOf } from '../settings/settings.js';

/** @import {EngineClient} from '../engine/client.js' */
/** @import {Pool} from '../engine/pool.js' */
/** @import {Config, Fit} from '../shared/types.d.ts' */
/** @import {State, Store} from './state.js' */

/** Settings that a model has to fit with. */
const PLACE = ['model.name', 'model.hardware', 'model.tp', 'model.latency_model'];

/**
 * The settings as the controls have them, what was not accepted included, as far as fitting goes.
 * @param {Readonly<State>} state with settings
 */
function wanted({ config, pairs, drafts, description }) {
  const accepted = new Map(pairs);
  const [name = '', hardware = '', , latency = ''] = PLACE.map((path) => {
    const setting = description?.schema.find((each) => each.path === path);
    return setting ? (drafts.get(setting.key) ?? textOf(setting, accepted)) : '';
  });
  const { model, memory } = /** @type {Config} */ (config);
  // Names of models and GPUs may be any; a latency model that there is not cannot be asked about.
  const known = description?.schema.find(({ path }) => path === 'model.latency_model')?.kind;
  const isKnown = known?.type === 'choice' && known.choices.some(({ value }) => value === latency);
  return {
    model: {
      ...model,
      name,
      hardware: hardware || null,
      tp: null,
      latency_model: isKnown ? latency : model.latency_model,
    },
    memory,
  };
}

/** Whether a choice that has to fit was refused. @param {Readonly<State>} state */
function isRefused({ config, problems, description }) {
  const keys = description?.schema.filter(({ path }) => PLACE.includes(path)).map(({ key }) => key) ?? [];
  return config !== null && problems.some(({ key }) => key !== null && keys.includes(key));
}

/**
 * What can be reached from a choice.
 * @param {Pool} pool
 * @param {{model: unknown, memory: unknown}} settings
 * @returns {Promise<Fit[]>}
 */
export function askFits(pool, settings) {
  const ask = (/** @type {EngineClient} */ client) => client.convert('fits', /** @type {any} */ (settings));
  return pool.run(ask, { priority: PRIORITY.question });
}

/** Brings into the state what fits, wherever a choice that has to was refused. */
export class AskedFits {
  #store;

  #pool;

  /** The settings that the state's answer belongs to, as text. */
  #about = '';

  /**
   * @param {Store} store
   * @param {Pool} pool
   * @param {(error: unknown) => void} onError
   */
  constructor(store, pool, onError) {
    this.#store = store;
    this.#pool = pool;
    store.watch(['problems', 'drafts', 'description'], (state) => {
      if (isRefused(state)) this.#ask().catch(onError);
    });
  }

  /** Brings the ways out of the present choice into the state. */
  async #ask() {
    const settings = wanted(this.#store.state);
    const about = JSON.stringify(settings);
    if (about === this.#about) return;
    this.#about = about;
    try {
      const now = await askFits(this.#pool, settings);
      const { name } = settings.model;
      const fitsRoofline = needsRoofline(now, name);
      const other = { ...settings, model: { ...settings.model, latency_model: 'roofline' } };
      const fits = fitsRoofline ? await askFits(this.#pool, other) : now;
      // Another choice may have been made meanwhile.
      if (about === this.#about) this.#store.change({ fits, fitsRoofline });
    } catch (error) {
      // Settings that cannot even be asked about have their problem at their control already.
      if (error instanceof RefusedSettings) return;
      this.#about = '';
      throw error;
    }
  }
}
