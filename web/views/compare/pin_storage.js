// Pins outlive the page: they are kept in the browser, and two tabs that pin at the same time lose nothing of each other.

import { KEY_METRICS } from '../../shared/metrics.js';
import { broughtUp, isKnown, VERSION } from '../../shared/versions.js';

/** @import {Pin} from './pins.js' */

/** Where pins are kept; the number is that of their form. */
export const PINS_KEY = 'blis-playground-pins-2';

/** Where an earlier build kept them, as long as the tab lived. */
const OLD_KEY = 'blis-playground-pins';
const OLD_VERSION = 1;

/** Which pin this tab compares with. */
const AGAINST_KEY = 'blis-playground-against';

/** More would not fit beside each other. */
export const MAX_PINS = 12;

/** A pin whose settings hold a whole workload can be larger than a browser keeps, characters. */
const MAX_PIN_LENGTH = 150_000;

export const MAX_NAME_LENGTH = 40;

/**
 * What browsers call storage; it may be denied, and then throws.
 * @typedef {Pick<globalThis.Storage, 'getItem'|'setItem'|'removeItem'>} Storage
 */

/** @param {'localStorage'|'sessionStorage'} kind @returns {Storage|null} */
function storageOrNull(kind) {
  try {
    return globalThis[kind] ?? null;
  } catch {
    // Denied: pins are then forgotten with the page, which is all that is lost.
    return null;
  }
}

/**
 * A text of the storage as a value; undefined if there is none, or none that can be read.
 * @param {Storage|null} storage
 * @param {string} key
 * @returns {any}
 */
function read(storage, key) {
  try {
    return JSON.parse(storage?.getItem(key) ?? 'null') ?? undefined;
  } catch {
    // Denied, or written by something else.
    return undefined;
  }
}

/**
 * The pins that are kept.
 * @param {Storage|null} storage
 * @param {Storage|null} session
 * @returns {Pin[]}
 */
export function loadPins(storage = storageOrNull('localStorage'), session = storageOrNull('sessionStorage')) {
  const kept = read(storage, PINS_KEY);
  const old = kept === undefined ? read(session, OLD_KEY) : undefined;
  const pins = kept ?? (old?.version === OLD_VERSION ? old.pins : []);
  if (!Array.isArray(pins)) return [];
  const ids = new Set();
  const sound = pins.filter((pin) => isPin(pin) && !ids.has(pin.id) && ids.add(pin.id));
  return sound.slice(-MAX_PINS).map(today);
}

/**
 * A pin whose settings are those of today: those of the first build that kept pins have no version.
 * @param {Pin} pin
 * @returns {Pin}
 */
function today(pin) {
  const { version = '1', pairs } = pin;
  return version === VERSION ? pin : { ...pin, version: VERSION, pairs: broughtUp(pairs, version) };
}

/**
 * Whether a pin can be shown, whatever has written it.
 * @param {any} pin
 * @returns {pin is Pin}
 */
function isPin(pin) {
  try {
    const { id, name, digest, version = '1', pairs, cdf, summary, sweep } = pin;
    return (
      isKnown(version) &&
      [id, name, digest].every((text) => typeof text === 'string') &&
      name.length <= MAX_NAME_LENGTH &&
      pairs.every((/** @type {any} */ [key, text]) => typeof key === 'string' && typeof text === 'string') &&
      cdf.ms.length === cdf.share.length &&
      [...cdf.ms, ...cdf.share].every((value) => typeof value === 'number') &&
      KEY_METRICS.every(({ of }) => ['number', 'object'].includes(typeof of(summary))) &&
      (sweep === null || (typeof sweep.axis === 'string' && sweep.points.every(isPoint)))
    );
  } catch {
    // Something is not there.
    return false;
  }
}

/** @param {any} point */
const isPoint = ({ at, figures }) => typeof at === 'number' && typeof figures === 'object' && figures !== null;

/**
 * What is to be kept after a change: the change applied to what is kept now, which another tab may have changed, too.
 * @param {Pin[]} kept
 * @param {Pin[]} before
 * @param {Pin[]} after
 * @returns {Pin[]}
 */
export function merged(kept, before, after) {
  const [was, is] = [before, after].map((pins) => new Map(pins.map((pin) => [pin.id, pin])));
  const removed = (/** @type {Pin} */ { id }) => was.has(id) && !is.has(id);
  const changed = (/** @type {Pin} */ pin) => {
    const own = is.get(pin.id);
    return own !== undefined && own !== was.get(pin.id) ? own : pin;
  };
  const known = new Set(kept.map(({ id }) => id));
  const added = after.filter(({ id }) => !was.has(id) && !known.has(id));
  return [...kept.filter((pin) => !removed(pin)).map(changed), ...added].slice(-MAX_PINS);
}

/** Whether a pin can be kept at all. @param {Pin} pin */
export const isSmall = (pin) => JSON.stringify(pin).length <= MAX_PIN_LENGTH;

/**
 * Keeps a change of the pins.
 * @param {Pin[]} before
 * @param {Pin[]} after
 * @param {Storage|null} storage
 * @returns {boolean} whether the browser keeps pins at all
 */
export function savePins(before, after, storage = storageOrNull('localStorage')) {
  if (storage === null) return false;
  try {
    const pins = merged(loadPins(storage), before, after).filter(isSmall);
    storage.setItem(PINS_KEY, JSON.stringify(pins));
    return true;
  } catch {
    // Denied or full: what was kept before stays.
    return false;
  }
}

/**
 * Which of the pins will be gone with the page.
 * @param {Pin[]} pins
 * @param {Storage|null} storage
 * @returns {{names: string[], denied: boolean}}
 */
export function notKept(pins, storage = storageOrNull('localStorage')) {
  const kept = new Set(loadPins(storage, null).map(({ id }) => id));
  const lost = pins.filter(({ id }) => !kept.has(id));
  return { names: lost.map(({ name }) => name), denied: lost.length > 0 && !canKeep(storage) };
}

/** @param {Storage|null} storage */
function canKeep(storage) {
  const probe = `${PINS_KEY}-try`;
  try {
    storage?.setItem(probe, '');
    storage?.removeItem(probe);
    return storage !== null;
  } catch {
    return false;
  }
}

/** The pin with which this tab compared before it was loaded anew. @returns {string|null} */
export function loadAgainst() {
  const id = read(storageOrNull('sessionStorage'), AGAINST_KEY);
  return typeof id === 'string' ? id : null;
}

/** @param {string|null} id */
export function saveAgainst(id) {
  try {
    storageOrNull('sessionStorage')?.setItem(AGAINST_KEY, JSON.stringify(id));
  } catch {
    // Denied or full: after a reload nothing is compared.
  }
}
