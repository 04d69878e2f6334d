// What is cut out of traffic and how it is scaled, as steps that a person adds, changes and removes.

import { ENTER } from '../../words/traffic_steps.js';

/** @import {TraceSlices, TraceTraffic} from '#engine' */

/** @typedef {Partial<TraceSlices>} Slices */

/**
 * @typedef {'seconds'|'whole'|'number'|'percent'|'scale'|'yes'} Kind
 * @typedef {{name: keyof TraceSlices|'time_scale', kind: Kind, optional?: true}} Field
 */

/** The steps in their order, with their fields. A filter has fields of its own. @type {Record<string, Field[]>} */
export const FIELDS = {
  window: [
    { name: 'from_us', kind: 'seconds', optional: true },
    { name: 'to_us', kind: 'seconds', optional: true },
  ],
  filters: [],
  every: [{ name: 'every', kind: 'whole' }],
  sample: [
    { name: 'sample', kind: 'percent' },
    { name: 'seed', kind: 'whole' },
  ],
  first: [{ name: 'first', kind: 'whole' }],
  clip_input: [{ name: 'clip_input', kind: 'whole' }],
  clip_output: [{ name: 'clip_output', kind: 'whole' }],
  input_scale: [{ name: 'input_scale', kind: 'number' }],
  output_scale: [{ name: 'output_scale', kind: 'number' }],
  spread: [],
  speed: [
    { name: 'speed', kind: 'number' },
    { name: 'time_scale', kind: 'scale' },
  ],
  rate: [{ name: 'rate', kind: 'number' }],
  repeat: [
    { name: 'repeat', kind: 'whole' },
    { name: 'repeat_fresh', kind: 'yes' },
  ],
};

/** Steps that leave rows out: of a file with too many rows they are applied while it is read. */
const LEAVE_OUT = ['from_us', 'to_us', 'filters', 'every', 'sample', 'seed', 'first'];

/** Steps of which only one can be there. @type {Record<string, string>} */
const INSTEAD_OF = { speed: 'rate', rate: 'speed' };

/** A step that is there: its name, and of a filter its place among the filters. */
/** @typedef {{id: string, place: number}} Step */

/** @param {Slices} slices @param {string} id */
function has(slices, id) {
  if (id === 'filters') return (slices.filters ?? []).length > 0;
  if (id === 'spread') return slices.spread === true;
  const values = FIELDS[id].filter(({ name }) => !['seed', 'repeat_fresh', 'time_scale'].includes(name));
  return values.some(({ name }) => (slices[/** @type {keyof Slices} */ (name)] ?? null) !== null);
}

/**
 * The steps that are there, in their order.
 * @param {Slices} slices
 * @returns {Step[]}
 */
export function stepsOf(slices) {
  return Object.keys(FIELDS)
    .filter((id) => has(slices, id))
    .flatMap((id) =>
      id === 'filters' ? (slices.filters ?? []).map((_, place) => ({ id, place })) : [{ id, place: 0 }],
    );
}

/**
 * The steps that can be added.
 * @param {Slices} slices
 */
export function addable(slices) {
  return Object.keys(FIELDS).filter(
    (id) => id === 'filters' || (!has(slices, id) && !(id in INSTEAD_OF && has(slices, INSTEAD_OF[id]))),
  );
}

/** Three significant digits, which a person can read and change. @param {number} value */
const plain = (value) => Number(value.toPrecision(3));

/**
 * With one more step, with values that a person can go on from.
 * @param {Slices} slices
 * @param {string} id
 * @param {Pick<TraceTraffic, 'rows'|'span_s'|'mean_rate'|'input'|'output'>|null} traffic what is cut and scaled, if that is known
 * @returns {Slices}
 */
export function withStep(slices, id, traffic) {
  const span = traffic?.span_s ?? 3600;
  /** @type {Record<string, () => Slices>} */
  const added = {
    window: () => ({ from_us: 0, to_us: Math.max(Math.min(600, plain(span / 2)), 1e-6) * 1e6 }),
    filters: () => ({
      filters: [
        ...(slices.filters ?? []),
        { field: 'input', is: '<=', value: String(Math.ceil(traffic?.input.p99 ?? 8000)) },
      ],
    }),
    every: () => ({ every: 2 }),
    sample: () => ({ sample: 0.5, seed: 0 }),
    first: () => ({ first: Math.max(Math.min(1000, traffic?.rows ?? 1000), 1) }),
    clip_input: () => ({ clip_input: Math.max(Math.ceil(traffic?.input.p99 ?? 8000), 1) }),
    clip_output: () => ({ clip_output: Math.max(Math.ceil(traffic?.output.p99 ?? 1000), 1) }),
    input_scale: () => ({ input_scale: 1 }),
    output_scale: () => ({ output_scale: 1 }),
    spread: () => ({ spread: true }),
    speed: () => ({ speed: 1 }),
    rate: () => ({ rate: Math.min(Math.max(plain(traffic?.mean_rate ?? 1), 1e-6), 1e6) }),
    repeat: () => ({ repeat: 2, repeat_fresh: false }),
  };
  const part = added[id]();
  if (part.to_us) part.to_us = Math.round(part.to_us);
  return { ...slices, ...part };
}

