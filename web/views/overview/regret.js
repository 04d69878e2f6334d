// Regret of the routing decisions over time: how much more load the chosen instance had than the best one.

import { number } from '../../shared/format.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {RunReport, Summary} from '../../shared/types.d.ts' */

/**
 * What regret counts: load, which is requests waiting, running and on their way (so that one can count twice), or points
 * of the weighted score. It is never a time.
 * @param {Summary} summary
 */
export function regretUnit(summary) {
  return summary.regret_unit === 'score' ? 'score points' : 'units of load';
}

/** @param {RunReport} run */
function summarise({ config, summary }) {
  const mean = number(summary.mean_regret);
  const max = number(summary.max_regret);
  const { policy } = config.routing;
  if (summary.max_regret === 0 && (policy === 'least-loaded' || policy === 'weighted')) {
    return 'Always 0: this policy takes the best instance of its own ranking. That does not make the ranking right.';
  }
  if (summary.max_regret === 0) return 'No decision left a better instance aside.';
  return `On average the chosen instance stood ${mean} ${regretUnit(summary)} behind the best one, at most ${max}.`;
}

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function regretChart({ run }) {
  if (run === null || run.regret.seconds.length === 0) return null;
  const { seconds, min, mean, max } = run.regret;
  const single = min.every((value, i) => value === max[i]);
  /** @type {ChartSpec['series']} */
  const edges = [
    { label: 'smallest', values: min, kind: 'edge', colour: '--main' },
    { label: 'largest', values: max, kind: 'edge', colour: '--main' },
  ];
  return {
    summary: summarise(run),
    xName: 'Time',
    x: { label: 'simulated time of the decision', format: (value) => `${number(value)} s` },
    y: { label: `regret in ${regretUnit(run.summary)}`, format: number, log: 'never', zero: true },
    xs: seconds,
    series: [
      { label: single ? 'regret' : 'mean regret', values: mean, kind: 'line', colour: '--main' },
      ...(single ? [] : edges),
    ],
    bands: single ? [] : [{ upper: 2, lower: 1, label: 'smallest to largest', colour: '--main' }],
    markers: [
      { axis: 'y', at: run.summary.max_regret, label: `max ${number(run.summary.max_regret)}`, colour: '--accent' },
      { axis: 'y', at: run.summary.mean_regret, label: `mean ${number(run.summary.mean_regret)}`, colour: '--warm' },
    ],
  };
}
