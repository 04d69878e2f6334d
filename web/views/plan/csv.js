// A plan as comma-separated values: the rows of the table, and below them everything that was tried.

import { targetsInWords } from '../../settings/targets.js';
import { csvCell } from '../../shared/visible.js';
import { nextWords, remarkWords } from '../../words/plan.js';
import { byCost, latencyTargets } from './planner.js';

/** @import {Answer, Row, RunFigures, Spread, Trial} from '#engine' */
/** @import {Search, SizingPlan} from './planner.js' */

const FIGURES = /** @type {const} */ (['ttft_p99_ms', 'mean_itl_p99_ms', 'e2e_p99_ms', 'goodput_percent']);

/** The same on every line: another program reads no remark above the table. */
const ABOUT = ['targets', 'goodput_target_percent', 'seeds', 'simulated'];

const NAMES = [
  'row',
  'question',
  'tp',
  'status',
  'verdict',
  'reason',
  'instances',
  'gpus',
  'rate',
  'load',
  'runs',
  'requests',
  ...FIGURES.flatMap((name) => [`${name}_low`, `${name}_mean`, `${name}_high`]),
  'gpu',
  'usd_per_hour',
  'usd_per_million_tokens',
  'fewest_gpus',
  'why_not_next',
  'remarks',
  ...ABOUT,
];

/** @typedef {Record<string, string|number|boolean|null|undefined>} Line */

/** Digits of a figure: those that the page shows, and two more. */
const DIGITS = 5;

/** A field of the file; numbers are never texts, and have no digits that only their computation has left. @param {Line[string]} value */
function field(value) {
  if (typeof value === 'number' && !Number.isInteger(value))
    return String(Math.abs(value) < 10 ** DIGITS ? Number(value.toPrecision(DIGITS)) : Math.round(value));
  return typeof value === 'string' ? csvCell(value) : String(value ?? '');
}

/**
 * @param {(name: typeof FIGURES[number]) => Spread} of
 * @returns {Line}
 */
function spreads(of) {
  return Object.fromEntries(
    FIGURES.flatMap((name) => {
      const { low, mean, high } = of(name);
      return [
        [`${name}_low`, low],
        [`${name}_mean`, mean],
        [`${name}_high`, high],
      ];
    }),
  );
}

/**
 * A row of the table, with or without an answer.
 * @param {Search} search
 * @param {SizingPlan} plan
 * @returns {Line}
 */
function answerLine({ gpu, tp, row }, plan) {
  const question = tp === null ? 'rate' : 'instances';
  if (row === null) return { row: 'answer', question, gpu, tp, status: plan.status };
  const { status, reason, answer, notes } = row;
  const line = { row: 'answer', question, gpu: row.hardware, tp: row.tp, status, reason };
  if (!answer) return { ...line, remarks: notes.join('; ') };
  const { instances, gpus, rate, load, runs, requests, usd_per_hour, usd_per_million_tokens } = answer;
  return {
    ...line,
    verdict: 'passes',
    ...{ instances, gpus, rate, load, runs, requests },
    ...spreads((name) => answer[name]),
    ...{ usd_per_hour, usd_per_million_tokens },
    fewest_gpus: byCost(plan)[0]?.search.row === row,
    why_not_next: nextWords(row),
    remarks: remarkWords({ ...row, next: null }, answer),
  };
}

/** @param {RunFigures[]} runs @param {typeof FIGURES[number]} name @returns {Spread} */
function spreadOver(runs, name) {
  const values = runs.map((run) => run[name]);
  const sum = values.reduce((all, value) => all + value, 0);
  return { low: Math.min(...values), mean: sum / values.length, high: Math.max(...values) };
}

/**
 * Something that was tried.
 * @param {Row} row
 * @param {Trial} trial
 * @returns {Line}
 */
function trialLine({ question, hardware, tp, status }, { instances, rate, load, finding, reason, runs }) {
  return {
    ...{ row: 'tried', question, gpu: hardware, tp, status, verdict: finding, reason, instances },
    ...{ gpus: instances * tp, rate, load, runs: runs.length },
    ...(runs.length > 0 ? { requests: Math.max(...runs.map(({ requests }) => requests)) } : {}),
    ...(runs.length > 0 ? spreads((name) => spreadOver(runs, name)) : {}),
  };
}

/**
 * @param {SizingPlan} plan
 * @param {string} [simulated] what all of it is about
 */
export function planCsv(plan, simulated = '') {
  const searches = [...plan.sizes, plan.rate];
  const about = {
    targets: targetsInWords(latencyTargets(plan)),
    goodput_target_percent: plan.targets.goodput,
    seeds: plan.targets.seeds,
    simulated,
  };
  const lines = [
    ...searches.map((search) => answerLine(search, plan)),
    ...searches.flatMap(({ row }) => (row?.trials ?? []).map((trial) => trialLine(/** @type {Row} */ (row), trial))),
  ];
  const table = lines.map((line) => NAMES.map((name) => field({ ...line, ...about }[name])).join(','));
  return `${[NAMES.join(','), ...table].join('\n')}\n`;
}
