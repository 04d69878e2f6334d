// Runs that are kept to compare with. They live as long as the browser's tab: a reload keeps them, a new tab starts empty.

import { KEY_METRICS } from '../../shared/metrics.js';

/** @import {Store, State} from '../../app/state.js' */
/** @import {Figures} from '../../shared/metrics.js' */
/** @import {Imported, Pair, Summary} from '../../shared/types.d.ts' */

/**
 * @typedef {object} Pin
 * @property {string} id
 * @property {string} name `A`, `B`, ...
 * @property {Pair[]} pairs
 * @property {Imported|null} [imported] what a workload of its settings holds; this and the next two are not in pins that an older build has kept
 * @property {string} [importedName]
 * @property {string[]} [withoutEffect] keys of settings
 * @property {string} digest
 * @property {Summary} summary
 * @property {{ms: number[], share: number[]}} cdf of TTFT
 * @property {{axis: string, points: {at: number, figures: Figures}[]}|null} sweep of the same settings; null if none was finished
 */

/** What is read from the storage has to be of this form. */
const VERSION = 1;

const STORAGE_KEY = 'blis-playground-pins';

/** More would not fit beside each other. */
export const MAX_PINS = 12;

/**
 * What browsers call storage; it may be denied, and then throws.
 * @typedef {Pick<globalThis.Storage, 'getItem'|'setItem'>} Storage
 */

/** @returns {Storage|null} */
function sessionStorageOrNull() {
  try {
    return globalThis.sessionStorage;
  } catch {
    // Denied: pins are then forgotten with the page, which is all that is lost.
    return null;
  }
}

/**
 * The pins that an earlier load of the page has left.
 * @param {Storage|null} storage
 * @returns {Pin[]}
 */
export function loadPins(storage = sessionStorageOrNull()) {
  try {
    const text = storage?.getItem(STORAGE_KEY);
    const { version, pins } = JSON.parse(text ?? '{}');
    return version === VERSION && Array.isArray(pins) ? pins.filter(isPin) : [];
  } catch {
    // Denied, or written by something else: the page starts without pins.
    return [];
  }
}

/** @param {any} pin */
function isPin(pin) {
  return typeof pin?.id === 'string' && Array.isArray(pin.pairs) && Array.isArray(pin.cdf?.ms) && pin.summary?.ttft;
}

/**
 * Whether they will survive a reload.
 * @param {Pin[]} pins
 * @param {Storage|null} storage
 */
export function savePins(pins, storage = sessionStorageOrNull()) {
  if (storage === null) return false;
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ version: VERSION, pins }));
    return true;
  } catch {
    return false;
  }
}

/**
 * The first letters that no pin has yet.
 * @param {Pin[]} pins
 */
export function freeName(pins) {
  const taken = new Set(pins.map(({ name }) => name));
  for (let code = 0; ; code += 1) {
    const name = code < 26 ? String.fromCharCode(65 + code) : `A${code - 25}`;
    if (!taken.has(name)) return name;
  }
}

/**
 * The sweep of a state as a pin keeps it: only the current seed, only if it is complete.
 * @param {Readonly<State>} state
 * @returns {Pin['sweep']}
 */
function keptSweep({ sweep, busy }) {
  if (sweep === null || busy) return null;
  const points = sweep.points.flatMap(({ at, bySeed }) => {
    const figures = bySeed.get(sweep.seed);
    return figures ? [{ at, figures }] : [];
  });
  return points.length > 0 ? { axis: sweep.axis, points } : null;
}

/**
 * @param {Readonly<State>} state with a run
 * @returns {Pin}
 */
export function pinOf(state) {
  const { run, pairs, pins } = state;
  if (run === null) throw new Error('there is no run to pin');
  const name = freeName(pins);
  return {
    id: `${name}-${run.digest}`,
    name,
    pairs,
    imported: run.imported,
    importedName: run.importedName,
    withoutEffect: run.withoutEffect,
    digest: run.digest,
    summary: run.summary,
    cdf: { ms: [...run.cdf.ms], share: [...run.cdf.share] },
    sweep: keptSweep(state),
  };
}

/**
 * Keeps the present run, and compares with it from now on.
 * @param {Store} store
 */
export function pinRun(store) {
  const { state } = store;
  if (state.run === null) return;
  const pin = pinOf(state);
  const pins = [...state.pins, pin].slice(-MAX_PINS);
  store.change({ pins, against: pin.id });
}

/**
 * @param {Store} store
 * @param {string} id
 */
export function removePin(store, id) {
  const pins = store.state.pins.filter((pin) => pin.id !== id);
  const { against } = store.state;
  store.change({ pins, against: against === id ? (pins.at(-1)?.id ?? null) : against });
}

/**
 * Follows the store: saves the pins, and completes a pin whose sweep was not finished when it was made.
 * @param {Store} store
 */
export function keepPins(store) {
  const pins = loadPins();
  store.change({ pins, against: pins.at(-1)?.id ?? null });
  store.watch(['pins'], (state) => savePins(state.pins));
  store.watch(['busy'], (state) => {
    if (state.busy || state.run === null) return;
    const { digest } = state.run;
    const sweep = keptSweep(state);
    const incomplete = (/** @type {Pin} */ pin) => pin.digest === digest && pin.sweep?.axis !== sweep?.axis;
    if (sweep && state.pins.some(incomplete)) {
      store.change({ pins: state.pins.map((pin) => (incomplete(pin) ? { ...pin, sweep } : pin)) });
    }
  });
}

/**
 * The settings in which some of the runs differ: key and each run's text, empty for the default.
 * @param {Pair[][]} runs
 * @returns {{key: string, texts: string[]}[]}
 */
export function differing(runs) {
  const maps = runs.map((pairs) => new Map(pairs));
  const keys = [...new Set(runs.flatMap((pairs) => pairs.map(([key]) => key)))];
  return keys
    .map((key) => ({ key, texts: maps.map((map) => map.get(key) ?? '') }))
    .filter(({ texts }) => texts.some((text) => text !== texts[0]));
}

/**
 * The figures of a summary that are compared.
 * @param {Summary} summary
 */
export function keyFigures(summary) {
  return KEY_METRICS.map((metric) => ({ metric, value: metric.of(summary) }));
}
