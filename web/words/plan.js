// Words of Plan: targets, the table of clusters, and what the search is doing.

import { count, dollars, duration, number, plural } from '../shared/format.js';

/** @import {Answer, Row} from '#engine' */

/** @param {number} share */
export const percent = (share) => `${number(Math.round(share * 1000) / 10)}%`;

// --- The form ---

/** Names of the fields by id, and what each asks for. @param {number} proposed ms */
export const targetWords = (proposed) => ({
  ttft: {
    label: 'TTFT p99',
    unit: 'ms',
    help: `99 of 100 first tokens come within it (${proposed} ms if you set no latency)`,
  },
  itl: { label: 'Mean ITL p99', unit: 'ms', help: 'in 99 of 100 answers, the mean gap between tokens is within it' },
  e2e: { label: 'E2E p99', unit: 'ms', help: '99 of 100 answers are complete within it' },
  goodput: { label: 'Goodput', unit: '%', help: 'share of requests that meet every latency target' },
  seeds: { label: 'Seeds', unit: 'runs', help: 'each of these runs has to meet the targets' },
});

export const FORM = {
  title: 'Targets',
  find: 'Find the cluster',
  cancel: 'Cancel',
  csv: 'Download as CSV',
  gpus: 'Which GPU?',
  gpusNote:
    'Choose up to 8 to compare: each is searched, and the cheapest cluster comes first. None: only the GPU of the settings.',
  none: 'none',
  byClass: 'by class',
};

/** @param {string} problem as the end of a sentence */
export const problemWords = (problem) => `This ${problem}.`;

/** @param {number} max */
export const numberProblem = (max) => `must be a number above 0, at most ${max}`;

/** @param {number} max */
export const seedsProblem = (max) => `must be a whole number from 1 to ${max}`;

// --- What came out ---

export const PLAN = {
  region: 'Clusters that meet the targets',
  sizes: 'Latency against GPUs',
  rates: 'Latency against the arrival rate',
  earlier: 'For earlier settings or targets:',
  use: 'Use this',
  fewest: '← fewest',
  cheapest: '← cheapest',
  columns: [
    'Per instance',
    'Instances',
    'GPUs',
    'Load',
    'TTFT p99',
    'Mean ITL p99',
    'E2E p99',
    'Goodput',
    '$ per hour',
    '$ per million answer tokens',
  ],
  waiting: 'waiting for a free worker',
  unfinished: 'not finished',
  stale: ' The settings have changed since.',
};

/**
 * @param {number} simulated requests so far
 * @param {string[]} doing what each worker is at
 */
export function searchingWords(simulated, doing) {
  const now = doing.length > 0 ? ` (${doing.join('; ')})` : '';
  return `Searching: ${plural(simulated, 'request')} simulated${now}.`;
}

/** @param {number|null} tp null for the search for the highest rate @param {string} doing @param {string|null} [gpu] */
export const doingWords = (tp, doing, gpu = null) => `${tp === null ? 'rate' : rowName(tp, gpu)}, ${doing}`;

/** @param {number} expected requests @param {number} most requests of a row that are simulated unasked */
export function estimatedWords(expected, most) {
  return `This plan takes about ${count(expected)} simulated requests; more than ${count(most)} per row are only simulated when asked for.`;
}

/** @param {number} simulated requests @param {boolean} cancelled */
export function workWords(simulated, cancelled) {
  return `${cancelled ? 'Cancelled: ' : ''}${plural(simulated, 'request')} simulated.`;
}

export const NOTHING_FOUND = 'No cluster found that meets the targets.';

/** @param {number|null} tp @param {Answer} answer @param {string|null} [gpu] of several that were tried */
export function foundWords(tp, { instances, gpus, load, usd_per_hour: price }, gpu = null) {
  const loaded = load === null || load === undefined ? '' : `, load ${percent(load)}`;
  const first = gpu === null || typeof price !== 'number' ? 'Fewest GPUs' : 'Cheapest';
  const cost = typeof price === 'number' ? `, ${dollars(price)} per hour` : '';
  return `${first}: ${clusterWords(instances, tp, gpu)}, ${plural(gpus, 'GPU')} in all${loaded}${cost}.`;
}

/**
 * The lowest and highest of a figure over the seeds; a unit that both have is said once.
 * @param {string} first
 * @param {string} last
 */
export function rangeWords(first, last) {
  if (first === last) return first;
  const [, digits, unit] = first.match(/^([\d.,]+)( ?\D+)$/) ?? [];
  return unit && last.endsWith(unit) ? `${digits} to ${last}` : `${first} to ${last}`;
}

/**
 * The engine searches rates down to where requests never meet: what misses a target there misses it alone.
 * @param {string} reason
 */
export function unreachableWords(reason) {
  const [, rate, why] = reason.match(/^not even ([\d.e-]+) requests\/s: (.*)$/s) ?? [];
  if (rate === undefined) return `Not reachable: ${reason}.`;
  const [, figure, value] = why.match(/^((?:TTFT|mean ITL|E2E)(?: p99)?) ([^,]+)$/i) ?? [];
  const needs = figure ? `even an idle instance needs ${value} (${figure})` : why;
  return `Not reachable at any rate: ${needs}.`;
}

