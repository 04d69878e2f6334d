// A choice of model and GPUs that cannot be served offers ways out.

import { doors } from './fits.js';
import { textOf } from './settings.js';

/** @import {State} from '../app/state.js' */
/** @import {Description, Setting} from '../shared/types.d.ts' */
/** @import {Control} from './controls/field.js' */

/** @typedef {{setting: Setting, control: Control}} Entry */

/** Settings that a model has to fit with. */
const PLACE = ['model.name', 'model.hardware', 'model.tp', 'model.latency_model'];

export class Fitting {
  #entries;

  #catalog;

  /** What the ways were found for last. @type {State['fits']} */
  #fits = null;

  #choice = '';

  /**
   * @param {Entry[]} entries
   * @param {Description['catalog']} catalog
   */
  constructor(entries, catalog) {
    this.#entries = PLACE.map((path) => entries.find(({ setting }) => setting.path === path));
    this.#catalog = catalog;
  }

  /**
   * @param {Readonly<State>} state
   * @param {Map<string, string>} accepted
   */
  show({ fits, fitsRoofline, drafts, problems }, accepted) {
    const [model, gpu, tp, latency] = this.#entries;
    if (!model || !gpu || !tp || !latency) return;
    const text = (/** @type {Entry} */ { setting }) => drafts.get(setting.key) ?? textOf(setting, accepted);
    const choice = { model: text(model), gpu: text(gpu), tp: text(tp) };
    const key = JSON.stringify([choice, problems]);
    if (fits === this.#fits && key === this.#choice) return;
    [this.#fits, this.#choice] = [fits, key];
    const refused = (/** @type {Entry} */ { setting }) => problems.some(({ key: wrong }) => wrong === setting.key);
    const all = [model, gpu, tp, latency];
    const ways = all.some(refused) ? doors(fits ?? [], choice, this.#catalog, fitsRoofline) : [];
    for (const entry of all) entry.control.offer?.(refused(entry) ? ways : []);
  }
}
