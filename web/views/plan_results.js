// A plan in words and as a table.

import { element } from '../dom.js';
import { count, duration, number, plural } from '../format.js';
import { fewestGpus, MOST_INSTANCES } from '../plan/planner.js';

/** @import {Plan, Probe, RateSearch, SizeSearch} from '../plan/planner.js' */

/**
 * @param {Plan} plan
 * @param {boolean} stale whether the settings have changed since
 */
export function conclusion(plan, stale) {
  const best = fewestGpus(plan);
  const runs = `${plural(plan.runs, 'run')} so far.`;
  const old = stale ? ' The settings have changed since: search again.' : '';
  if (plan.status === 'running') return `Searching: ${runs}`;
  const end =
    plan.status === 'cancelled' ? `Cancelled after ${plural(plan.runs, 'run')}.` : `${plural(plan.runs, 'run')}.`;
  if (best === null || best.instances === null) return `No cluster found that meets the targets. ${end}${old}`;
  const size = `${plural(best.instances, 'instance')} with TP ${best.tp}`;
  return `Fewest GPUs: ${size}, ${plural(best.instances * best.tp, 'GPU')} in all. ${end}${old}`;
}

/**
 * The lowest and highest of a figure over the seeds.
 * @param {Probe|undefined} probe
 * @param {(run: Probe['runs'][number]) => number} of
 * @param {(value: number) => string} format
 */
function spread(probe, of, format) {
  if (!probe) return '–';
  const values = probe.runs.map(of);
  const [low, high] = [Math.min(...values), Math.max(...values)].map(format);
  if (low === high) return low;
  const [digits, unit] = low.split(' ');
  // A unit that both have is said once.
  return high.endsWith(` ${unit}`) ? `${digits}–${high}` : `${low} – ${high}`;
}

/** The columns that a probe fills. @param {Probe|undefined} probe */
function probeCells(probe) {
  return [
    spread(probe, ({ summary }) => summary.ttft.p99_ms, duration),
    spread(probe, ({ summary }) => summary.itl.p99_ms, duration),
    spread(probe, ({ summary }) => summary.e2e.p99_ms, duration),
    spread(
      probe,
      ({ goodShare }) => (goodShare ?? 0) * 100,
      (value) => `${number(value)} %`,
    ),
  ];
}

/**
 * @param {SizeSearch} size
 * @param {boolean} running
 * @returns {string}
 */
export function sizeText({ status, instances, error, probes }, running) {
  switch (status) {
    case 'found':
      return String(instances);
    case 'unreachable':
      return `not reachable within ${MOST_INSTANCES} instances (${probes.at(-1)?.misses.join(', ')})`;
    case 'refused':
      return error;
    default:
      return running ? `searching, ${plural(probes.length, 'size')} tried` : 'not finished';
  }
}

/**
 * @param {RateSearch} search
 * @param {boolean} running
 * @returns {string}
 */
export function rateText({ status, rate, error, probes }, running) {
  const lowest = probes[0]?.at ?? 0;
  switch (status) {
    case 'found':
      return `${number(rate ?? 0)} requests/s`;
    case 'unlimited':
      return `more than ${number(rate ?? 0)} requests/s: no limit found`;
    case 'unreachable':
      return `none: even ${number(lowest)} requests/s miss ${probes[0]?.misses.join(', ')}`;
    case 'refused':
      return error;
    case 'pointless':
      return 'no rate to search: this workload sets its own pace';
    default:
      return running ? `searching, ${plural(probes.length, 'rate')} tried` : 'not finished';
  }
}

/**
 * @param {SizeSearch} size
 * @param {Plan} plan
 */
function sizeRow(size, plan) {
  const { tp, instances, knee, probes } = size;
  const head = element('th', { scope: 'row' }, `TP ${tp}`);
  if (instances === null) {
    const text = sizeText(size, plan.status === 'running');
    return element(
      'tr',
      { 'data-tp': tp, class: size.status },
      head,
      element('td', { colspan: 8, class: 'words' }, text),
    );
  }
  const below = probes.find(({ at }) => at === instances - 1);
  const cells = [
    count(instances),
    `${count(instances * tp)}${size === fewestGpus(plan) ? ' ← fewest' : ''}`,
    ...probeCells(probes.find(({ at }) => at === instances)),
    below ? `${count(below.at)}: ${below.misses.join(', ')}` : 'none',
    knee === null ? (plan.status === 'running' ? 'searching' : 'none') : count(knee),
  ];
  return element('tr', { 'data-tp': tp, class: size.status }, head, ...cells.map(resultCell));
}

/**
 * Reasons may take several lines, figures must not.
 * @param {string} text
 */
function resultCell(text) {
  return element('td', { class: text.includes(':') ? 'reason' : false }, text);
}

/** @param {Plan} plan */
function rateRow({ rate, status }) {
  const name = `Rate of ${plural(rate.instances, 'instance')}`;
  const head = element('th', { scope: 'row' }, name);
  const text = rateText(rate, status === 'running');
  if (rate.status !== 'found') {
    return element('tr', { 'data-rate': true }, head, element('td', { colspan: 8, class: 'words' }, text));
  }
  const at = rate.probes.find((probe) => probe.at === rate.rate);
  const above = rate.probes.find((probe) => probe.at > (rate.rate ?? 0));
  const why = above ? `${number(above.at)} /s: ${above.misses.join(', ')}` : '';
  const cells = [...probeCells(at), why, ''];
  return element('tr', { 'data-rate': true }, head, element('td', { colspan: 2 }, text), ...cells.map(resultCell));
}

/**
 * Where more did not mean better, in words; empty if nowhere.
 * @param {Plan} plan
 */
export function contradictions({ sizes, rate }) {
  const words = sizes
    .filter(({ exceptions }) => exceptions.length > 0)
    .map(({ tp, exceptions }) => `TP ${tp} at ${exceptions.map(count).join(', ')} instances`);
  if (rate.exceptions.length > 0) words.push(`the rate at ${rate.exceptions.map(number).join(', ')} /s`);
  if (words.length === 0) return '';
  return `Not monotone: ${words.join('; ')} contradicts its neighbours. What is given is the smallest count whose next two pass as well, and the highest rate below which none was seen to fail.`;
}

/** @param {Plan} plan */
export function planRows(plan) {
  const heads = [
    'Per instance',
    'Instances',
    'GPUs',
    'TTFT p99',
    'ITL p99',
    'E2E p99',
    'Goodput',
    'What fails next',
    'Knee at',
  ];
  return element(
    'table',
    { class: 'plain plan-table' },
    element(
      'caption',
      {},
      `Smallest cluster that meets the targets with ${plural(plan.targets.seeds, 'seed')}; figures are lowest to highest of the seeds`,
    ),
    element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...plan.sizes.map((size) => sizeRow(size, plan)), rateRow(plan)),
  );
}
