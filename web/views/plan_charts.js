// A plan's curves: everything that was tried, with the target, the findings and the knees.

import { duration, number, plural } from '../format.js';
import { fewestGpus } from '../plan/planner.js';

/** @import {ChartSpec, Marker, Series} from '../charts/spec.js' */
/** @import {Summary} from '../types.d.ts' */
/** @import {Plan, Probe} from '../plan/planner.js' */

/** The latencies that can have a target; the first that has one is drawn. */
const LATENCIES = /** @type {const} */ ([
  { id: 'ttft', label: 'TTFT p99' },
  { id: 'itl', label: 'ITL p99' },
  { id: 'e2e', label: 'E2E p99' },
]);

/** A colour and a dash per TP, so that lines differ without colour. @type {{colour: string, dash?: number[]}[]} */
const STYLES = [
  { colour: '--main' },
  { colour: '--good', dash: [8, 4] },
  { colour: '--warm', dash: [3, 3] },
  { colour: '--accent', dash: [8, 3, 2, 3] },
];

/** @param {Plan} plan */
function drawn({ targets }) {
  const latency = LATENCIES.find(({ id }) => targets[id] !== null) ?? LATENCIES[0];
  return {
    ...latency,
    target: targets[latency.id],
    of: (/** @type {Summary} */ summary) => summary[latency.id].p99_ms,
  };
}

/**
 * @param {Probe|undefined} probe
 * @param {(summary: Summary) => number} of
 * @param {(...values: number[]) => number} choose
 */
function over(probe, of, choose) {
  return probe ? choose(...probe.runs.map(({ summary }) => of(summary))) : null;
}

/** @param {...number} values */
const mean = (...values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The line and the edges of its band.
 * @param {{label: string, style: typeof STYLES[number], probes: (Probe|undefined)[], of: (summary: Summary) => number}} curve
 * @returns {Series[]}
 */
function curveSeries({ label, style, probes, of }) {
  const values = (/** @type {(...values: number[]) => number} */ choose) =>
    probes.map((probe) => over(probe, of, choose));
  return [
    { label, values: values(mean), kind: 'line', ...style, points: 'dot' },
    { label: `${label}, lowest`, values: values(Math.min), kind: 'edge', colour: style.colour },
    { label: `${label}, highest`, values: values(Math.max), kind: 'edge', colour: style.colour },
  ];
}

/** @param {number|null} target @returns {Marker[]} */
function targetMarker(target) {
  return target === null ? [] : [{ axis: 'y', at: target, label: `target ${duration(target)}`, colour: '--accent' }];
}

/**
 * The cheapest cluster and its curve's knee; those of the other TPs are in the table.
 * @param {Plan} plan
 * @returns {Marker[]}
 */
function findingMarkers(plan) {
  const best = fewestGpus(plan);
  if (best === null || best.instances === null) return [];
  const { tp, instances, knee } = best;
  /** @type {Marker[]} */
  const markers = [
    { axis: 'x', at: instances * tp, label: `TP ${tp}: ${plural(instances, 'instance')}`, colour: '--good' },
  ];
  if (knee !== null) markers.push({ axis: 'x', at: knee * tp, label: `knee: ${knee}`, colour: '--muted' });
  return markers;
}

/**
 * @param {Plan} plan
 * @returns {ChartSpec|null}
 */
export function sizeChart(plan) {
  const sizes = plan.sizes.filter(({ probes }) => probes.length > 0);
  if (sizes.length === 0) return null;
  const { label, target, of } = drawn(plan);
  const xs = [...new Set(sizes.flatMap(({ tp, probes }) => probes.map(({ at }) => at * tp)))].sort((a, b) => a - b);
  const curves = sizes.map(({ tp, probes }) => ({
    label: `TP ${tp}`,
    style: STYLES[plan.sizes.findIndex((size) => size.tp === tp) % STYLES.length],
    probes: xs.map((gpus) => probes.find(({ at }) => at * tp === gpus)),
    of,
  }));
  return {
    summary: `${label} over the seeds (mean, band from lowest to highest) at every size tried.`,
    xName: 'GPUs',
    x: { label: 'GPUs in all', format: (value) => plural(value, 'GPU'), tick: String, whole: true, log: true },
    y: { label, format: duration, log: 'auto', zero: true },
    xs,
    series: curves.flatMap(curveSeries),
    bands: curves.map((curve, i) => ({ upper: 3 * i + 2, lower: 3 * i + 1, label: '', colour: curve.style.colour })),
    markers: [...findingMarkers(plan), ...targetMarker(target)],
  };
}

/**
 * @param {Plan} plan
 * @returns {ChartSpec|null}
 */
export function rateChart(plan) {
  const { probes, rate, instances } = plan.rate;
  if (probes.length === 0) return null;
  const { label, target, of } = drawn(plan);
  return {
    summary: `${label} of ${plural(instances, 'instance')} at every rate tried; the mark is the highest that meets all targets.`,
    xName: 'Requests per second',
    x: { label: 'requests per second', format: (value) => `${number(value)} requests/s`, tick: number, log: true },
    y: { label, format: duration, log: 'auto', zero: true },
    xs: probes.map(({ at }) => at),
    series: curveSeries({ label: 'mean', style: STYLES[0], probes, of }),
    bands: [{ upper: 2, lower: 1, label: 'lowest to highest of the seeds', colour: '--main' }],
    markers: [
      ...(rate === null
        ? []
        : [/** @type {Marker} */ ({ axis: 'x', at: rate, label: `${number(rate)} /s`, colour: '--good' })]),
      ...targetMarker(target),
    ],
  };
}
