// A plan's curves: everything that was tried, with the target and the findings.

import { LATENCY_TARGETS } from '../../settings/targets.js';
import { dollars, duration, number, plural } from '../../shared/format.js';
import {
  AXES,
  findingMark,
  highestOf,
  lowestOf,
  p99Label,
  rateMark,
  rateSummary,
  rateWords,
  rowName,
  sizeSummary,
  targetMark,
} from '../../words/plan.js';
import { byCost, latencyTargets } from './planner.js';

/** @import {ChartSpec, Marker, Series} from '../../charts/spec.js' */
/** @import {Answer, RunFigures, SloTarget, Trial} from '#engine' */
/** @import {Search, SizingPlan} from './planner.js' */

/** Where a run shows what has a target; the first that has one is drawn. */
const FIGURES = /** @type {const} */ ({ ttft: 'ttft_p99_ms', itl: 'mean_itl_p99_ms', e2e: 'e2e_p99_ms' });

/** A colour and a dash per TP, so that lines differ without colour. @type {{colour: string, dash?: number[]}[]} */
const STYLES = [
  { colour: '--main' },
  { colour: '--good', dash: [8, 4] },
  { colour: '--warm', dash: [3, 3] },
  { colour: '--accent', dash: [8, 3, 2, 3] },
  { colour: '--ink' },
  { colour: '--main', dash: [2, 4] },
  { colour: '--good', dash: [12, 3] },
  { colour: '--warm', dash: [10, 3, 2, 3, 2, 3] },
];

/**
 * What an instance costs per hour; null if no price is known.
 * @param {Answer|null|undefined} answer
 */
function priceOf(answer) {
  const price = answer?.usd_per_hour ?? null;
  return price === null || !answer || answer.instances === 0 ? null : price / answer.instances;
}

/**
 * Where an answer stands on the x axis.
 * @param {Answer} answer
 * @param {string|null} gpu of several that are tried
 */
const widthOf = (answer, gpu) => (gpu === null ? answer.gpus : (answer.usd_per_hour ?? 0));

/** Of each GPU the number per instance that costs least. @param {SizingPlan} plan @returns {Search[]} */
function cheapestPerGpu(plan) {
  const order = byCost(plan).map(({ search }) => search);
  return plan.gpus.flatMap((gpu) => order.find((search) => search.gpu === gpu) ?? []);
}

/** @param {SizingPlan} plan */
function drawn(plan) {
  const targets = latencyTargets(plan);
  const limits = (/** @type {keyof SloTarget} */ field) =>
    Object.values(targets).flatMap((target) => (typeof target[field] === 'number' ? [target[field]] : []));
  const { id, label, field } =
    LATENCY_TARGETS.find((latency) => limits(latency.field).length > 0) ?? LATENCY_TARGETS[0];
  const [target, ...others] = [...new Set(limits(field))];
  return {
    label: p99Label(label),
    // Where classes differ, no line stands for all of them.
    target: target !== undefined && others.length === 0 ? target : null,
    of: (/** @type {RunFigures} */ run) => run[FIGURES[id]],
  };
}

/** What was run; where the load alone decides, nothing was. @param {Trial[]|undefined} trials */
const ran = (trials) => (trials ?? []).filter(({ runs }) => runs.length > 0);

/**
 * @param {Trial|undefined} trial
 * @param {(run: RunFigures) => number} of
 * @param {(...values: number[]) => number} choose
 */
function over(trial, of, choose) {
  return trial ? choose(...trial.runs.map(of)) : null;
}

