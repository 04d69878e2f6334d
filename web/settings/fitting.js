// The menus of model and GPU say what does not fit, and a choice that does not offers ways out.

import { doors, hasDefaultGpu, reasonAgainst } from './fits.js';
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

  /** What the menus were marked for last. @type {State['fits']} */
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
    if (fits === null || !model || !gpu || !tp) return;
    const text = (/** @type {Entry} */ { setting }) => drafts.get(setting.key) ?? textOf(setting, accepted);
    const choice = { model: text(model), gpu: text(gpu), tp: text(tp) };
    const key = JSON.stringify([choice, problems]);
    if (fits === this.#fits && key === this.#choice) return;
    [this.#fits, this.#choice] = [fits, key];
    const { models, gpus } = this.#catalog;
    markMenu(model, models, (name) => reasonAgainst(fits, { ...choice, model: name }));
    const missing = hasDefaultGpu(fits, choice.model) ? [] : [''];
    markMenu(gpu, [{ name: '' }, ...gpus], (name) => reasonAgainst(fits, { ...choice, gpu: name }), missing);
    const ways = doors(fits, choice, this.#catalog);
    for (const entry of [model, gpu, tp]) {
      const refused = problems.some(({ key: wrong }) => wrong === entry.setting.key);
      entry.control.offer?.(refused ? ways : []);
    }
  }
}

/**
 * @param {Entry} entry whose control is a menu
 * @param {{name: string}[]} values
 * @param {(value: string) => string|null} reason
 * @param {string[]} missing values that do not exist
 */
function markMenu({ control }, values, reason, missing = []) {
  const reasons = values.flatMap(({ name }) => {
    const words = reason(name);
    return words === null ? [] : [/** @type {[string, string]} */ ([name, words])];
  });
  /** @type {{mark?: (reasons: Map<string, string>, missing: Set<string>) => void}} */ (control).mark?.(
    new Map(reasons),
    new Set(missing),
  );
}
