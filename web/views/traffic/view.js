// The dialog "Your traffic": a file of requests comes in, is shown with all that is odd about it, is cut and scaled, and becomes
// the workload.

import { EngineClient, EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';
import { startWorker } from '../../engine/start_worker.js';
import { cardName } from '../../settings/imported.js';
import { keptLists, noteList } from '../../shared/list_store.js';
import { namedList } from '../../shared/named_list.js';
import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/traffic.js';
import { countsPart, figuresPart } from './figures_part.js';
import { formatPart, questionsPart, tablePart } from './format_part.js';
import { keptPart } from './kept_part.js';
import { Reading } from './reading.js';
import { recipeOf } from '../../shared/recipe.js';
import { sourcePart } from './source_part.js';
import { stepsPart } from './steps_part.js';
import { usePart } from './use_part.js';
import { withRequests } from './workload.js';
import { placeOf } from './problems.js';

/** @import {DialogPage} from '../../app/dialogs.js' */
/** @import {Brought, Config, Serving} from '../../shared/types.d.ts' */
/** @import {KeptList} from '../../shared/list_store.js' */
/** @import {Known} from './format_part.js' */
/** @import {Recipe} from '../../shared/recipe.js' */

/**
 * @typedef {object} Parts
 * @property {ReturnType<typeof sourcePart>} source
 * @property {ReturnType<typeof formatPart>} format
 * @property {ReturnType<typeof tablePart>} table
 * @property {ReturnType<typeof questionsPart>} questions
 * @property {ReturnType<typeof countsPart>} counts
 * @property {ReturnType<typeof stepsPart>} steps
 * @property {ReturnType<typeof figuresPart>} figures
 * @property {ReturnType<typeof usePart>} use
 * @property {ReturnType<typeof keptPart>} kept
 */

const { TRAFFIC } = words;

/** Formats that hold what a benchmark has measured. */
const BENCHMARKS = ['vllm-bench', 'guidellm', 'aiperf'];

export class TrafficDialog {
  #page;

  /** @type {Brought|null} */
  #brought = null;

  #measured = element('p', { class: 'traffic-part', hidden: true });

  #step;

  #bring;

  #client = new EngineClient({ start: () => startWorker('dialogs_worker.js'), fatBytes: Infinity });

  #reading;

  /** What the present settings can hold; null while that is not known. @type {Serving|null} */
  #serving = null;

  /** How the list in use was made, until a file is chosen. @type {Recipe|null} */
  #recipe = null;

  /** @type {HTMLDialogElement} */
  #dialog;

  /** @type {HTMLElement|null} */
  #opener = null;

  /** Made once the importer has told what it knows. @type {Parts|null} */
  #parts = null;

  #status = element('p', { class: 'traffic-status', role: 'status' });

  #body = element('div', { class: 'traffic-body' });

  /** @param {Omit<DialogPage, 'undo'>} page */
  constructor(page) {
    this.#page = page;
    this.#step = page.onStep;
    this.#bring = page.onBring;
    this.#reading = new Reading(
      this.#client,
      () => this.#render(),
      () => this.#serving?.max_model_len ?? 0,
    );
    const fit = element('button', { type: 'button', 'aria-haspopup': 'dialog' }, TRAFFIC.measured);
    fit.addEventListener('click', () => this.#fit());
    this.#measured.append(fit, ' ', element('span', { class: 'note' }, TRAFFIC.measuredNote));
    const close = element('button', { type: 'button', class: 'quiet traffic-close', 'aria-label': TRAFFIC.close }, '×');
    close.addEventListener('click', () => this.#dialog.close());
    this.#dialog = element(
      'dialog',
      { class: 'traffic', id: 'traffic', 'aria-labelledby': 'traffic-title' },
      element(
        'div',
        { class: 'traffic-head' },
        element('h2', { id: 'traffic-title', tabindex: -1 }, TRAFFIC.title),
        close,
      ),
      this.#body,
    );
    this.#dialog.addEventListener('close', () => {
      this.#reading.release();
      this.#opener?.focus();
      // It may have gone meanwhile.
      if (document.activeElement !== this.#opener) document.getElementById('content')?.focus();
    });
    // It is the dialog that Escape closes, and not what lies below it.
    this.#dialog.addEventListener('keydown', (event) => event.stopPropagation());
    document.body.append(this.#dialog);
  }

  /**
   * Shows the dialog, with a file if one was brought.
   * @param {Brought|null} brought
   */
  async open(brought) {
    const { activeElement: active } = document;
    if (!this.#dialog.open) {
      this.#opener = active instanceof HTMLElement && active !== document.body ? active : null;
      this.#dialog.showModal();
      this.#dialog.querySelector('h2')?.focus();
    }
    this.#say('');
    await this.#prepare();
    const parts = this.#parts;
    if (parts === null) return;
    this.#serving = await this.#askServing();
    await this.#remember();
    parts.kept.render();
    if (brought !== null) this.#take(brought);
    else if (this.#reading.hasFile) this.#reading.again();
    else this.#render();
  }

  /** What the importer knows, and the parts that show it. */
  async #prepare() {
    if (this.#parts !== null) return;
    try {
      /** @type {Known} */
      const known = await this.#client.ask('describeTraces');
      this.#parts = this.#build(known);
    } catch (error) {
      if (error instanceof Superseded) return;
      if (!(error instanceof EngineFailure)) throw error;
      this.#body.replaceChildren(element('p', { role: 'alert' }, words.brokeWords(error.message)));
    }
  }

  /** @param {Known} known @returns {Parts} */
  #build(known) {
    const reading = this.#reading;
    const parts = {
      source: sourcePart(reading, { onFiles: (files) => this.#bring(files), onText: (text) => this.#paste(text) }),
      format: formatPart(reading, known),
      table: tablePart(reading, known),
      questions: questionsPart(reading),
      counts: countsPart(),
      steps: stepsPart(reading),
      figures: figuresPart(() => [this.#about()]),
      use: usePart({ onUse: (name, horizon) => this.#use(name, horizon) }),
      kept: keptPart({
        onUse: (list) => this.#useKept(list),
        onRename: (list, name) => this.#rename(list, name),
        inUse: () => namedList(this.#page.store.state.pairs)?.digest ?? '',
      }),
    };
    const { source, format, table, questions, counts, steps, figures, use, kept } = parts;
    this.#body.replaceChildren(
      source.root,
      this.#measured,
      ...[format, table, questions, counts, steps, figures, use].map(({ root }) => root),
      this.#status,
      kept.root,
    );
    return parts;
  }

  /** What saved pictures say they are about. */
  #about() {
    const { name, report } = this.#reading.shown;
    return words.madeWords(name, [report?.preview.detected.name ?? '']);
  }

  /** @returns {Promise<Serving|null>} null where the settings cannot be served: that is said elsewhere */
  async #askServing() {
    const { config } = this.#page.store.state;
    if (config === null) return null;
    try {
      // Its requests do not matter, and may be many.
      const bare = /** @type {Config} */ ({ ...config, workload: { ...config.workload, requests: null } });
      return await this.#client.convert('serving', bare);
    } catch (error) {
      if (error instanceof RefusedSettings || error instanceof Superseded || error instanceof EngineFailure)
        return null;
      throw error;
    }
  }

  /** Looks up how the list in use was made, so that its file can be read in the same way. */
  async #remember() {
    const named = namedList(this.#page.store.state.pairs);
    const notes = named === null || this.#reading.hasFile ? [] : await keptLists();
    this.#recipe = recipeOf(notes.find(({ digest }) => digest === named?.digest));
  }

  /** @param {Brought} brought */
  #take(brought) {
    const { file, name, header } = brought;
    this.#brought = brought;
    const recipe = this.#recipe?.file === name && this.#recipe.header === (header !== null) ? this.#recipe : undefined;
    this.#recipe = null;
    this.#parts?.use.begin(name);
    this.#body.scrollTop = 0;
    this.#reading.bring(file, name, header, recipe);
  }

  /** Hands the file to the dialog of measurements. */
  async #fit() {
    if (this.#brought === null) return;
    const { file, name } = this.#brought;
    const text = new Uint8Array(await file.arrayBuffer());
    this.#dialog.close();
    await this.#page.dialogs.measured([{ name, text }]);
  }

  /** @param {string} text */
  #paste(text) {
    this.#take({ file: new Blob([text]), name: TRAFFIC.pastedName, header: null });
  }

  #render() {
    const parts = this.#parts;
    if (parts === null) return;
    const { shown } = this.#reading;
    const { phase, preview, report, problem, old } = shown;
    const place = problem === null ? '' : placeOf(problem, preview);
    // Figures of another reading say nothing about this one's columns.
    const own = phase === 'read' ? report : null;
    parts.source.render(shown, this.#recipe, place === 'file' ? problem : null);
    parts.format.render(preview);
    this.#measured.hidden = !BENCHMARKS.includes(preview?.detected.id ?? '');
    parts.table.render(preview, own);
    parts.questions.render(report?.questions ?? []);
    parts.counts.render(report);
    parts.steps.render(shown);
    parts.figures.render(shown, this.#serving);
    parts.use.render(shown);
    for (const part of [parts.counts, parts.figures]) part.root.classList.toggle('old', old);
    this.#explain(place, problem?.message ?? '');
  }

  /**
   * Says what is wrong at the control that it belongs to.
   * @param {string} place id of the element for it; `file` and `steps` show it themselves
   * @param {string} message
   */
  #explain(place, message) {
    for (const error of this.#body.querySelectorAll('[id^="traffic-"][id$="-error"]:not([id^="traffic-step"])')) {
      if (!(error instanceof HTMLElement)) continue;
      const here = error.id === place;
      error.hidden = !here;
      setWords(error, here ? words.refusedWords(message) : '');
    }
  }

  /** @param {string} text */
  #say(text) {
    setWords(this.#status, text);
  }

  /**
   * Requests become the workload of the settings.
   * @param {import('./workload.js').Given} given
   * @param {string} name
   */
  async #become(given, name) {
    const { imports } = this.#page.session;
    return imports.take({ imported: withRequests(imports.withoutTrace, given) }, name);
  }

  /**
   * The requests become the workload.
   * @param {string} name
   * @param {boolean} horizon whether the run ends where the reference's does
   */
  async #use(name, horizon) {
    const reading = this.#reading;
    const { cut, report, name: file } = reading.shown;
    if (cut === null || report === null) return;
    this.#say(TRAFFIC.using);
    try {
      const made = words.madeWords(
        report.preview.detected.name,
        cut.steps.map((step) => step.words),
      );
      const from = { file, header: reading.hasHeader, options: reading.options, slices: reading.slices };
      const { list, gone, rows } = await reading.make(this.#page.session.imports.withoutTrace, { name, made, from });
      this.#step();
      const problems = await this.#become(
        {
          requests: rows?.requests ?? list,
          hashBlock: rows?.hash_block ?? null,
          targets: reading.targets,
          horizon: horizon ? 2 * Number(cut.traffic.last_us) : null,
        },
        name,
      );
      if (problems.length > 0) {
        this.#say(words.notUsedWords(problems.map(({ message }) => message).join('; ')));
        return;
      }
      const further = [
        ...(gone.length > 0 ? [words.goneWords(gone.map((each) => each.name))] : []),
        ...(rows === null ? [] : [words.NOT_KEPT]),
      ];
      this.#say(further.length > 0 ? [words.usedNowWords(name), ...further].join(' ') : '');
      if (further.length === 0) this.#dialog.close();
      else this.#parts?.kept.render();
    } catch (error) {
      this.#say(this.#reason(error));
    }
  }

  /** @param {unknown} error @returns {string} a sentence */
  #reason(error) {
    if (error instanceof Superseded) return '';
    const known = error instanceof EngineFailure || error instanceof RefusedSettings;
    if (!known) throw error;
    return words.notUsedWords(error.message);
  }

  /** @param {KeptList} list @returns {Promise<string>} what is wrong; empty if it is used now */
  async #useKept({ digest, name, requests }) {
    try {
      this.#step();
      const wanted = { requests: { digest, name, requests }, hashBlock: null, targets: {}, horizon: null };
      const problems = await this.#become(wanted, name);
      if (problems.length > 0) return words.notUsedWords(problems.map(({ message }) => message).join('; '));
      await noteList(digest, { usedAt: Date.now() });
      this.#dialog.close();
      return '';
    } catch (error) {
      return this.#reason(error);
    }
  }

  /** @param {KeptList} list @param {string} name */
  #rename({ digest, requests }, name) {
    const { state } = this.#page.store;
    if (namedList(state.pairs)?.digest !== digest || cardName(state) === name) return;
    const wanted = { requests: { digest, name, requests }, hashBlock: null, targets: {}, horizon: null };
    this.#become(wanted, name).catch((error) => this.#say(this.#reason(error)));
  }
}
