// The file that the traffic dialog is about: read, read again with other options, cut, and made into the requests of a run.

import { Superseded, EngineFailure } from '../../engine/client.js';
import { leavesOut } from './steps.js';

/** @import {EngineClient} from '../../engine/client.js' */
/** @import {TraceOptions, TracePreview, TraceReport, TraceSliceReport} from '#engine' */
/** @import {Config, Problem, TraceMade, TraceRead, TraceReading} from '../../shared/types.d.ts' */
/** @import {Slices} from './steps.js' */

/**
 * How a file is read, without the slices: what a person has changed.
 * @typedef {Pick<Partial<TraceOptions>, 'format'|'mapping'|'shape'|'answers'>} Options
 */

/**
 * @typedef {object} Shown
 * @property {'none'|'reading'|'read'|'refused'|'stopped'} phase
 * @property {string} name of the file
 * @property {number} size bytes
 * @property {TraceReading|null} progress
 * @property {TracePreview|null} preview what the beginning shows, of the newest reading that has come so far
 * @property {TraceReport|null} report of the last file that could be read with its options
 * @property {TraceSliceReport|null} cut of the same with the last slices that could be applied
 * @property {{file: number, cut: number}} longer rows that cannot be served: of the file, and of what is left of it
 * @property {Problem|null} problem why the file could not be read
 * @property {Problem|null} cutProblem why the slices could not be applied
 * @property {string} failure what broke
 * @property {boolean} old whether report and cut are of other options, or of other slices, than those that are chosen
 */

/** @returns {Shown} */
const nothing = () => ({
  phase: 'none',
  name: '',
  size: 0,
  progress: null,
  preview: null,
  report: null,
  cut: null,
  longer: { file: 0, cut: 0 },
  problem: null,
  cutProblem: null,
  failure: '',
  old: false,
});

export class Reading {
  #client;

  #onChange;

  #limit;

  /** @type {Blob|null} */
  #file = null;

  /** Of a trace of ours, YAML. @type {string|null} */
  #header = null;

  /** Latency targets of the file. @type {Record<string, import('#engine').SloTarget>} */
  targets = {};

  /** @type {Options} */
  options = {};

  /** @type {Slices} */
  slices = {};

  shown = nothing();

  /** The slices with which the file was read. */
  #readWith = '';

  /** Number of the newest question. */
  #asked = 0;

  /**
   * @param {EngineClient} client of a worker of its own
   * @param {() => void} onChange
   * @param {() => number} limit longest request that can be served, tokens; 0 for any
   */
  constructor(client, onChange, limit) {
    this.#client = client;
    this.#onChange = onChange;
    this.#limit = limit;
  }

  /** Whether a header came with the file. */
  get hasHeader() {
    return this.#header !== null;
  }

  /** Whether there is a file in hand. */
  get hasFile() {
    return this.#file !== null;
  }

  /**
   * Another file.
   * @param {Blob} file
   * @param {string} name
   * @param {string|null} header
   * @param {{options?: Options, slices?: Slices}} [how] as another one was read
   */
  bring(file, name, header = null, { options = {}, slices = {} } = {}) {
    this.#file = file;
    this.#header = header;
    this.options = options;
    this.slices = slices;
    this.targets = {};
    this.shown = { ...nothing(), name, size: file.size };
    return this.#read();
  }

  /** Reads it anew, as after its worker was let go. */
  again() {
    return this.#file === null ? undefined : this.#read();
  }

  /**
   * Other options: the file is read again.
   * @param {Options} part
   */
  set(part) {
    this.options = { ...this.options, ...part };
    return this.#read();
  }

  /**
   * An answer to a question of the file.
   * @param {string} id
   * @param {string} answer
   */
  answer(id, answer) {
    return this.set({ answers: { ...this.options.answers, [id]: answer } });
  }

