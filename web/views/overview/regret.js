// How far the chosen instance stood behind the best one.

import { number } from '../../shared/format.js';
import {
  DECISION_TIME,
  LARGEST,
  LOAD,
  maxWords,
  MEAN_REGRET,
  meanWords,
  REGRET_NONE,
  REGRET_SERIES,
  REGRET_ZERO,
  regretIn,
  regretWords,
  SCORE_POINTS,
  SMALLEST,
  SMALLEST_TO_LARGEST,
  TIME,
} from '../../words/overview_charts.js';
import { ghostOf, valuesAt } from './ghost.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {RunReport, Summary} from '../../shared/types.d.ts' */

/**
 * What regret counts. It is never a time.
 * @param {Summary} summary
 */
export function regretUnit(summary) {
  return summary.regret_unit === 'score' ? SCORE_POINTS : LOAD;
}

/** @param {RunReport} run */
function summarise({ config, summary }) {
  const { policy } = config.routing;
  if (summary.max_regret === 0) return policy === 'least-loaded' || policy === 'weighted' ? REGRET_ZERO : REGRET_NONE;
  return regretWords(number(summary.mean_regret), number(summary.max_regret), regretUnit(summary));
}

/**
 * The mean regret of the run before, where it is counted in the same way.
 * @param {Readonly<State>} state
 * @param {RunReport} run
 * @returns {ChartSpec['series']}
 */
function ghostSeries(state, { regret, summary }) {
  const ghost = ghostOf(state);
  if (!ghost || regretUnit(ghost.run.summary) !== regretUnit(summary)) return [];
  const values = valuesAt(ghost.run.regret.seconds, ghost.run.regret.mean, regret.seconds);
  return [{ label: ghost.words, values, kind: 'line', colour: '--muted', thin: true }];
}

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function regretChart(state) {
  const { run } = state;
  if (run === null || run.regret.seconds.length === 0) return null;
  const { seconds, min, mean, max } = run.regret;
  const single = min.every((value, i) => value === max[i]);
  /** @type {ChartSpec['series']} */
  const edges = [
    { label: SMALLEST, values: min, kind: 'edge', colour: '--main' },
    { label: LARGEST, values: max, kind: 'edge', colour: '--main' },
  ];
  const { max_regret: most, mean_regret: average } = run.summary;
  return {
    summary: summarise(run),
    xName: TIME,
    x: { label: DECISION_TIME, format: (value) => `${number(value)} s` },
    y: { label: regretIn(regretUnit(run.summary)), format: number, log: 'never', zero: true },
    xs: seconds,
    series: [
      { label: single ? REGRET_SERIES : MEAN_REGRET, values: mean, kind: 'line', colour: '--main' },
      ...(single ? [] : edges),
      ...ghostSeries(state, run),
    ],
    bands: single ? [] : [{ upper: 2, lower: 1, label: SMALLEST_TO_LARGEST, colour: '--main' }],
    markers: [
      { axis: 'y', at: most, label: maxWords(number(most)), colour: '--accent' },
      { axis: 'y', at: average, label: meanWords(number(average)), colour: '--ink' },
    ],
  };
}
