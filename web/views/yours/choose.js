// The dialog in which a model or a GPU is chosen: what is typed narrows the list, arrows go through it, Enter takes one.

import {
  gpuLine,
  gpusOf,
  modelLine,
  modelsOf,
  ownGpus,
  ownModel,
  ownModels,
  gpuFacts,
  called,
} from '../../settings/catalogue.js';
import { reasonAgainst } from '../../settings/fits.js';
import { askFits } from '../../app/asked_fits.js';
import { shelved } from '../../shared/shelf.js';
import { NO_DEFAULT_GPU } from '../../words/settings.js';
import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/catalogue.js';
import { matches, searchedGpu, searchedModel } from './search.js';
import { dialogShell } from './shell.js';
import { gpuValues, modelChoice } from './use.js';

/** @import {OwnModel} from '../../settings/catalogue.js' */
/** @import {DialogPage} from '../../app/dialogs.js' */
/** @import {Fit} from '../../shared/types.d.ts' */
/** @import {Searched} from './search.js' */

/**
 * One that can be chosen.
 * @typedef {object} Item
 * @property {string} value
 * @property {string} title
 * @property {string} line
 * @property {string} remark what is to be known before it is chosen; empty for nothing
 * @property {string} group
 * @property {Searched} searched
 * @property {() => Promise<void>|void} take
 * @property {(fits: {now: Fit[], roofline: Fit[]}) => string|null} reason why it cannot be served as things stand
 */

const { CHOOSE } = words;

export class ChooseDialog {
  #page;

  /** @type {'model'|'gpu'} */
  #what = 'model';

  /** @type {{item: Item, option: HTMLElement, remark: HTMLElement}[]} */
  #entries = [];

  /** The option that Enter takes. @type {HTMLElement|null} */
  #active = null;

  #shell;

