// What can be taken away as a file, and what can be brought back.

import { runWords } from '../../settings/simulated.js';

/** @import {State} from '../../app/state.js' */
/** @import {Config, Pair} from '../../shared/types.d.ts' */

/** Says that a file is ours, so that it can be brought back: the engine knows it (src/settings/saved.rs). */
const FORMAT = 'blis-playground-results';

/** Of that form. Settings of version 1 have no streams where they have independent ones. */
const VERSION = 2;

/** A configuration may hold a whole workload, but nothing is longer than this, bytes. */
export const MAX_BYTES = 50_000_000;

/**
 * JSON of values that may hold maps and integers beyond what a number can hold; of these every digit is written.
 * @param {unknown} value
 */
export function toJson(value) {
  const plain = (/** @type {unknown} */ part) => (part instanceof Map ? Object.fromEntries(part) : part);
  const without = JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? null : plain(part)));
  let mark = '#';
  // No text of the value can be taken for an integer.
  while (without.includes(`"${mark}`)) mark += '#';
  const marked = (/** @type {string} */ _key, /** @type {unknown} */ part) =>
    typeof part === 'bigint' ? `${mark}${part}` : plain(part);
  return `${JSON.stringify(value, marked, 2).replaceAll(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1')}\n`;
}

/**
 * Settings, figures and digest of the present run.
 * @param {Readonly<State>} state with a run
 * @param {string} link
 * @param {{config: Config, pairs: Pair[]}|null} [complete] its settings with their requests, where they only name a list
 */
export function resultsFile(state, link, complete = null) {
  const { run, description } = state;
  if (run === null) throw new Error('there are no results yet');
  const { summary, digest, warnings } = run;
  const { config, pairs } = complete ?? { config: run.config, pairs: state.pairs };
  return toJson({
    format: FORMAT,
    version: VERSION,
    engine: description?.version ?? '',
    link,
    simulated: runWords(state).join(' '),
    settings: Object.fromEntries(pairs),
    config,
    summary,
    digest,
    warnings,
  });
}

/**
 * The settings as a file, with the version of their format.
 * @param {Config} config
 */
export function configFile(config) {
  return toJson(config);
}

/** A file that cannot be read as settings; the message gives the reason. */
export class UnreadableFile extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'UnreadableFile';
  }
}