  /**
   * Other slices: the file is read again if it has too many rows to keep them all.
   * @param {Slices} slices
   */
  cut(slices) {
    this.slices = slices;
    const { phase, report } = this.shown;
    const whole = phase === 'read' && report !== null && !report.sliced_while_reading;
    const same = phase === 'read' && leavesOut(slices) === this.#readWith;
    return whole || same ? this.#cut() : this.#read();
  }

  /** Gives the reading up. */
  stop() {
    if (this.shown.phase !== 'reading') return;
    this.#asked += 1;
    this.#client.cancel();
    this.#change({ phase: 'stopped', progress: null, old: this.shown.report !== null });
  }

  /** Lets the worker go; the file and what is known about it stay. */
  release() {
    this.stop();
    this.#client.close();
  }

  /**
   * The requests of a run.
   * @param {Config} config
   * @param {{name: string, made: string, from: unknown}} note
   * @returns {Promise<TraceMade>}
   */
  make(config, note) {
    return this.#client.ask('makeTrace', { slices: this.slices, note: { ...note, usedAt: Date.now() }, config });
  }

  /** @param {Partial<Shown>} part */
  #change(part) {
    this.shown = { ...this.shown, ...part };
    this.#onChange();
  }

  async #read() {
    const { slices } = this;
    const options = { ...this.options, header: this.#header, slices };
    const waiting = { phase: /** @type {const} */ ('reading'), progress: null, problem: null, failure: '' };
    this.#change({ ...waiting, old: this.shown.report !== null });
    const onProgress = (/** @type {TraceReading} */ progress) =>
      this.#change(progress.preview ? { progress, preview: progress.preview } : { progress });
    const argument = { file: this.#file, options, limit: this.#limit() };
    await this.#ask('readTrace', argument, onProgress, (/** @type {TraceRead|null} */ read) => {
      if (read === null) return;
      if (read.problem) {
        const { problem, preview, progress } = read;
        const old = this.shown.report !== null;
        this.#change({ phase: 'refused', problem, progress, preview: preview ?? this.shown.preview, old });
        return;
      }
      this.#readWith = leavesOut(slices);
      this.targets = read.targets;
      const { report, cut, longer } = read;
      this.#change({ phase: 'read', report, preview: report.preview, progress: null, ...this.#cutParts(cut, longer) });
    });
  }

  async #cut() {
    const argument = { slices: this.slices, limit: this.#limit() };
    await this.#ask('cutTrace', argument, undefined, (/** @type {import('../../shared/types.d.ts').TraceCut} */ cut) =>
      this.#change(this.#cutParts(cut, this.shown.longer.file)),
    );
  }

  /**
   * @param {import('../../shared/types.d.ts').TraceCut} cut
   * @param {number} file
   * @returns {Partial<Shown>}
   */
  #cutParts(cut, file) {
    if (cut.problem)
      return { cutProblem: cut.problem, longer: { ...this.shown.longer, file }, old: this.shown.cut !== null };
    return { cut: cut.report, cutProblem: null, longer: { file, cut: cut.longer }, old: false };
  }

  /**
   * @param {string} operation
   * @param {unknown} argument
   * @param {((progress: any) => void)|undefined} onProgress
   * @param {(value: any) => void} onAnswer
   */
  async #ask(operation, argument, onProgress, onAnswer) {
    this.#asked += 1;
    const number = this.#asked;
    try {
      const progress = onProgress && ((/** @type {any} */ told) => number === this.#asked && onProgress(told));
      // What is read is only known to the worker that has read it.
      const value = await this.#client.askNewest(operation, argument, { onProgress: progress, again: false });
      if (number === this.#asked) onAnswer(value);
    } catch (error) {
      if (error instanceof Superseded || number !== this.#asked) return;
      if (!(error instanceof EngineFailure)) throw error;
      this.#change({ phase: 'stopped', failure: error.message, progress: null, old: this.shown.report !== null });
    }
  }
}
