// What theory predicts, as a dashed line in a chart of the run. Where its assumptions fail there is neither line nor word.

import { duration } from '../format.js';

/** @import {Marker} from '../charts/spec.js' */
/** @import {State} from '../state.js' */
/** @import {RunReport} from '../types.d.ts' */

/**
 * The predicted p99 of TTFT in ms; null if theory has none for this run.
 * @param {RunReport} run
 * @param {State['theory']} theory
 */
function predictedP99(run, theory) {
  if (theory === null || typeof theory === 'string' || theory.digest !== run.digest) return null;
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

/**
 * The same as the end of a sentence, empty if there is nothing to say.
 * @param {RunReport} run
 * @param {State['theory']} theory
 */
export function theorySentence(run, theory) {
  const at = predictedP99(run, theory);
  return at === null ? '' : ` Theory (aged fluid): p99 ${duration(at)}.`;
}
