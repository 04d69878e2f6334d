// What theory predicts, as dashed lines in the charts of the run, each with the reason why it holds. Where its
// assumptions fail, a chart has the reason and no line.

import { number } from '../../shared/format.js';
import { theoryBorder } from '../../words/charts.js';
import { MARKS, SAYINGS } from '../../words/theory.js';

/** @import {State} from '../../app/state.js' */
/** @import {Marker, Note, Series} from '../../charts/spec.js' */
/** @import {Overlay, Overlays} from '#engine' */
/** @import {RunReport, Study} from '../../shared/types.d.ts' */

/** @typedef {Pick<RunReport, 'digest'>} Run */
/** @typedef {Exclude<keyof Overlays, 'binding'>} Form */

/**
 * A form, if theory has spoken about this run.
 * @param {Run|null} run
 * @param {State['theory']} theory
 * @param {Form} form
 * @returns {Overlay|null}
 */
function overlayOf(run, theory, form) {
  const known = run !== null && theory !== null && typeof theory !== 'string' && theory.digest === run.digest;
  return known ? /** @type {Study} */ (theory).overlays[form] : null;
}

/**
 * A predicted figure; null if the form does not hold for this run, or has no such figure.
 * @param {Run|null} run
 * @param {State['theory']} theory
 * @param {Form} form
 * @param {string} figure
 */
function predicted(run, theory, form, figure) {
  const overlay = overlayOf(run, theory, form);
  if (!overlay?.holds) return null;
  return overlay.values.find(({ name }) => name === figure)?.value ?? null;
}

/** The form and the figure behind each saying. @type {Record<keyof typeof SAYINGS, [Form, string]>} */
const BEHIND = {
  p99: ['fluid', 'ttft_p99_ms'],
  capacity: ['ceilings', 'capacity'],
  itl: ['batch', 'itl_ms'],
  batch: ['batch', 'batch'],
  little: ['little', 'lambda_w'],
  wait: ['erlang', 'mean_wait_ms'],
  excess: ['excess', 'wait_at_end_ms'],
};

/**
 * The notes of a chart; none while theory has not spoken.
 * @param {Run|null} run
 * @param {State['theory']} theory
 * @param {(keyof typeof SAYINGS)[]} names
 * @returns {Note[]}
 */
export function theoryNotes(run, theory, ...names) {
  return names.flatMap((key) => {
    const { name, says } = SAYINGS[key];
    const [form, figure] = BEHIND[key];
    const overlay = overlayOf(run, theory, form);
    if (overlay === null) return [];
    const value = predicted(run, theory, form, figure);
    const { holds, because } = overlay;
    return [{ name, holds, because, ...(value === null ? {} : { says: says(value) }) }];
  });
}

/**
 * A dashed line at a predicted value of x.
 * @param {number|null} at
 * @param {string} label
 * @returns {Marker[]}
 */
function upright(at, label) {
  return at === null ? [] : [{ axis: 'x', at, label, colour: '--muted', within: true }];
}

/**
 * The p99 of TTFT in overload.
 * @param {Run} run
 * @param {State['theory']} theory
 */
export function p99Markers(run, theory) {
  return upright(predicted(run, theory, 'fluid', 'ttft_p99_ms'), MARKS.p99);
}

/**
 * The gap between tokens where arrivals and answers balance.
 * @param {Run} run
 * @param {State['theory']} theory
 */
export function itlMarkers(run, theory) {
  return upright(predicted(run, theory, 'batch', 'itl_ms'), MARKS.itl);
}

/** The settings that theory has a border for, from the rate in force and the capacity of one instance. */
const BORDERS = {
  instances: (/** @type {RunReport} */ { config }, /** @type {number} */ capacity) => config.workload.rate / capacity,
  rate: (/** @type {RunReport} */ { config }, /** @type {number} */ capacity) =>
    config.cluster.num_instances * capacity,
};

/**
 * Whether theory has a border for a swept setting.
 * @param {string} axis
 * @returns {axis is keyof typeof BORDERS}
 */
const hasBorder = (axis) => Object.hasOwn(BORDERS, axis);

/**
 * Where the sweep passes the capacity that theory gives: λ/k = μ. Null where it gives none for this run.
 * @param {RunReport|null} run
 * @param {State['theory']} theory
 * @param {string} axis
 */
export function capacityBorder(run, theory, axis) {
  const capacity = predicted(run, theory, 'ceilings', 'capacity');
  if (run === null || !hasBorder(axis) || capacity === null || !(capacity > 0)) return null;
  return BORDERS[axis](run, capacity);
}

/**
 * @param {RunReport|null} run
 * @param {State['theory']} theory
 * @param {string} axis
 */
export function capacityMarkers(run, theory, axis) {
  const at = capacityBorder(run, theory, axis);
  return at === null ? [] : upright(at, theoryBorder(number(at)));
}

/**
 * @param {RunReport|null} run
 * @param {State['theory']} theory
 * @param {string} axis
 */
export function capacityNotes(run, theory, axis) {
  return hasBorder(axis) ? theoryNotes(run, theory, 'capacity') : [];
}

/**
 * The wait that the excess alone would build up: of an arrival at t, e · t / μ.
 * @param {RunReport} run
 * @param {State['theory']} theory
 * @param {number[]} arrivals s, ascending
 * @param {number} end the last arrival, s
 * @returns {Series[]}
 */
export function excessSeries(run, theory, arrivals, end) {
  const atEnd = predicted(run, theory, 'excess', 'wait_at_end_ms');
  if (atEnd === null || !(atEnd > 0) || !(end > 0)) return [];
  const values = arrivals.map((at) => (atEnd * at) / end);
  return [{ label: MARKS.excess, values, kind: 'line', colour: '--muted', dash: [6, 4] }];
}
