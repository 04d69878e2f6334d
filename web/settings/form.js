// The form, made from the engine's table of settings: four of them at first, a search, and the rest in folded sections.

import { element } from '../ui/dom.js';
import { DIALOG } from './controls/chooser.js';
import { DOOR, showFoundBy } from './controls/field.js';
import { sectionFold } from './controls/fold.js';
import { REMOVE_MEASURED } from './controls/latency.js';
import { hasControl, makeControl } from './controls/make.js';
import { isOfConversations } from './controls/pattern.js';
import { searchBox } from './controls/search_box.js';
import { workloadCard } from './controls/workload_card.js';
import { Fitting } from './fitting.js';
import { hiddenKeys } from './hidden.js';
import { SECTIONS, entriesOf, isChanged } from './layers.js';
import { missingRemarks } from './missing.js';
import { alwaysSo, find } from './names.js';
import { problemWords } from './problem_words.js';
import { textOf } from './settings.js';

/** @import {Dialogs} from '../app/dialogs.js' */
/** @import {State} from '../app/state.js' */
/** @import {Description, Pair, Setting} from '../shared/types.d.ts' */
/** @import {Control, OnEdit} from './controls/field.js' */
/** @import {Name} from './names.js' */

/**
 * A control and what it shows: on a slider's way most of them have nothing to change.
 * @typedef {object} Entry
 * @property {Setting} setting
 * @property {Control} control
 * @property {string|null} text
 * @property {string|null} message
 * @property {boolean|null} hidden
 */

/** @typedef {ReturnType<typeof sectionFold> & {entries: Entry[]}} Section */

/**
 * @typedef {object} Actions
 * @property {(values: Pair[]) => void} onDoor
 * @property {() => void} onRemove takes a workload out that was brought in
 * @property {(name: keyof Dialogs, given: any) => void} onDialog
 * @property {() => void} onRemoveMeasured
 * @property {(unfit: boolean) => void} onUnfit hears whether a field that is no setting's own holds what cannot be taken
 */

/** A search: what it has found by key, and which sections were open before it. */
/** @typedef {{query: string, found: Map<string, Name>, open: Map<Section, boolean>}} Search */

export class Form {
  /** @type {Entry[]} */
  #entries;

  #description;

  #card;

  #fitting;

  #first;

  #box;

  /** @type {Section[]} */
  #sections;

  /** @type {Search|null} */
  #search = null;

  /** What is shown. @type {Readonly<State>|null} */
  #state = null;