  #input = element('input', {
    type: 'text',
    id: 'choose-search',
    class: 'text',
    role: 'combobox',
    'aria-expanded': 'true',
    'aria-controls': 'choose-list',
    'aria-autocomplete': 'list',
    'aria-describedby': 'choose-hint',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'done',
  });

  #label = element('label', { for: 'choose-search' });

  #hint = element('p', { class: 'note', id: 'choose-hint' });

  #status = element('p', { class: 'visually-hidden', role: 'status' });

  #none = element('p', { class: 'choose-none' });

  #list = element('div', { role: 'listbox', id: 'choose-list', class: 'choose-list' });

  #own = element('button', { type: 'button', 'aria-haspopup': 'dialog' });

  /** @param {DialogPage} page */
  constructor(page) {
    this.#page = page;
    this.#shell = dialogShell({ id: 'choose', title: '', close: CHOOSE.close, kind: 'choose' });
    this.#shell.body.append(
      element('div', { class: 'choose-head' }, this.#label, this.#input, this.#hint),
      this.#status,
      this.#none,
      this.#list,
      element('div', { class: 'choose-foot' }, this.#own),
    );
    this.#input.addEventListener('input', () => this.#filter());
    this.#input.addEventListener('keydown', (event) => this.#onKey(event));
    this.#list.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest('[role=option]') : null;
      const entry = this.#entries.find((each) => each.option === option);
      if (entry) this.#take(entry.item);
    });
    this.#own.addEventListener('click', () => {
      this.#shell.close();
      this.#page.dialogs[this.#what](null);
    });
  }

  /** @param {'model'|'gpu'} what */
  async open(what) {
    const { config, description } = this.#page.store.state;
    if (config === null || description === null) return;
    this.#what = what;
    setWords(this.#shell.heading, CHOOSE[what].title);
    setWords(this.#label, CHOOSE[what].search);
    setWords(this.#hint, CHOOSE.hint[what]);
    setWords(this.#own, CHOOSE[what].own);
    this.#list.setAttribute('aria-label', CHOOSE.list[what]);
    this.#input.value = '';
    this.#build(what === 'model' ? this.#models() : this.#gpus());
    this.#shell.open();
    this.#input.focus();
    this.#filter();
    const chosen = this.#list.querySelector('[aria-selected=true]');
    if (chosen instanceof HTMLElement) this.#activate(chosen, 'center');
    await this.#mark();
  }

  /** What there is of the state by now. */
  get #present() {
    const { config, description, drafts } = this.#page.store.state;
    if (config === null || description === null) throw new Error('there are no settings yet');
    return { config, catalog: description.catalog, drafts };
  }

  /** @returns {Item[]} */
  #models() {
    const { config, catalog } = this.#present;
    const now = ownModels(config);
    const layers =
      config.model.layers === 'by-kind' ? /** @type {const} */ ('by-kind') : /** @type {const} */ ('reference');
    /** @type {{model: OwnModel, counting: 'reference'|'by-kind'}[]} */
    const kept = shelved('models').filter(({ name }) => called(name, now) === undefined);
    const own = [...now.map((model) => ({ model, counting: layers })), ...kept];
    const mine = own.map(({ model, counting }) => ({ facts: { ...ownModel(model), layers: counting }, model }));
    const bundled = modelsOf(null, catalog).filter(
      ({ name }) =>
        called(
          name,
          mine.map(({ model }) => model),
        ) === undefined,
    );
    const inOrder = [...bundled].sort((left, right) => Number(right.inBlis) - Number(left.inBlis));
    return [...mine, ...inOrder.map((facts) => ({ facts, model: null }))].map(({ facts, model }) => {
      const inBlis = facts.layers ? facts.layers === 'reference' : facts.inBlis;
      const label = words.labelWords(inBlis);
      return {
        value: facts.name,
        title: facts.title,
        line: modelLine(facts),
        remark: facts.own ? label : '',
        group: facts.own ? CHOOSE.groups.own : inBlis ? CHOOSE.groups.blis : CHOOSE.groups.others,
        searched: searchedModel(facts, label),
        take: () => this.#takeModel(facts, model),
        reason: ({ now: fits, roofline }) => {
          const reason = reasonAgainst(facts.physics && inBlis ? fits : roofline, {
            ...this.#choice,
            model: facts.name,
          });
          return reason === NO_DEFAULT_GPU ? null : reason;
        },
      };
    });
  }

  /** @returns {Item[]} */
  #gpus() {
    const { config, catalog } = this.#present;
    const model = called(config.model.name, modelsOf(config, catalog));
    const kept = shelved('gpus').filter(({ name }) => called(name, [...ownGpus(config)]) === undefined);
    const own = [...ownGpus(config), ...kept];
    const all = [...kept.map((gpu) => gpuFacts(gpu, true)), ...gpusOf(config, catalog)];
    const items = all.map((gpu) => {
      const { name, title } = gpu;
      const line = `${gpuLine(gpu)} · ${words.rateWords(gpu)}`;
      return {
        value: name,
        title: title === name ? title : `${name} · ${title}`,
        line,
        remark: gpu.own && !gpu.calibrated ? words.BORROWED : '',
        group: gpu.own ? CHOOSE.groups.own : gpu.inBlis ? CHOOSE.groups.bundled : CHOOSE.groups.more,
        searched: searchedGpu(gpu, line),
        take: () => this.#takeGpu(name, gpu.own ? own.find((each) => each.name === name) : null),
        reason: (/** @type {{now: Fit[]}} */ { now }) => reasonAgainst(now, { ...this.#choice, gpu: name }),
      };
    });
    const { hardware = null, tp = null } = model ?? {};
    if (hardware === null) return items;
    const automatic = {
      value: '',
      title: words.AUTOMATIC_GPU,
      line: words.automaticWords(hardware, tp),
      remark: '',
      group: '',
      searched: { text: words.AUTOMATIC_GPU.toLowerCase(), sizes: [], length: null },
      take: () => this.#takeGpu('', null),
      reason: (/** @type {{now: Fit[]}} */ { now }) => reasonAgainst(now, { ...this.#choice, gpu: '' }),
    };
    return [automatic, ...items];
  }

  /** The choice as the controls have it. */
  get #choice() {
    const { config, drafts } = this.#present;
    const { name, hardware, tp } = config.model;
    return {
      model: drafts.get('model') ?? name,
      gpu: drafts.get('gpu') ?? hardware ?? '',
      tp: drafts.get('tp') ?? (tp === null || tp === undefined ? '' : String(tp)),
    };
  }

  /** @param {Item[]} items */
  #build(items) {
    const { model, gpu } = this.#choice;
    const now = this.#what === 'model' ? model : gpu;
    this.#active = null;
    this.#entries = items.map((item, i) => {
      const remark = element('span', { class: 'choose-remark' }, item.remark);
      const chosen = item.value === now;
      const option = element(
        'div',
        { role: 'option', id: `choose-${i}`, class: 'choose-option', 'aria-selected': String(chosen) },
        element(
          'span',
          { class: 'choose-title' },
          item.title,
          chosen ? element('span', { class: 'choose-now' }, CHOOSE.chosen) : null,
        ),
        element('span', { class: 'choose-line' }, item.line),
        remark,
      );
      return { item, option, remark };
    });
    const groups = [...new Set(items.map(({ group }) => group))];
    this.#list.replaceChildren(
      ...groups.map((group, i) => {
        const options = this.#entries.filter(({ item }) => item.group === group).map(({ option }) => option);
        const heading = element('div', { class: 'choose-group', id: `choose-group-${i}` }, group);
        heading.hidden = group === '';
        return element('div', { role: 'group', 'aria-labelledby': group && `choose-group-${i}` }, heading, ...options);
      }),
    );
  }

  /** Says of each what stands against it, once the engine has told. */
  async #mark() {
    const { config } = this.#present;
    const entries = this.#entries;
    const { model: name, gpu } = this.#choice;
    const ask = (/** @type {'roofline'|'trained-physics'} */ latency) => {
      const model = { ...config.model, name, hardware: gpu || null, tp: null, latency_model: latency };
      return askFits(this.#page.pool, { model, memory: config.memory });
    };
    const { latency_model: latency } = config.model;
    const now = await ask(latency);
    const roofline = latency === 'roofline' || this.#what === 'gpu' ? now : await ask('roofline');
    if (entries !== this.#entries) return;
    for (const { item, remark } of entries) {
      const reason = item.reason({ now, roofline });
      setWords(remark, words.joined([item.remark, reason ?? '']));
      remark.classList.toggle('choose-against', reason !== null);
    }
  }

  /** Shows what is meant by what is typed. */
  #filter() {
    const query = this.#input.value.trim();
    let found = 0;
    for (const { item, option } of this.#entries) {
      option.hidden = !matches(query, item.searched);
      if (!option.hidden) found += 1;
    }
    for (const group of this.#list.children)
      if (group instanceof HTMLElement) group.hidden = group.querySelector('.choose-option:not([hidden])') === null;
    setWords(this.#none, found === 0 ? words.noneFound(query, this.#what) : '');
    setWords(this.#status, query === '' ? '' : words.foundWords(found, this.#what));
    this.#activate(query === '' ? null : (this.#shown[0] ?? null));
    if (query !== '') this.#list.scrollTop = 0;
  }

  get #shown() {
    return this.#entries.map(({ option }) => option).filter(({ hidden }) => !hidden);
  }

  /**
   * @param {HTMLElement|null} option
   * @param {ScrollLogicalPosition} [block]
   */
  #activate(option, block = 'nearest') {
    this.#active?.classList.remove('active');
    this.#active = option;
    option?.classList.add('active');
    if (option) this.#input.setAttribute('aria-activedescendant', option.id);
    else this.#input.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const shown = this.#shown;
    const at = this.#active === null ? -1 : shown.indexOf(this.#active);
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 });
    const step = steps[event.key];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      const next = at < 0 && step < 0 ? shown.length - 1 : at + step;
      // Round the ends by one step, to the ends by more.
      const last = shown.length - 1;
      const clipped = Math.min(Math.max(next, 0), last);
      const to = Math.abs(step) === 1 ? (next + shown.length) % shown.length : clipped;
      this.#activate(shown[to]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const entry = this.#entries.find(({ option }) => option === this.#active);
      if (entry) this.#take(entry.item);
    }
  }

  /** @param {Item} item */
  async #take(item) {
    this.#shell.close();
    try {
      await item.take();
    } catch (error) {
      this.#page.session.report(error);
    }
  }

  /**
   * @param {import('../../settings/catalogue.js').ModelFacts} facts
   * @param {import('../../settings/catalogue.js').OwnModel|null|undefined} own
   */
  async #takeModel(facts, own = null) {
    const { config, catalog } = this.#present;
    const { session, pool, undo } = this.#page;
    const choice = await modelChoice(facts, own, config, catalog, (settings) => askFits(pool, settings));
    const { values, roofline, gpu, fits } = choice;
    const more = roofline || gpu !== '';
    if (fits && more)
      undo.offer(words.chosenWords(facts.title, choice), () => session.editAll(values), this.#shell.opener);
    else await session.editAll(values);
  }

  /**
   * @param {string} name
   * @param {import('../../settings/catalogue.js').OwnGpu|null|undefined} own
   */
  async #takeGpu(name, own = null) {
    await this.#page.session.editAll(gpuValues(name, own, this.#present.config));
  }
}
