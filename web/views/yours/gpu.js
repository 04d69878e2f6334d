// The dialog "Your GPU": a form that begins with a GPU of the catalogue, or a table of JSON that fills it in.

import { BORROWED } from '../../words/catalogue.js';
import { called, gpuFacts, gpuLine, ownGpus } from '../../settings/catalogue.js';
import { askFits } from '../../app/asked_fits.js';
import { shelve, shelved } from '../../shared/shelf.js';
import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/yours.js';
import { labelled, select } from '../traffic/parts.js';
import { FIGURES, figureOf, MAX_NAME, readGpus, UnreadableTable } from './gpu_table.js';
import { keptPart } from './kept.js';
import { dialogShell } from './shell.js';
import { sourcePart } from './source.js';
import { gpuValues, proposed, roomFor } from './use.js';

/** @import {DialogPage} from '../../app/dialogs.js' */
/** @import {OwnGpu} from '../../settings/catalogue.js' */
/** @import {BroughtText, Problem} from '../../shared/types.d.ts' */

const { GPU } = words;

export class GpuDialog {
  #page;

  #shell;

  #source;

  #kept;

  /** The GPU that the form began with. @type {OwnGpu|null} */
  #base = null;

  /** GPUs of a table with several. @type {(Partial<OwnGpu> & {name: string})[]} */
  #read = [];

  #start = element('div', {});

  #name = element('input', { id: 'gpu-name', class: 'text', maxlength: MAX_NAME, autocomplete: 'off' });

  #fields;

  #nameError = element('p', { class: 'traffic-error', id: 'gpu-name-error', hidden: true });

  #shares = element('p', { class: 'note' });

  #status = element('p', { class: 'traffic-problem', role: 'alert' });

