// What theory predicts, as a dashed line in a chart of the run. Where its assumptions fail there is no line.

/** @import {Marker} from '../charts/spec.js' */
/** @import {State} from '../state.js' */
/** @import {RunReport} from '../types.d.ts' */

/**
 * The predicted p99 of TTFT.
 * @param {RunReport} run
 * @param {State['theory']} theory
 * @returns {Marker[]}
 */
export function theoryMarkers(run, theory) {
  if (theory === null || typeof theory === 'string' || theory.digest !== run.digest) return [];
  const { holds, title, values } = theory.overlays.fluid;
  const at = values.find(({ name }) => name === 'ttft_p99_ms')?.value;
  return holds && at !== undefined
    ? [{ axis: 'x', at, label: `p99 by ${title.toLowerCase()}`, colour: '--muted' }]
    : [];
}