  /**
   * @param {HTMLElement} parent
   * @param {Description} description
   * @param {OnEdit} onEdit
   * @param {Actions} actions
   */
  constructor(parent, description, onEdit, { onDoor, onRemove, onDialog, onRemoveMeasured, onUnfit }) {
    this.#description = description;
    const spec = description.schema.find(({ path }) => path === 'workload.spec')?.key ?? '';
    this.#card = workloadCard({
      onRemove,
      onTraffic: () => onDialog('traffic', null),
      onPattern: (specification) => onDoor([[spec, specification]]),
      onUnfit,
    });
    this.#box = searchBox(
      (query) => this.#look(query),
      () => this.#enter(),
    );
    parent.addEventListener(DOOR, (event) => onDoor(/** @type {CustomEvent<Pair[]>} */ (event).detail));
    parent.addEventListener(DIALOG, (event) => onDialog(.../** @type {CustomEvent<[any, any]>} */ (event).detail));
    parent.addEventListener(REMOVE_MEASURED, onRemoveMeasured);
    parent.addEventListener('keydown', (event) => this.#onKey(event));
    this.#entries = description.schema.filter(hasControl).map((setting) => ({
      setting,
      control: makeControl(setting, description, onEdit),
      text: null,
      message: null,
      hidden: null,
    }));
    this.#fitting = new Fitting(this.#entries, description.catalog);
    const rootsOf = (/** @type {Entry[]} */ entries) => entries.map(({ control }) => control.root);
    const [instances, rate, ...others] = rootsOf(entriesOf(this.#entries, 'first'));
    // A workload that was brought in stands where the rate of the form's own requests was.
    const { root, none } = this.#card;
    this.#first = element('div', { class: 'first-settings' }, instances, root, rate, none, ...others);
    this.#sections = SECTIONS.map((name) => {
      const entries = entriesOf(this.#entries, name);
      return { ...sectionFold(name, rootsOf(entries)), entries };
    });
    parent.replaceChildren(this.#first, this.#box.root, ...this.#sections.map(({ root }) => root));
  }

  /**
   * Shows the settings of a state: values, what was not accepted and why, and only what has an effect.
   * @param {Readonly<State>} state
   */
  render(state) {
    if (state.config === null) return;
    this.#state = state;
    const { pairs, withoutEffect, drafts, problems, hide } = state;
    const hidden = hiddenKeys(hide, this.#description.schema);
    const accepted = new Map(pairs);
    for (const entry of this.#entries) {
      const { setting } = entry;
      const problem = problems.find(({ key }) => key === setting.key);
      const idle = !problem && !drafts.has(setting.key) && withoutEffect.includes(setting.key);
      const other = this.#search !== null && !this.#search.found.has(setting.key);
      const away = idle || ((hidden.has(setting.key) || other) && !problem);
      const text = drafts.get(setting.key) ?? textOf(setting, accepted);
      entry.control.follow?.(text, state);
      show(entry, text, problem ? problemWords(problem, setting, text, this.#description) : null, away);
    }
    // Beside nothing else there is nothing to bring traffic in for, as in a link that hides the settings.
    const query = this.#search?.query ?? null;
    const isAway = (/** @type {Entry} */ entry) => (query === null ? entry.hidden : hidden.has(entry.setting.key));
    const alone = state.imported === null && entriesOf(this.#entries, 'first').every(isAway);
    this.#card.render(state, alone || (query !== null && !isOfConversations(query)));
    this.#fitting.show(state, accepted);
    this.#showSections(accepted, withoutEffect);
    this.#tellFound(state, hidden);
  }

  /**
   * No heading stands over nothing, what is wrong is not folded away, and a search opens what it has found.
   * @param {Map<string, string>} accepted
   * @param {readonly string[]} withoutEffect
   */
  #showSections(accepted, withoutEffect) {
    for (const section of this.#sections) {
      const { root, entries } = section;
      root.hidden = entries.every(({ hidden }) => hidden);
      if (this.#search !== null) root.open = true;
      if (entries.some(({ message }) => message !== null)) this.#search?.open.set(section, true);
      const changed = entries.filter(
        ({ setting }) => !withoutEffect.includes(setting.key) && isChanged(setting, textOf(setting, accepted)),
      );
      section.showChanged(changed.map(({ setting }) => setting.label));
    }
    for (const { control, message } of this.#entries) if (message !== null) unfold(control.root);
    const { root: card, none } = this.#card;
    this.#first.hidden = card.hidden && none.hidden && entriesOf(this.#entries, 'first').every(({ hidden }) => hidden);
    this.#box.root.hidden = this.#search === null && this.#sections.every(({ root }) => root.hidden);
  }

  /**
   * Shows only the settings that are called so; all of them for an empty query.
   * @param {string} query
   */
  #look(query) {
    const { schema, catalog } = this.#description;
    const before = this.#search;
    if (query === '') {
      this.#search = null;
      for (const [{ root }, open] of before?.open ?? []) root.open = open;
      this.#box.root.before(this.#first);
    } else {
      const open = before?.open ?? new Map(this.#sections.map((section) => [section, section.root.open]));
      this.#search = { query, open, found: find(query, schema, catalog) };
      // All that is found stands below the box, which so has one place while something is typed.
      if (before === null) this.#box.root.after(this.#first);
    }
    for (const { setting, control } of this.#entries)
      showFoundBy(control.root, this.#search?.found.get(setting.key) ?? null);
    if (this.#state !== null) this.render(this.#state);
    if (before === null && this.#search !== null) this.#box.root.scrollIntoView({ block: 'nearest' });
  }

  /**
   * @param {Readonly<State>} state
   * @param {Set<string>} hidden keys of settings that the link hides
   */
  #tellFound({ pairs }, hidden) {
    if (this.#search === null) {
      this.#box.tell(null);
      return;
    }
    const { query, found } = this.#search;
    const { schema } = this.#description;
    const shown = this.#found;
    const missing = schema.filter(({ key }) => found.has(key) && !shown.some(({ setting }) => setting.key === key));
    const remarks = missingRemarks(missing, { accepted: new Map(pairs), hidden, schema });
    const cards = Number(!this.#card.root.hidden || !this.#card.none.hidden);
    this.#box.tell({ shown: shown.length + cards, missing: missing.length, remarks: [...alwaysSo(query), ...remarks] });
  }

  /** What a search has found and shows, in the order of the form. */
  get #found() {
    const inOrder = [...entriesOf(this.#entries, 'first'), ...this.#sections.flatMap(({ entries }) => entries)];
    return inOrder.filter(({ setting, hidden }) => !hidden && this.#search?.found.has(setting.key));
  }

  /**
   * Escape ends a search, in its box and in what it has found; a menu closes its list by it.
   * @param {KeyboardEvent} event
   */
  #onKey(event) {
    if (event.key !== 'Escape' || this.#search === null || event.target instanceof HTMLSelectElement) return;
    // It has been answered: nothing around the form is closed as well.
    event.preventDefault();
    event.stopPropagation();
    this.#box.clear();
  }

  /** Goes to the first setting that was found, or to the conversations. */
  #enter() {
    /** @type {HTMLElement|null|undefined} */
    const input = this.#found[0]?.control.root.querySelector('.row :is(input, select, .chooser)');
    (input ?? this.#card.firstField())?.focus();
  }

  /** The button that brings traffic in. */
  get traffic() {
    return this.#card.bring;
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
 * Opens whatever an element is folded into, the form itself included.
 * @param {HTMLElement} root
 */
function unfold(root) {
  for (let fold = root.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
    fold.open = true;
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