/** @param {...number} values */
const mean = (...values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The line and the edges of its band.
 * @param {{label: string, style: typeof STYLES[number], trials: (Trial|undefined)[], of: (run: RunFigures) => number}} curve
 * @returns {Series[]}
 */
function curveSeries({ label, style, trials, of }) {
  const values = (/** @type {(...values: number[]) => number} */ choose) =>
    trials.map((trial) => over(trial, of, choose));
  return [
    { label, values: values(mean), kind: 'line', ...style, points: 'dot' },
    { label: lowestOf(label), values: values(Math.min), kind: 'edge', colour: style.colour },
    { label: highestOf(label), values: values(Math.max), kind: 'edge', colour: style.colour },
  ];
}

/** @param {number|null} target @returns {Marker[]} */
function targetMarker(target) {
  return target === null ? [] : [{ axis: 'y', at: target, label: targetMark(target), colour: '--accent' }];
}

/**
 * The cheapest cluster; those of the other TPs are in the table.
 * @param {SizingPlan} plan
 * @returns {Marker[]}
 */
function findingMarkers(plan) {
  const best = byCost(plan)[0];
  if (!best || (best.search.gpu !== null && priceOf(best.answer) === null)) return [];
  const { gpu, tp } = best.search;
  const { instances } = best.answer;
  return [{ axis: 'x', at: widthOf(best.answer, gpu), label: findingMark(tp, instances, gpu), colour: '--good' }];
}

/**
 * @param {SizingPlan} plan
 * @returns {ChartSpec|null}
 */
export function sizeChart(plan) {
  const several = plan.gpus.length > 0;
  const shown = several ? cheapestPerGpu(plan) : plan.sizes;
  const sizes = shown.flatMap(({ gpu, tp, row }) => {
    const trials = ran(row?.trials);
    // Every instance of a search costs the same.
    const { answer } = row ?? {};
    const each = several ? priceOf(answer) : tp;
    return tp === null || each === null || trials.length === 0 ? [] : [{ gpu, tp, each, trials }];
  });
  if (sizes.length === 0) return null;
  const { label, target, of } = drawn(plan);
  const xs = [...new Set(sizes.flatMap(({ each, trials }) => trials.map(({ instances }) => instances * each)))].sort(
    (a, b) => a - b,
  );
  const curves = sizes.map(({ gpu, tp, each, trials }) => ({
    label: rowName(tp, gpu),
    style: STYLES[shown.findIndex((size) => size.tp === tp && size.gpu === gpu) % STYLES.length],
    trials: xs.map((at) => trials.find(({ instances }) => instances * each === at)),
    of,
  }));
  return {
    summary: sizeSummary(label),
    xName: several ? AXES.dollars : AXES.gpus,
    x: several
      ? { label: AXES.dollarsAxis, format: dollars, tick: dollars, log: true }
      : { label: AXES.allGpus, format: (value) => plural(value, 'GPU'), tick: String, whole: true, log: true },
    y: { label, format: duration, log: 'auto', zero: true },
    xs,
    series: curves.flatMap(curveSeries),
    bands: curves.map((curve, i) => ({ upper: 3 * i + 2, lower: 3 * i + 1, label: '', colour: curve.style.colour })),
    markers: [...findingMarkers(plan), ...targetMarker(target)],
  };
}

/**
 * @param {SizingPlan} plan
 * @returns {ChartSpec|null}
 */
export function rateChart(plan) {
  const trials = ran(plan.rate.row?.trials);
  // Where no rate is low enough there is nothing between them to see.
  if (trials.length === 0 || plan.rate.row?.status === 'unreachable') return null;
  const { label, target, of } = drawn(plan);
  const found = plan.rate.row?.answer?.rate ?? null;
  const instances = plan.config.cluster.num_instances;
  return {
    summary: rateSummary(label, instances),
    xName: AXES.rate,
    x: { label: AXES.rateAxis, format: rateWords, tick: number, log: true },
    y: { label, format: duration, log: 'auto', zero: true },
    xs: trials.map(({ rate }) => rate ?? 0),
    series: curveSeries({ label: AXES.mean, style: STYLES[0], trials, of }),
    bands: [{ upper: 2, lower: 1, label: AXES.band, colour: '--main' }],
    markers: [
      ...(found === null
        ? []
        : [/** @type {Marker} */ ({ axis: 'x', at: found, label: rateMark(found), colour: '--good' })]),
      ...targetMarker(target),
    ],
  };
}