/** @param {string} reason */
export const notAvailableWords = (reason) => `Not available: ${reason}.`;

/** @param {number} requests */
export const toSimulateWords = (requests) => `about ${count(requests)} requests to simulate`;

/** @param {string} words */
const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/**
 * Why the next smaller cluster, or the next higher rate, is no answer; empty if none was tried.
 * @param {Pick<Row, 'next'|'question'>} row
 */
export function nextWords({ next, question }) {
  if (!next) return '';
  const name = question === 'rate' ? rateWords(next.rate ?? 0) : plural(next.instances, 'instance');
  const load = next.load === null || next.load === undefined ? '' : ` (load ${percent(next.load)})`;
  return `Why not ${name}${load}: ${sentence(next.reason)}`;
}

/**
 * What else is to be said of an answer.
 * @param {Row} row
 * @param {Answer} answer
 */
export function remarkWords(row, { runs, requests }) {
  const { notes, exceptions, question } = row;
  const unit = question === 'rate' ? 'requests/s' : 'instances';
  const lines = [
    ...notes,
    ...(exceptions.length > 0
      ? [`not monotone: ${exceptions.map(number).join(', ')} ${unit} contradict their neighbours`]
      : []),
    runs === 1 ? `One run of ${plural(requests, 'request')}` : `${runs} runs of up to ${plural(requests, 'request')}`,
  ];
  return [nextWords(row), ...lines.map(sentence)].filter((line) => line !== '').join(' ');
}

/** @param {number} tp @param {string|null} [gpu] of several that are tried */
export const rowName = (tp, gpu = null) => (gpu === null ? `TP ${tp}` : `${gpu}, TP ${tp}`);

/** @param {number} instances */
export const rateRowName = (instances) => `Rate of ${plural(instances, 'instance')}`;

/** @param {number} rate */
export const rateWords = (rate) => `${number(rate)} ${rate === 1 ? 'request' : 'requests'}/s`;

/** What a button sets, for those who do not see its row. @param {string} what */
export const useWords = (what) => `Use this: ${what}`;

/** @param {number} instances @param {number|null} tp @param {string|null} [gpu] */
export const clusterWords = (instances, tp, gpu = null) =>
  `${plural(instances, 'instance')} with TP ${tp}${gpu === null ? '' : ` on ${gpu}`}`;

/** @param {number} rate */
export const useRateWords = (rate) => `${number(rate)} requests per second`;

/** What the engine notes in every row where the settings have events; the page says it once, above all of them. */
export const WITHOUT_EVENTS = 'planned without instances that stop and without bursts';

/**
 * @param {string} targets in words
 * @param {number|null} seeds null for a trace, which is the same with every seed
 * @param {boolean} disturbed whether the settings have instances that stop, or bursts
 */
export function captionWords(targets, seeds, disturbed) {
  const events = disturbed ? ` ${sentence(WITHOUT_EVENTS)}` : '';
  const runs = seeds === null ? 'with this trace' : `with ${plural(seeds, 'seed')}`;
  return `The smallest cluster that keeps ${targets || 'the targets'} (p99) ${runs}. Latencies are the lowest and highest of the runs; load is the share of what the instances can serve.${events}`;
}

/** @param {number} value */
export const goodputWords = (value) => `${number(Math.floor(value * 10) / 10)}%`;

// --- Charts ---

/** @param {string} label of the latency */
export const sizeSummary = (label) =>
  `${label} over the seeds (mean, band from lowest to highest) at every size tried.`;

/** @param {string} label of the latency @param {number} instances */
export const rateSummary = (label, instances) =>
  `${label} of ${plural(instances, 'instance')} at every rate tried; the mark is the highest that meets all targets.`;

export const AXES = {
  gpus: 'GPUs',
  allGpus: 'GPUs in all',
  dollars: 'Dollars per hour',
  dollarsAxis: '$ per hour',
  rate: 'Requests per second',
  rateAxis: 'requests per second',
  mean: 'mean',
  band: 'lowest to highest of the seeds',
};

/** @param {string} label */
export const p99Label = (label) => `${label} p99`;

/** @param {string} label */
export const lowestOf = (label) => `${label}, lowest`;

/** @param {string} label */
export const highestOf = (label) => `${label}, highest`;

/** @param {number} ms */
export const targetMark = (ms) => `target ${duration(ms)}`;

/** @param {number|null} tp @param {number} instances @param {string|null} gpu */
export const findingMark = (tp, instances, gpu) => `${rowName(tp ?? 0, gpu)}: ${plural(instances, 'instance')}`;

/** @param {number} rate */
export const rateMark = (rate) => `${number(rate)}/s`;

/** How many GPUs are to be tried. @param {string[]} names */
export const chosenGpus = (names) => (names.length === 0 ? 'as set' : names.join(', '));

/** @param {string[]} parts of a GPU's figures */
export const gpuNote = (parts) => parts.join(' · ');
