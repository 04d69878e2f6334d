// The form, generated from the schema: one group per station of a request's way.

import { element } from '../ui/dom.js';
import { choiceControl, switchControl } from './controls/choice.js';
import { DOOR } from './controls/field.js';
import { numericControl } from './controls/numeric.js';
import { scorersControl } from './controls/scorers.js';
import { textControl } from './controls/text.js';
import { workloadCard } from './controls/workload_card.js';
import { doors, hasDefaultGpu, reasonAgainst } from './fits.js';
import { hiddenKeys } from './hidden.js';
import { problemWords } from './problem_words.js';
import { textOf } from './settings.js';

/** @import {State} from '../app/state.js' */
/** @import {Description, Pair, Problem, Setting} from '../shared/types.d.ts' */
/** @import {Control, OnEdit} from './controls/field.js' */

/** The groups as they appear: what a newcomer changes first comes first. */
const GROUPS = [
  { group: 'cluster', title: 'Cluster', open: true },
  { group: 'model', title: 'Model and GPUs', open: true },
  { group: 'workload', title: 'Requests', open: true },
  { group: 'routing', title: 'Routing', open: true },
  { group: 'admission', title: 'Admission', open: false },
  { group: 'instance', title: 'Inside an instance', open: false },
  { group: 'memory', title: 'Memory', open: false },
  { group: 'targets', title: 'Latency targets', open: false },
  { group: 'trace', title: 'Decision trace', open: false },
];

/**
 * @param {Setting} setting
 * @param {Description} description
 * @param {OnEdit} onEdit
 * @returns {Control}
 */
function makeControl(setting, { catalog }, onEdit) {
  const { kind } = setting;
  if (setting.path === 'model.name') {
    return choiceControl(
      setting,
      catalog.models.map(({ name, title }) => ({ value: name, label: title })),
      onEdit,
    );
  }
  if (setting.path === 'model.hardware') {
    const gpus = catalog.gpus.map(({ name, title }) => ({ value: name, label: title }));
    return choiceControl(
      setting,
      [{ value: '', label: 'Automatic', help: 'The default for this model' }, ...gpus],
      onEdit,
    );
  }
  switch (kind.type) {
    case 'integer':
    case 'number':
      return numericControl(setting, onEdit);
    case 'choice':
      return choiceControl(setting, kind.choices, onEdit);
    case 'scorers':
      return scorersControl(setting, kind.choices, onEdit);
    case 'boolean':
      return switchControl(setting, onEdit);
    case 'targets':
      return textControl(setting, 'default=500ms', onEdit);
    case 'class-priorities':
      return textControl(setting, 'critical=4,batch=-1', onEdit);
    case 'floats':
      return textControl(setting, 'bundled', onEdit);
    default:
      return textControl(setting, '', onEdit);
  }
}

/** Documents come from files, not from a line of text; settings without effect on the page are left out. */
const hasControl = (/** @type {Setting} */ { kind, in_page: inPage }) => kind.type !== 'document' && inPage;

/**
 * A control and what it shows: on a slider's way most of them have nothing to change.
 * @typedef {object} Entry
 * @property {Setting} setting
 * @property {Control} control
 * @property {string|null} text
 * @property {string|null} message
 * @property {boolean|null} hidden
 */

/** Settings that a model has to fit with. */
const PLACE = ['model.name', 'model.hardware', 'model.tp'];

export class Form {
  /** @type {Entry[]} */
  #entries;

  #description;

  #card;

  /** What the menus were marked for last. @type {State['fits']} */
  #fits = null;

  #choice = '';

  /** @type {HTMLDetailsElement[]} */
  #folds = [];