/**
 * Without a step.
 * @param {Slices} slices
 * @param {Step} step
 * @returns {Slices}
 */
export function withoutStep(slices, { id, place }) {
  if (id === 'filters') return { ...slices, filters: (slices.filters ?? []).filter((_, other) => other !== place) };
  if (id === 'spread') return { ...slices, spread: false };
  const gone = FIELDS[id].map(({ name }) => name);
  return Object.fromEntries(
    Object.entries(slices).filter(([name]) => !(/** @type {string[]} */ (gone).includes(name))),
  );
}

/** A problem with the text of a field, found here. */
export class WrongText extends Error {}

const UNITS = { ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 };

/** @param {string} text */
function seconds(text) {
  const [, value, unit = 's'] = text.match(/^([\d.,_ ]+?)\s*(ms|s|min|h|d)?$/) ?? [];
  const amount = numberOf(value ?? '');
  if (!Number.isFinite(amount)) throw new WrongText(ENTER.seconds);
  return Math.round(amount * UNITS[/** @type {keyof typeof UNITS} */ (unit)] * 1e6);
}

/** A number as a person writes it: `1,000` is a thousand. @param {string} text */
function numberOf(text) {
  const bare = text.trim().replaceAll(/[_ ]/g, '');
  const digits = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare;
  return digits === '' ? NaN : Number(digits);
}

/**
 * The value of a text.
 * @param {Kind} kind
 * @param {string} text
 * @throws {WrongText}
 */
export function valueOf(kind, text) {
  if (kind === 'seconds') return seconds(text.trim());
  const value = numberOf(text.trim().replace(/%$/, ''));
  if (!Number.isFinite(value)) throw new WrongText(kind === 'whole' ? ENTER.whole : ENTER.number);
  if (kind === 'whole' && !Number.isSafeInteger(value)) throw new WrongText(ENTER.whole);
  if (kind === 'percent') {
    if (value <= 0 || value > 100) throw new WrongText(ENTER.percent);
    return value / 100;
  }
  return value;
}

/**
 * With another value of a field; a field without text has none.
 * @param {Slices} slices
 * @param {Step} step
 * @param {Field} field
 * @param {string|boolean} text
 * @returns {Slices}
 * @throws {WrongText}
 */
export function withValue(slices, step, { name, kind, optional }, text) {
  if (typeof text === 'boolean') return { ...slices, [name]: text };
  if (optional && text.trim() === '') {
    /** @type {Slices} */
    const rest = Object.fromEntries(Object.entries(slices).filter(([other]) => other !== name));
    // The last of its fields keeps the step there: from the beginning is a window, too.
    return has(rest, step.id) ? rest : { ...rest, [FIELDS[step.id][0].name]: 0 };
  }
  const value = valueOf(kind, text);
  if (name !== 'time_scale') return { ...slices, [name]: value };
  if (value <= 0) throw new WrongText(ENTER.number);
  return { ...slices, speed: 1 / value };
}

/**
 * With another value of a filter.
 * @param {Slices} slices
 * @param {number} place
 * @param {'field'|'is'|'value'} name
 * @param {string} text
 * @returns {Slices}
 */
export function withFilter(slices, place, name, text) {
  const filters = (slices.filters ?? []).map((filter, other) => {
    if (other !== place) return filter;
    const changed = /** @type {typeof filter} */ ({ ...filter, [name]: name === 'value' ? text.trim() : text });
    // Names are the same or are not, and are no numbers.
    if (name === 'field' && isNumeric(changed.field) !== isNumeric(filter.field))
      return isNumeric(changed.field)
        ? { ...changed, is: /** @type {const} */ ('<='), value: '1000' }
        : { ...changed, is: /** @type {const} */ ('='), value: '' };
    return changed;
  });
  return { ...slices, filters };
}

/** Whether a filter compares numbers. @param {string} field */
export const isNumeric = (field) => ['input', 'output', 'total', 'round'].includes(field);

/**
 * The text of a field.
 * @param {Slices} slices
 * @param {Field} field
 */
export function textOf(slices, { name, kind }) {
  if (name === 'time_scale') return String(Number((1 / (slices.speed ?? 1)).toPrecision(6)));
  const value = slices[name];
  if (typeof value !== 'number') return name === 'seed' ? '0' : '';
  if (kind === 'seconds') return String(value / 1e6);
  return String(kind === 'percent' ? Number((value * 100).toPrecision(12)) : value);
}

/**
 * What of the steps a file with too many rows is read with.
 * @param {Slices} slices
 */
export function leavesOut(slices) {
  return JSON.stringify(LEAVE_OUT.map((name) => slices[/** @type {keyof Slices} */ (name)] ?? null));
}

/**
 * The step that a problem of the engine is about.
 * @param {string} path
 * @returns {string|null}
 */
export function stepOfProblem(path) {
  if (path === 'filter' || path.startsWith('slices.filters')) return 'filters';
  const name = path.replace(/^slices\./, '');
  if (name === path) return null;
  return Object.keys(FIELDS).find((id) => FIELDS[id].some((field) => field.name === name)) ?? null;
}
