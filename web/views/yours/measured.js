// The dialog "Your measurements": results of a benchmark come in, the latency model is fitted to them, and becomes that of the
// settings.

import { EngineClient, EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';
import { startWorker } from '../../engine/start_worker.js';
import { runWords } from '../../settings/simulated.js';
import { shelve } from '../../shared/shelf.js';
import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/measured.js';
import { sentence } from '../../words/yours.js';
import { labelled } from '../traffic/parts.js';
import { MAX_NAME } from './gpu_table.js';
import { keptPart } from './kept.js';
import { resultPart } from './measured_result.js';
import { rowsPart } from './measured_rows.js';
import { dialogShell } from './shell.js';
import { sourcePart } from './source.js';
import { typedTable } from './typed_table.js';
import { proposed } from './use.js';

/** @import {FittedLatency, Measurements, MeasuredLatency} from '#engine' */
/** @import {DialogPage} from '../../app/dialogs.js' */
/** @import {BroughtBytes, Pair} from '../../shared/types.d.ts' */

const { MEASURE, TYPED } = words;

export class MeasuredDialog {
  #page;

  #client = new EngineClient({ start: () => startWorker('dialogs_worker.js'), fatBytes: Infinity });

  #shell;

  #source;

  #rows = rowsPart((options) => this.#read(this.#files, options));

  #result = resultPart(() => runWords(this.#page.store.state));

  #kept;

  /** @type {BroughtBytes[]} */
  #files = [];

  /** @type {Measurements|null} */
  #measurements = null;

  /** @type {FittedLatency|null} */
  #fitted = null;

  #about = element('p', { class: 'note' });

  #name = element('input', { id: 'measured-name', class: 'text', maxlength: MAX_NAME, autocomplete: 'off' });

  #fit = element('button', { type: 'submit', class: 'primary', id: 'measured-fit' }, MEASURE.fit);

  #cancel = element('button', { type: 'button' }, MEASURE.cancel);

  #bar = element('progress', { max: 1, 'aria-label': MEASURE.progress });

  #progress = element('p', { class: 'traffic-progress' });

  #way = element('div', { class: 'traffic-way', hidden: true }, this.#bar, this.#progress, this.#cancel);

  #status = element('p', { class: 'traffic-problem', role: 'alert' });

  #use = element('button', { type: 'button', class: 'primary', id: 'measured-use' }, MEASURE.use);

  #end = element('div', { class: 'traffic-part yours-end', hidden: true }, this.#use);

  #form;

  /** @param {DialogPage} page */
  constructor(page) {
    this.#page = page;
    this.#shell = dialogShell({
      id: 'your-measurements',
      title: MEASURE.title,
      close: MEASURE.close,
      kind: 'yours',
      onClose: () => this.#client.close(),
    });
    this.#source = sourcePart(this.#shell.root, {
      id: 'measured',
      ...words.MEASURE_SOURCE,
      onTexts: (texts) => this.#bring(texts),
    });
    this.#source.root.append(typedTable((text) => this.#bring([{ name: TYPED.name, text }])));
    this.#form = element(
      'form',
      { class: 'traffic-part yours-form', 'aria-labelledby': 'measured-fit-title', novalidate: true, hidden: true },
      element('h3', { id: 'measured-fit-title' }, MEASURE.fitTitle),
      this.#about,
      labelled(MEASURE.name, this.#name),
      this.#fit,
      this.#way,
      this.#status,
    );
    this.#kept = keptPart('measured', {
      line: words.keptLine,
      onUse: (measured) => this.#take(measured),
      inUse: () => this.#page.store.state.config?.model.measured?.name ?? '',
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#start();
    });
    this.#cancel.addEventListener('click', () => this.#client.cancel());
    this.#use.addEventListener('click', () => {
      if (this.#fitted)
        this.#take({ ...this.#fitted.measured, name: this.#name.value.trim() || this.#fitted.measured.name });
    });
    const { body } = this.#shell;
    body.append(this.#source.root, this.#rows.root, this.#form, this.#result.root, this.#end, this.#kept.root);
  }

  /** @param {BroughtBytes[]|null} brought */
  async open(brought) {
    this.#shell.open();
    this.#kept.render();
    setWords(this.#about, words.aboutWords(runWords(this.#page.store.state)[0] ?? ''));
    if (brought !== null) await this.#bring(brought);
  }

  /** @param {BroughtBytes[]} texts */
  async #bring(texts) {
    this.#files = texts.map(({ name, text }) => ({ name: name || TYPED.name, text }));
    this.#rows.forget();
    await this.#read(this.#files, {});
  }

  /**
   * @param {BroughtBytes[]} files
   * @param {{input_tokens?: number|null, output_tokens?: number|null}} options
   */
  async #read(files, options) {
    this.#client.cancel();
    this.#say('');
    try {
      this.#measurements = await this.#client.ask('readMeasurements', { files, options });
    } catch (error) {
      this.#source.say(reason(error));
      return;
    }
    this.#source.say('');
    this.#show(null);
    this.#rows.render(this.#measurements);
    this.#form.hidden = typeof this.#measurements?.problem === 'string';
    this.#rows.root.scrollIntoView({ block: 'nearest' });
  }

  async #start() {
    const { config } = this.#page.store.state;
    const measurements = this.#measurements;
    if (config === null || measurements === null || !this.#way.hidden) return;
    this.#say('');
    this.#way.hidden = false;
    this.#fit.setAttribute('aria-disabled', 'true');
    const onProgress = (/** @type {import('#engine').FitProgress} */ progress) => {
      this.#bar.value = progress.share;
      setWords(this.#progress, words.progressWords(/** @type {any} */ (progress)));
    };
    this.#bar.value = 0;
    setWords(this.#progress, '');
    try {
      // What was fitted before, and the requests of the settings, do not count.
      const bare = {
        ...config,
        model: { ...config.model, measured: null },
        workload: { ...config.workload, requests: null, spec: null },
      };
      const rows = measurements.rows.filter(({ problem }) => typeof problem !== 'string');
      const work = { config: bare, rows, name: this.#name.value.trim() };
      this.#show(await this.#client.askNewest('fitLatency', work, { onProgress }));
    } catch (error) {
      this.#say(error instanceof Superseded ? MEASURE.cancelled : words.failedWords(reason(error)));
    } finally {
      const focused = this.#way.contains(document.activeElement);
      this.#way.hidden = true;
      this.#fit.removeAttribute('aria-disabled');
      if (focused) this.#fit.focus();
    }
  }

  /** @param {FittedLatency|null} fitted */
  #show(fitted) {
    this.#fitted = fitted;
    this.#result.render(fitted);
    const some = fitted !== null && fitted.coefficients.some(({ determined }) => determined);
    this.#end.hidden = !some;
    setWords(this.#fit, fitted === null ? MEASURE.fit : MEASURE.again);
    if (fitted === null) return;
    if (this.#name.value.trim() === '') this.#name.value = (fitted.measured.name ?? '').slice(0, MAX_NAME);
    this.#result.root.scrollIntoView({ block: 'nearest' });
  }

  /** @param {MeasuredLatency} measured becomes the latency model of the settings */
  async #take(measured) {
    const { session, undo, pool, store } = this.#page;
    /** @type {Pair[]} */
    const values = [['measured', JSON.stringify(plain(measured))]];
    const latency = this.#fitted?.measured === measured ? this.#fitted.latency_model : latencyOf(measured);
    values.push(['latency', latency]);
    try {
      const { problems } = await proposed(pool, store.state, values);
      if (problems.length > 0) {
        this.#say(sentence(problems.map(({ message }) => message).join('; ')));
        return;
      }
      shelve('measured', plain(measured));
      this.#shell.close();
      undo.offer(words.usedWords(measured.name ?? ''), () => session.editAll(values), this.#shell.opener);
    } catch (error) {
      this.#say(sentence(reason(error)));
    }
  }

  /** @param {string} text */
  #say(text) {
    setWords(this.#status, text);
  }
}

/**
 * A map of coefficients as an object, as JSON has it.
 * @param {MeasuredLatency} measured
 * @returns {any}
 */
function plain({ name, note, coefficients }) {
  const all = coefficients instanceof Map ? Object.fromEntries(coefficients) : coefficients;
  return { name, note, coefficients: all };
}

/** The latency model that coefficients belong to: only one of them has betas. @param {MeasuredLatency} measured */
function latencyOf(measured) {
  const { coefficients } = plain(measured);
  return Object.keys(coefficients).some((name) => name.startsWith('beta')) ? 'trained-physics' : 'roofline';
}

/** @param {unknown} error */
function reason(error) {
  if (error instanceof RefusedSettings || error instanceof EngineFailure || error instanceof Superseded)
    return error.message;
  throw error;
}