  /** @param {DialogPage} page */
  constructor(page) {
    this.#page = page;
    this.#shell = dialogShell({ id: 'your-gpu', title: GPU.title, close: words.CLOSE, kind: 'yours' });
    this.#source = sourcePart(this.#shell.root, {
      id: 'gpu',
      ...words.GPU_SOURCE,
      onTexts: (texts) => this.#readTexts(texts),
    });
    this.#fields = FIGURES.map((figure) => {
      const input = element('input', {
        id: `gpu-${figure.id}`,
        class: 'number',
        inputmode: 'decimal',
        autocomplete: 'off',
      });
      const { label, unit } = words.GPU_FIGURES[figure.id];
      const error = element('p', { class: 'traffic-error', id: `gpu-${figure.id}-error`, hidden: true });
      input.setAttribute('aria-describedby', error.id);
      const root = element(
        'div',
        { class: 'yours-figure' },
        element('label', { for: input.id }, label, element('span', { class: 'unit' }, ` ${unit}`)),
        input,
        error,
      );
      return { figure, input, error, root };
    });
    this.#kept = keptPart('gpus', {
      line: (gpu) => gpuLine(gpuFacts(gpu, true)),
      onUse: (gpu) => this.#put(gpu),
      inUse: () => this.#page.store.state.config?.model.hardware ?? '',
    });
    const use = element('button', { type: 'submit', class: 'primary', id: 'gpu-use' }, GPU.use);
    const form = element(
      'form',
      { class: 'traffic-part yours-form', 'aria-labelledby': 'gpu-form-title', novalidate: true },
      element('h3', { id: 'gpu-form-title' }, GPU.figures),
      this.#start,
      labelled(GPU.name, this.#name),
      this.#nameError,
      element('div', { class: 'yours-figures' }, ...this.#fields.map(({ root }) => root)),
      this.#shares,
      element('p', { class: 'note' }, GPU.dense),
      this.#status,
      use,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#shell.body.append(this.#source.root, form, this.#kept.root);
  }

  /** @param {BroughtText[]|null} brought */
  async open(brought) {
    const { config, description } = this.#page.store.state;
    if (config === null || description === null) return;
    this.#shell.open();
    this.#kept.render();
    this.#say('');
    if (brought !== null) this.#readTexts(brought);
    else this.#begin(called(config.model.hardware ?? '', this.#all) ?? this.#all[0]);
  }

  /** The GPUs that one can begin with: the user's own, then those of the catalogue. @returns {OwnGpu[]} */
  get #all() {
    const { config, description } = this.#page.store.state;
    const bundled = (description?.catalog.gpus ?? []).map(({ figures }) => /** @type {OwnGpu} */ (figures));
    const own = [...ownGpus(config), ...shelved('gpus')];
    const each = new Map([...own, ...bundled].reverse().map((gpu) => [gpu.name, gpu]));
    return [...each.values()].reverse();
  }

  /** @param {OwnGpu} gpu whose figures the form begins with */
  #begin(gpu) {
    const { description } = this.#page.store.state;
    const bundled = called(gpu.name, description?.catalog.gpus ?? []) !== undefined;
    this.#base = gpu;
    this.#fill(gpu, bundled ? words.copyName(gpu.name) : gpu.name);
    const options = Object.fromEntries(this.#all.map(({ name, title }) => [name, title || name]));
    const start = select('gpu-start', options, gpu.name, (name) => {
      const chosen = this.#all.find((each) => each.name === name);
      if (chosen) this.#begin(chosen);
      document.getElementById('gpu-start')?.focus();
    });
    this.#start.replaceChildren(labelled(GPU.start, start));
  }

  /** @param {Partial<OwnGpu>} gpu @param {string} name */
  #fill(gpu, name) {
    this.#name.value = name.slice(0, MAX_NAME);
    for (const { figure, input } of this.#fields) {
      const value = gpu[figure.key];
      // None is 0 for a rate, and null for a price.
      input.value = value === null || value === undefined || (figure.optional && value === 0) ? '' : String(value);
    }
    setWords(this.#shares, this.#base?.calibrated ? words.borrowedFrom(this.#base.name) : words.sentence(BORROWED));
    this.#explain(new Map());
    this.#say('');
  }

  /** @param {BroughtText[]} texts */
  #readTexts([{ name, text }]) {
    try {
      this.#read = readGpus(text);
    } catch (error) {
      if (!(error instanceof UnreadableTable)) throw error;
      this.#source.say(words.notRead(name, error.message));
      if (this.#base === null) this.#begin(this.#all[0]);
      return;
    }
    this.#source.say('');
    const options = Object.fromEntries(this.#read.map((gpu, i) => [String(i), gpu.name || GPU.unnamed]));
    const show = (/** @type {number} */ at) => {
      const gpu = this.#read[at];
      // What a table leaves out is as in the GPU that is nearest: shares of the peak are seldom given.
      this.#base = this.#nearest(gpu);
      const given = Object.fromEntries(Object.entries(gpu).filter(([, value]) => value !== null));
      const { mfuPrefill, mfuDecode } = this.#base;
      this.#fill({ mfuPrefill, mfuDecode, ...given }, gpu.name);
    };
    this.#start.replaceChildren(
      this.#read.length > 1
        ? labelled(
            GPU.which,
            select('gpu-which', options, '0', (at) => show(Number(at))),
          )
        : '',
    );
    show(0);
    this.#name.focus();
  }

  /** The calibrated GPU whose ratio of rate to bandwidth is most like this one's. @param {Partial<OwnGpu>} gpu @returns {OwnGpu} */
  #nearest({ TFlopsPeak: rate = 1, BwPeakTBs: bandwidth = 1 }) {
    const ratio = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(Math.log(a / b));
    const far = (/** @type {OwnGpu} */ each) => ratio(each.TFlopsPeak, rate) + ratio(each.BwPeakTBs, bandwidth);
    const calibrated = this.#all.filter((each) => each.calibrated);
    return calibrated.reduce((best, each) => (far(each) < far(best) ? each : best), calibrated[0] ?? this.#all[0]);
  }

  /** @param {Map<string, string>} problems by id of the figure, or `name` */
  #explain(problems) {
    const show = (/** @type {HTMLElement} */ error, /** @type {HTMLElement} */ input, /** @type {string} */ id) => {
      const problem = problems.get(id);
      error.hidden = problem === undefined;
      setWords(error, problem ?? '');
      if (problem === undefined) input.removeAttribute('aria-invalid');
      else input.setAttribute('aria-invalid', 'true');
    };
    show(this.#nameError, this.#name, 'name');
    for (const { figure, input, error } of this.#fields) show(error, input, figure.id);
    const first = this.#fields.find(({ figure }) => problems.has(figure.id))?.input;
    if (problems.has('name')) this.#name.focus();
    else first?.focus();
  }

  /** @param {string} text */
  #say(text) {
    setWords(this.#status, text);
  }

  async #submit() {
    const base = this.#base;
    const name = this.#name.value.trim();
    const problems = new Map(name === '' ? [['name', words.NAME_NEEDED]] : []);
    const figures = this.#fields.map(({ figure, input }) => {
      const value = figureOf(input.value, figure.optional);
      if (Number.isNaN(value)) problems.set(figure.id, words.numberNeeded(figure.optional));
      return [figure.key, value ?? (figure.key === 'priceUsdPerHour' ? null : 0)];
    });
    this.#explain(problems);
    if (problems.size > 0 || base === null) return;
    /** @type {OwnGpu} */
    const gpu = {
      ...base,
      ...Object.fromEntries(figures),
      name,
      title: name,
      calibrated: false,
      source: words.GPU_FIGURES_SOURCE,
      priceSource: words.GPU_FIGURES_SOURCE,
      note: '',
    };
    await this.#put(gpu);
  }

  /** @param {OwnGpu} gpu becomes the one that is served on */
  async #put(gpu) {
    const { session, undo, pool, store } = this.#page;
    const { config } = store.state;
    if (config === null) return;
    try {
      const values = await roomFor(gpu, gpuValues(gpu.name, gpu, config), config, (settings) =>
        askFits(pool, settings),
      );
      const { problems } = await proposed(pool, store.state, values);
      const own = problems.filter(({ path }) => path.startsWith('model.own_gpus'));
      if (own.length > 0) {
        this.#explain(new Map(own.map((problem) => [placeOf(problem), words.expectedWords(problem)])));
        this.#say(
          own
            .filter((problem) => placeOf(problem) === '')
            .map(({ message }) => message)
            .join('; '),
        );
        return;
      }
      shelve('gpus', gpu);
      this.#shell.close();
      // What does not fit is said where the GPU is chosen, with the ways out.
      if (problems.length > 0) await session.editAll(values);
      else undo.offer(words.gpuUsed(gpu.name), () => session.editAll(values), this.#shell.opener);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
  }
}

/** The figure that a problem is about; empty if it is about none. @param {Problem} problem */
function placeOf({ path }) {
  const key = path.split('.').at(-1);
  return key === 'name' ? 'name' : (FIGURES.find((figure) => figure.key === key)?.id ?? '');
}