  /**
   * @param {HTMLElement} parent
   * @param {Description} description
   * @param {OnEdit} onEdit
   * @param {{onDoor: (values: Pair[]) => void, onRemove: () => void}} actions
   */
  constructor(parent, description, onEdit, { onDoor, onRemove }) {
    this.#description = description;
    this.#card = workloadCard(onRemove);
    parent.addEventListener(DOOR, (event) => onDoor(/** @type {CustomEvent<Pair[]>} */ (event).detail));
    this.#entries = description.schema.filter(hasControl).map((setting) => ({
      setting,
      control: makeControl(setting, description, onEdit),
      text: null,
      message: null,
      hidden: null,
    }));
    parent.replaceChildren(...GROUPS.flatMap((group) => this.#groupElement(group) ?? []));
  }

  /** @param {typeof GROUPS[number]} group */
  #groupElement({ group, title, open }) {
    const entries = this.#entries.filter(({ setting }) => setting.group === group);
    if (entries.length === 0) return null;
    const roots = (/** @type {boolean} */ advanced) =>
      entries.filter(({ setting }) => setting.advanced === advanced).map(({ control }) => control.root);
    const [simple, advanced] = [roots(false), roots(true)];
    const more =
      advanced.length > 0 ? element('details', { class: 'more' }, element('summary', {}, 'More'), ...advanced) : null;
    if (more) this.#folds.push(more);
    const inner = simple.length > 0 ? [...simple, more] : advanced;
    const fold = element(
      'details',
      { class: 'group', open },
      element('summary', {}, element('h3', {}, title)),
      group === 'workload' ? this.#card.root : null,
      ...inner,
    );
    this.#folds.push(fold);
    return fold;
  }

  /**
   * Shows the settings of a state: values, what was not accepted and why, and only what has an effect.
   * @param {Readonly<State>} state
   */
  render(state) {
    const { config, pairs, withoutEffect, drafts, problems, hide: keys } = state;
    if (config === null) return;
    this.#card.render(state);
    const hidden = hiddenKeys(keys);
    const accepted = new Map(pairs);
    let folds = false;
    for (const entry of this.#entries) {
      const { setting } = entry;
      const problem = problems.find(({ key }) => key === setting.key);
      const idle = !problem && !drafts.has(setting.key) && withoutEffect.includes(setting.key);
      const hide = idle || (hidden.has(setting.key) && !problem);
      folds ||= entry.hidden !== hide;
      const text = drafts.get(setting.key) ?? textOf(setting, accepted);
      show(entry, text, problem ? problemWords(problem, setting, text, this.#description) : null, hide);
      if (problem) this.#reveal(entry.control.root);
    }
    this.#showFits(state, accepted);
    if (!folds) return;
    for (const fold of this.#folds) fold.hidden = !showsAny(fold, '.field, .workload-card');
    // A heading over nothing but a closed fold looks like an empty section.
    for (const fold of this.#folds.filter(({ className }) => className === 'more'))
      if (!fold.hidden && fold.parentElement && !showsAny(fold.parentElement, ':scope > .field')) fold.open = true;
  }

  /**
   * Marks what a model does not fit on, and offers ways out where that was chosen.
   * @param {Readonly<State>} state
   * @param {Map<string, string>} accepted
   */
  #showFits({ fits, drafts, problems }, accepted) {
    const [model, gpu, tp] = PLACE.map((path) => this.#entries.find(({ setting }) => setting.path === path));
    if (fits === null || !model || !gpu || !tp) return;
    const text = (/** @type {Entry} */ { setting }) => drafts.get(setting.key) ?? textOf(setting, accepted);
    const choice = { model: text(model), gpu: text(gpu), tp: text(tp) };
    const key = JSON.stringify([choice, problems]);
    if (fits === this.#fits && key === this.#choice) return;
    [this.#fits, this.#choice] = [fits, key];
    const { catalog } = this.#description;
    markMenu(model, catalog.models, (name) => reasonAgainst(fits, { ...choice, model: name }));
    const missing = hasDefaultGpu(fits, choice.model) ? [] : [''];
    markMenu(gpu, [{ name: '' }, ...catalog.gpus], (name) => reasonAgainst(fits, { ...choice, gpu: name }), missing);
    const ways = doors(fits, choice, catalog);
    for (const entry of [model, gpu, tp]) {
      const refused = problems.some(({ key }) => key === entry.setting.key);
      entry.control.offer?.(refused ? ways : []);
    }
  }

  /** @param {HTMLElement} root */
  #reveal(root) {
    for (let fold = root.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
      fold.open = true;
  }

  /** The heading of the requests' settings. */
  get requests() {
    return this.#card.root.closest('details')?.querySelector('summary') ?? null;
  }

  /**
   * The problems that no control can show.
   * @param {Readonly<State>} state
   */
  unplaced({ problems }) {
    return problems.filter(({ key }) => !this.#entries.some(({ setting }) => setting.key === key));
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} selector
 */
function showsAny(root, selector) {
  return [...root.querySelectorAll(selector)].some((each) => !(/** @type {HTMLElement} */ (each).hidden));
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

/**
 * Changes of a control what is not shown yet.
 * @param {Entry} entry
 * @param {string} text
 * @param {string|null} message
 * @param {boolean} hidden
 */
function show(entry, text, message, hidden) {
  const { root } = entry.control;
  // A control in use may have changed by itself.
  if (text !== entry.text || root.contains(document.activeElement)) entry.control.show(text);
  if (message !== entry.message) entry.control.explain(message);
  if (hidden !== entry.hidden) root.hidden = hidden;
  Object.assign(entry, { text, message, hidden });
}
