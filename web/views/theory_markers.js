// What theory predicts, as a dashed line in a chart of the run. Where its assumptions fail there is neither line nor word.

import { duration, number } from '../format.js';

/** @import {Marker} from '../charts/spec.js' */
/** @import {State} from '../state.js' */
/** @import {RunReport, Study} from '../types.d.ts' */

/**
 * Whether theory has spoken about this run.
 * @param {RunReport} run
 * @param {State['theory']} theory
 * @returns {theory is Study}
 */
function known(run, theory) {
  return theory !== null && typeof theory !== 'string' && theory.digest === run.digest;
}

/**
 * The predicted p99 of TTFT in ms; null if theory has none for this run.
 * @param {RunReport} run
 * @param {State['theory']} theory
 */
function predictedP99(run, theory) {
  if (!known(run, theory)) return null;
  const { holds, values } = theory.overlays.fluid;
  return holds ? (values.find(({ name }) => name === 'ttft_p99_ms')?.value ?? null) : null;
}

/**
 * @param {RunReport} run
 * @param {State['theory']} theory
 * @returns {Marker[]}
 */
export function theoryMarkers(run, theory) {
  const at = predictedP99(run, theory);
  return at === null ? [] : [{ axis: 'x', at, label: 'theory p99', colour: '--muted' }];
}

/** The settings that theory has a border for, from the rate in force and the capacity of one instance. */
const BORDERS = {
  instances: (/** @type {RunReport} */ { config }, /** @type {number} */ capacity) => config.workload.rate / capacity,
  rate: (/** @type {RunReport} */ { config }, /** @type {number} */ capacity) =>
    config.cluster.num_instances * capacity,
};

/**
 * Where the sweep passes the capacity that theory gives: λ/k = μ.
 * @param {RunReport|null} run
 * @param {State['theory']} theory
 * @param {string} axis
 * @returns {Marker[]}
 */
export function capacityMarkers(run, theory, axis) {
  if (run === null || !(axis in BORDERS) || !known(run, theory)) return [];
  const { holds, values } = theory.overlays.ceilings;
  const capacity = values.find(({ name }) => name === 'capacity')?.value;
  if (!holds || capacity === undefined || !(capacity > 0)) return [];
  const at = BORDERS[/** @type {keyof typeof BORDERS} */ (axis)](run, capacity);
  return [{ axis: 'x', at, label: `theory: λ/k = μ at ${number(at)}`, colour: '--muted' }];
}

/**
 * The same as the end of a sentence, empty if there is nothing to say.
 * @param {RunReport} run
 * @param {State['theory']} theory
 */
export function theorySentence(run, theory) {
  const at = predictedP99(run, theory);
  return at === null ? '' : ` Theory (aged fluid): p99 ${duration(at)}.`;
}
