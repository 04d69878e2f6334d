// A choice of model and GPUs that cannot be served offers ways out.

import { doors } from './fits.js';
import { textOf } from './settings.js';

/** @import {State} from '../app/state.js' */
/** @import {Description, Setting} from '../shared/types.d.ts' */
/** @import {Control} from './controls/field.js' */

/** @typedef {{setting: Setting, control: Control}} Entry */

/** Settings that a model has to fit with. */
const PLACE = ['model.name', 'model.hardware', 'model.tp'];

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
  show({ fits, drafts, problems }, accepted) {
    const [model, gpu, tp] = this.#entries;
    if (!model || !gpu || !tp) return;
    const text = (/** @type {Entry} */ { setting }) => drafts.get(setting.key) ?? textOf(setting, accepted);
    const choice = { model: text(model), gpu: text(gpu), tp: text(tp) };
    const key = JSON.stringify([choice, problems]);
    if (fits === this.#fits && key === this.#choice) return;
    [this.#fits, this.#choice] = [fits, key];
    const refused = (/** @type {Entry} */ { setting }) => problems.some(({ key: wrong }) => wrong === setting.key);
    const ways = [model, gpu, tp].some(refused) ? doors(fits ?? [], choice, this.#catalog) : [];
    for (const entry of [model, gpu, tp]) entry.control.offer?.(refused(entry) ? ways : []);
  }
}
