// The form, generated from the schema: one group per station of a request's way.

import { choiceControl, switchControl } from './controls/choice.js';
import { numericControl } from './controls/numeric.js';
import { scorersControl } from './controls/scorers.js';
import { textControl } from './controls/text.js';
import { element } from './dom.js';
import { applies, covers, textOf } from './settings.js';
import { hiddenKeys } from './share/links.js';

/** @import {Description, Problem, Setting} from './types.d.ts' */
/** @import {State} from './state.js' */
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
      [{ value: '', label: 'Automatic', help: 'What the catalogue names for the model' }, ...gpus],
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

/** Documents are for files, not for a line of text; and what changes nothing here is not asked here. */
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

export class Form {
  /** @type {Entry[]} */
  #entries;

  /** @type {HTMLElement[]} */
  #folds = [];

  /**
   * @param {HTMLElement} parent
   * @param {Description} description
   * @param {OnEdit} onEdit
   */
  constructor(parent, description, onEdit) {
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
      ...inner,
    );
    this.#folds.push(fold);
    return fold;
  }

  /**
   * Shows the settings of a state: values, what was not accepted and why, and only what has an effect.
   * @param {Readonly<State>} state
   */
  render({ config, pairs, drafts, problems, hide: keys }) {
    if (config === null) return;
    const hidden = hiddenKeys(keys);
    const accepted = new Map(pairs);
    let folds = false;
    for (const entry of this.#entries) {
      const { setting } = entry;
      const problem = problems.find(({ path }) => covers(setting, path));
      const idle = !problem && !drafts.has(setting.key) && !applies(setting, config);
      const hide = idle || (hidden.has(setting.key) && !problem);
      folds ||= entry.hidden !== hide;
      show(entry, drafts.get(setting.key) ?? textOf(setting, accepted), problem ? sentence(problem) : null, hide);
      if (problem) this.#reveal(entry.control.root);
    }
    if (!folds) return;
    for (const fold of this.#folds)
      fold.hidden = [...fold.querySelectorAll('.field')].every((each) => /** @type {HTMLElement} */ (each).hidden);
  }

  /** @param {HTMLElement} root */
  #reveal(root) {
    for (let fold = root.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
      fold.open = true;
  }

  /**
   * The problems that no control can show.
   * @param {Readonly<State>} state
   */
  unplaced({ problems }) {
    return problems.filter(({ path }) => !this.#entries.some(({ setting }) => covers(setting, path)));
  }
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
  // A control that someone is in may have changed by itself.
  if (text !== entry.text || root.contains(document.activeElement)) entry.control.show(text);
  if (message !== entry.message) entry.control.explain(message);
  if (hidden !== entry.hidden) root.hidden = hidden;
  Object.assign(entry, { text, message, hidden });
}

/**
 * The engine's message without the path, which the place of the control says.
 * @param {Problem} problem
 */
function sentence({ path, message }) {
  const words = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
