// The dialog "Your model": a config.json comes in, what is understood of it is shown, and it becomes the model of the settings.

import { askFits } from '../../app/asked_fits.js';
import { EngineClient, EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';
import { startWorker } from '../../engine/start_worker.js';
import { modelLine, ownModel } from '../../settings/catalogue.js';
import { shelve } from '../../shared/shelf.js';
import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/model.js';
import { CLOSE, NAME_NEEDED, notRead, sentence } from '../../words/yours.js';
import { labelled } from '../traffic/parts.js';
import { MAX_NAME } from './gpu_table.js';
import { keptPart } from './kept.js';
import { modelFiles, proposedName } from './model_files.js';
import { shownPart } from './model_shown.js';
import { dialogShell } from './shell.js';
import { sourcePart } from './source.js';
import { modelChoice, proposed } from './use.js';

/** @import {Model, ModelDescription} from '#engine' */
/** @import {DialogPage} from '../../app/dialogs.js' */
/** @import {OwnModel} from '../../settings/catalogue.js' */
/** @import {BroughtText} from '../../shared/types.d.ts' */
/** @import {ModelFiles} from './model_files.js' */

/** How the layers are counted. @typedef {'reference'|'by-kind'} Counting */

const { COUNTING, MODEL } = words;

/** Beyond this share the reference counts parameters otherwise than they are. */
const COUNTS_WRONGLY = 0.01;

export class ModelDialog {
  #page;

  #client = new EngineClient({ start: () => startWorker('dialogs_worker.js'), fatBytes: Infinity });

  #shell;

  #source;

  #shown = shownPart();

  #kept;

  /** @type {ModelFiles} */
  #files = { config: null, quant: null };

  /** @type {{model: OwnModel, description: ModelDescription}|null} */
  #read = null;

  /** Number of the newest reading. */
  #reading = 0;

  #name = element('input', { id: 'model-name', class: 'text', maxlength: MAX_NAME, autocomplete: 'off' });

  #nameError = element('p', { class: 'traffic-error', id: 'model-name-error', hidden: true });

  #reference = radio('reference', COUNTING.reference);

  #byKind = radio('by-kind', COUNTING.kind);

  #choice;

  #status = element('p', { class: 'traffic-problem', role: 'alert' });

  #form;

  /** @param {DialogPage} page */
  constructor(page) {
    this.#page = page;
    this.#shell = dialogShell({
      id: 'your-model',
      title: MODEL.title,
      close: CLOSE,
      kind: 'yours',
      onClose: () => this.#client.close(),
    });
    this.#source = sourcePart(this.#shell.root, {
      id: 'model',
      ...words.MODEL_SOURCE,
      onTexts: (texts) => this.#bring(texts),
    });
    this.#choice = element(
      'fieldset',
      { class: 'yours-choice' },
      element('legend', {}, MODEL.count),
      this.#reference.root,
      this.#byKind.root,
    );
    this.#name.addEventListener('change', () => this.#readAgain());
    this.#name.setAttribute('aria-describedby', 'model-name-error');
    this.#form = element(
      'form',
      { class: 'traffic-part yours-form', 'aria-labelledby': 'model-use-title', novalidate: true, hidden: true },
      element('h3', { id: 'model-use-title' }, MODEL.useTitle),
      labelled(MODEL.name, this.#name),
      this.#nameError,
      this.#choice,
      this.#status,
      element('button', { type: 'submit', class: 'primary', id: 'model-use' }, MODEL.use),
    );
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#kept = keptPart('models', {
      line: ({ model }) => modelLine(ownModel(model)),
      onUse: ({ model, counting }) => this.#put(model, counting),
      inUse: () => this.#page.store.state.config?.model.name ?? '',
    });
    this.#shell.body.append(this.#source.root, this.#shown.root, this.#form, this.#kept.root);
  }

  /** @param {BroughtText[]|null} brought */
  async open(brought) {
    this.#shell.open();
    this.#kept.render();
    if (brought !== null) await this.#bring(brought);
  }

  /** @param {BroughtText[]} texts */
  async #bring(texts) {
    const { config, quant } = modelFiles(texts, this.#files.config);
    if (config === null) {
      this.#source.say(MODEL.quantMissing);
      return;
    }
    const same = config === this.#files.config;
    const files = { config, quant };
    if (!(await this.#readFiles(files, same ? this.#name.value : proposedName(config)))) return;
    this.#shown.root.scrollIntoView({ block: 'nearest' });
  }

  /** Under another name other published counts may be known. */
  async #readAgain() {
    if (this.#files.config !== null && this.#name.value.trim() !== '')
      await this.#readFiles(this.#files, this.#name.value.trim());
  }

  /**
   * What cannot be read leaves what was read before.
   * @param {ModelFiles} files
   * @param {string} name
   * @returns {Promise<boolean>} whether it can be read
   */
  async #readFiles(files, name) {
    this.#reading += 1;
    const reading = this.#reading;
    const { config, quant } = files;
    try {
      const wanted = { name: name.slice(0, MAX_NAME), text: config?.text ?? '', quant: quant?.text ?? null };
      const { model, description } = await this.#client.ask('readModel', wanted);
      if (reading !== this.#reading) return false;
      const other = files.config !== this.#files.config;
      this.#files = files;
      this.#read = { model, description };
      this.#source.say('');
      this.#show(name, description, other);
      return true;
    } catch (error) {
      if (reading === this.#reading) this.#source.say(notRead(config?.name ?? '', reason(error)));
      return false;
    }
  }

  /** @param {string} name @param {ModelDescription} description @param {boolean} other whether it is another model */
  #show(name, description, other) {
    this.#shown.render(description);
    this.#form.hidden = false;
    if (other) this.#name.value = name.slice(0, MAX_NAME);
    const { accepts } = description.reference;
    this.#reference.input.disabled = !accepts;
    this.#choice.hidden = !accepts;
    if (other) (prefers(description) === 'by-kind' ? this.#byKind : this.#reference).input.checked = true;
    this.#explainName('');
    setWords(this.#status, '');
  }

  /** @param {string} problem */
  #explainName(problem) {
    setWords(this.#nameError, problem);
    this.#nameError.hidden = problem === '';
    this.#name.toggleAttribute('aria-invalid', problem !== '');
    if (problem !== '') this.#name.focus();
  }

  async #submit() {
    const name = this.#name.value.trim();
    if (name === '') {
      this.#explainName(NAME_NEEDED);
      return;
    }
    // A name that was typed last may not have been read yet.
    await this.#readAgain();
    if (this.#read === null) return;
    const { model } = this.#read;
    await this.#put({ ...model, title: name }, this.#reference.input.checked ? 'reference' : 'by-kind');
  }

  /**
   * @param {OwnModel} model
   * @param {Counting} counting
   */
  async #put(model, counting) {
    const { session, undo, pool, store } = this.#page;
    const { config, description } = store.state;
    if (config === null || description === null) return;
    setWords(this.#status, '');
    const facts = { ...ownModel(model), physics: counting === 'reference', layers: counting };
    try {
      const choice = await modelChoice(facts, model, config, description.catalog, (settings) =>
        askFits(pool, settings),
      );
      const { problems } = await proposed(pool, store.state, choice.values);
      const own = problems.filter(({ path }) => path.startsWith('model.own_models'));
      if (own.length > 0) {
        setWords(this.#status, sentence(own.map(({ message }) => message).join('; ')));
        return;
      }
      shelve('models', /** @type {any} */ ({ name: model.name, model, counting }));
      this.#shell.close();
      // What does not fit is said where the model is chosen, with the ways out.
      if (problems.length > 0) await session.editAll(choice.values);
      else
        undo.offer(words.usedModelWords(facts.title, choice), () => session.editAll(choice.values), this.#shell.opener);
    } catch (error) {
      setWords(this.#status, sentence(reason(error)));
    }
  }
}

/**
 * By kind where the reference refuses a model or counts it wrongly, or has no formulas for its layers.
 * @param {ModelDescription} description
 * @returns {Counting}
 */
export function prefers({ coverage, parameters, reference }) {
  const { accepts, parameters: counted } = reference;
  const wrong = typeof counted !== 'number' || Math.abs(counted / parameters - 1) > COUNTS_WRONGLY;
  return !accepts || wrong || coverage !== 'as in BLIS' ? 'by-kind' : 'reference';
}

/** @param {Counting} value @param {{label: string, note: string}} says */
function radio(value, { label, note }) {
  const input = element('input', { type: 'radio', name: 'model-count', id: `model-count-${value}`, value });
  const root = element(
    'label',
    { for: input.id, class: 'traffic-box' },
    input,
    element('span', {}, label, ' ', element('span', { class: 'note' }, note)),
  );
  return { root, input };
}

/** @param {unknown} error */
function reason(error) {
  if (error instanceof RefusedSettings || error instanceof EngineFailure || error instanceof Superseded)
    return error.message.replace(/^model\.config(\.|: )/, '');
  throw error;
}
