// Runs that are kept to compare with, until a person removes them.

import { CONVERSATION_METRICS, KEY_METRICS, spreadOf } from '../../shared/metrics.js';
import { VERSION } from '../../shared/versions.js';
import {
  isSmall,
  loadAgainst,
  loadPins,
  MAX_NAME_LENGTH,
  MAX_PINS,
  PINS_KEY,
  saveAgainst,
  savePins,
} from './pin_storage.js';

/** @import {Store, State} from '../../app/state.js' */
/** @import {Figures, Spread} from '../../shared/metrics.js' */
/** @import {Imported, Pair, Summary} from '../../shared/types.d.ts' */

/**
 * @typedef {object} Pin
 * @property {string} id
 * @property {string} name `A`, `B`, ..., until a person gives it another
 * @property {string} [version] of its settings, as in an address; not in pins that an older build has kept
 * @property {Pair[]} pairs
 * @property {Imported|null} [imported] what a workload of its settings holds; this and the next two are not in pins that an older build has kept
 * @property {string} [importedName]
 * @property {string[]} [withoutEffect] keys of settings
 * @property {string} digest
 * @property {Summary} summary
 * @property {{ms: number[], share: number[]}} cdf of TTFT
 * @property {Spread|null} [spread] of its figures over seeds; null or missing where no sweep told
 * @property {{axis: string, points: {at: number, figures: Figures}[]}|null} sweep of the same settings; null if none was finished
 */

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
 * An id that no pin has: one that has been given another name keeps its own.
 * @param {string} wanted
 * @param {Pin[]} pins
 */
function freeId(wanted, pins) {
  let id = wanted;
  for (let i = 2; pins.some((pin) => pin.id === id); i += 1) id = `${wanted}-${i}`;
  return id;
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
  const { run, pairs, pins, sweep } = state;
  if (run === null) throw new Error('there is no run to pin');
  const name = freeName(pins);
  return {
    id: freeId(`${name}-${run.digest}`, pins),
    name,
    version: VERSION,
    pairs,
    imported: run.imported,
    importedName: run.importedName,
    withoutEffect: run.withoutEffect,
    digest: run.digest,
    summary: run.summary,
    cdf: { ms: [...run.cdf.ms], share: [...run.cdf.share] },
    spread: spreadOf(run.summary, sweep),
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
 * Gives a pin another name: charts and figures call it so. An empty one is no name, and no two pins have the same.
 * @param {Store} store
 * @param {string} id
 * @param {string} wanted
 */
export function renamePin(store, id, wanted) {
  const { pins } = store.state;
  const base = wanted
    .trim()
    .slice(0, MAX_NAME_LENGTH - 3)
    .trim();
  if (base === '') return;
  const taken = new Set(pins.filter((pin) => pin.id !== id).map(({ name }) => name));
  let name = base;
  for (let i = 2; taken.has(name); i += 1) name = `${base} ${i}`;
  store.change({ pins: pins.map((pin) => (pin.id === id ? { ...pin, name } : pin)) });
}

/**
 * Follows the store: keeps the pins, and completes a pin whose sweep was not finished when it was made. In another page
 * there are none: they are of the one who reads it, and not of the one who has put it there.
 * @param {Store} store
 */
export function keepPins(store) {
  if (store.state.embed === '1') return;
  const pins = loadPins();
  const against = loadAgainst();
  store.change({ pins, against: pins.some(({ id }) => id === against) ? against : null });
  /** Ids of those that have been in the storage: what is missing there of them, another tab has removed. */
  const stored = new Set(pins.map(({ id }) => id));
  const readAgain = () => {
    const kept = loadPins();
    for (const { id } of kept) stored.add(id);
    return kept;
  };
  /** Whether another tab has changed them. */
  let elsewhere = false;
  store.watch(['pins'], (state, before) => {
    if (elsewhere) return;
    savePins(before.pins, state.pins);
    readAgain();
  });
  store.watch(['against'], (state) => saveAgainst(state.against));
  addEventListener('storage', ({ key }) => {
    if (key !== PINS_KEY && key !== null) return;
    elsewhere = true;
    const kept = readAgain();
    const { pins: present, against: chosen } = store.state;
    // Those that are too large for it, or came while it was full, are of this tab alone.
    const own = present.filter((pin) => !stored.has(pin.id) || !isSmall(pin));
    const pins = [...kept, ...own].slice(-MAX_PINS);
    store.change({ pins, against: pins.some(({ id }) => id === chosen) ? chosen : null });
    elsewhere = false;
  });
  store.watch(['busy'], (state) => {
    if (state.busy || state.run === null) return;
    const { digest, summary } = state.run;
    const sweep = keptSweep(state);
    const spread = spreadOf(summary, state.sweep);
    const incomplete = (/** @type {Pin} */ pin) => pin.digest === digest && pin.sweep?.axis !== sweep?.axis;
    if (sweep && state.pins.some(incomplete)) {
      store.change({ pins: state.pins.map((pin) => (incomplete(pin) ? { ...pin, sweep, spread } : pin)) });
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
 * The figures that are compared: those of conversations as soon as one of the runs holds some.
 * @param {Summary[]} summaries
 */
export function comparedMetrics(summaries) {
  return summaries.some(({ conversations }) => conversations) ? [...KEY_METRICS, ...CONVERSATION_METRICS] : KEY_METRICS;
}
