// A plan in words and as a table.

import { targetsInWords } from '../../settings/targets.js';
import { count, duration, number, plural } from '../../shared/format.js';
import { csvCell } from '../../shared/visible.js';
import { element } from '../../ui/dom.js';
import { PLAN_REQUESTS } from '../../shared/budgets.js';
import { byCost, expected, latencyTargets, simulated } from './planner.js';

/** @import {Answer, Neighbour, Row, Spread} from '#engine' */
/** @import {SizingPlan, Search} from './planner.js' */

/** What is put into the settings by "Use this". @typedef {[key: 'tp'|'instances'|'rate', text: string][]} Choice */

/** @param {number} share */
const percent = (share) => `${number(Math.round(share * 1000) / 10)}%`;

/**
 * @param {SizingPlan} plan
 * @param {boolean} stale whether the settings have changed since
 */
export function conclusion(plan, stale) {
  const old = stale ? ' The settings have changed since.' : '';
  if (plan.status === 'running') {
    const doing = [...plan.sizes, plan.rate].flatMap(({ tp, progress }) =>
      progress?.doing ? [`${tp === null ? 'rate' : `TP ${tp}`}, ${progress.doing}`] : [],
    );
    return `Searching: ${plural(simulated(plan), 'request')} simulated${doing.length > 0 ? ` (${doing.join('; ')})` : ''}.`;
  }
  if (plan.status === 'estimated') {
    return `This plan takes about ${count(expected(plan))} simulated requests; more than ${count(PLAN_REQUESTS)} per row are only simulated when asked for.`;
  }
  const work = `${plural(simulated(plan), 'request')} simulated.`;
  const end = plan.status === 'cancelled' ? `Cancelled: ${work}` : work;
  const best = byCost(plan)[0];
  if (!best) return `No cluster found that meets the targets. ${end}${old}`;
  const { instances, gpus, load } = best.answer;
  const loaded = load === null || load === undefined ? '' : `, load ${percent(load)}`;
  return `Fewest GPUs: ${plural(instances, 'instance')} with TP ${best.search.tp}, ${plural(gpus, 'GPU')} in all${loaded}. ${end}${old}`;
}

/**
 * The lowest and highest of a figure over the seeds.
 * @param {Spread} spread
 * @param {(value: number) => string} format
 */
function range({ low, high }, format) {
  const [first, last] = [low, high].map(format);
  if (first === last) return first;
  const [digits, unit] = first.split(' ');
  // A unit that both have is said once.
  return unit && last.endsWith(` ${unit}`) ? `${digits}–${last}` : `${first} – ${last}`;
}

/** The columns of an answer's figures. @param {Answer} answer */
function figureCells({ load, ttft_p99_ms, mean_itl_p99_ms, e2e_p99_ms, goodput_percent }) {
  return [
    load === null || load === undefined ? '–' : percent(load),
    range(ttft_p99_ms, duration),
    range(mean_itl_p99_ms, duration),
    range(e2e_p99_ms, duration),
    range(goodput_percent, (value) => `${number(Math.floor(value * 10) / 10)}%`),
  ];
}

/**
 * Why a row has no answer.
 * @param {Search} search
 * @param {SizingPlan} plan
 */
export function rowText({ row, progress }, plan) {
  switch (row?.status) {
    case 'unreachable':
      return `Not reachable: ${row.reason}.`;
    case 'refused':
      return row.reason;
    case 'not_applicable':
      return `Not available: ${row.reason}.`;
    default:
      if (plan.status === 'running') return progress?.doing ?? 'waiting for a free worker';
      if (plan.status === 'estimated') return `about ${count(progress?.expected_requests ?? 0)} requests to simulate`;
      return 'not finished';
  }
}

/**
 * What fails next to an answer: one instance fewer, or the next higher rate.
 * @param {Row} row
 * @returns {string[]}
 */
function nextText({ next, question }) {
  if (!next) return [];
  const name = question === 'rate' ? `${number(next.rate ?? 0)} requests/s` : plural(next.instances, 'instance');
  const load = next.load === null || next.load === undefined ? '' : ` (load ${percent(next.load)})`;
  const reason = next.reason.charAt(0).toUpperCase() + next.reason.slice(1);
  return [`Why not ${name}${load}: ${reason}`];
}

/** @param {Choice} choice @param {string} what @param {(choice: Choice) => void} onUse */
function useButton(choice, what, onUse) {
  const button = element('button', { type: 'button', class: 'quiet', 'aria-label': `Use this: ${what}` }, 'Use this');
  button.addEventListener('click', () => onUse(choice));
  return button;
}

/** @param {Row} row @param {Answer} answer */
function remarks(row, { runs, requests }) {
  const { notes, exceptions, question } = row;
  const lines = [...nextText(row), ...notes];
  if (exceptions.length > 0) {
    const unit = question === 'rate' ? 'requests/s' : 'instances';
    lines.push(`not monotone: ${exceptions.map(number).join(', ')} ${unit} contradict their neighbours`);
  }
  lines.push(
    runs === 1 ? `One run of ${plural(requests, 'request')}` : `${runs} runs of up to ${plural(requests, 'request')}`,
  );
  return lines.map((line) => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`).join(' ');
}

/**
 * The rows of one question: figures, and remarks below them.
 * @param {Search} search
 * @param {SizingPlan} plan
 * @param {string} title
 * @param {(answer: Answer) => Node[]} firstCells
 * @param {(answer: Answer) => Node} button
 */
function tableRows(search, plan, title, firstCells, button) {
  const { row, tp } = search;
  const head = element('th', { scope: 'row' }, title);
  const data = tp === null ? { 'data-rate': true } : { 'data-tp': tp };
  if (!row?.answer) {
    const text = rowText(search, plan);
    const cell = element('td', { colspan: COLUMNS.length - 1, class: 'words' }, text, ...noteLines(row?.notes ?? []));
    return [element('tr', { ...data, class: row?.status ?? 'searching' }, head, cell)];
  }
  const { answer } = row;
  const note = element('p', { class: 'plan-remark' }, button(answer), ' ', remarks(row, answer));
  return [
    element(
      'tr',
      { ...data, class: row.status },
      head,
      ...firstCells(answer),
      ...figureCells(answer).map((text) => cell(text)),
    ),
    element('tr', { 'data-remark': tp ?? 'rate' }, element('td', { colspan: COLUMNS.length }, note)),
  ];
}

/** @param {string[]} notes */
function noteLines(notes) {
  return notes.map((note) => element('span', { class: 'plan-remark' }, ` ${note}.`));
}

/** @param {string} text @param {Record<string, string|number>} [attributes] */
const cell = (text, attributes = {}) => element('td', attributes, text);

/**
 * @param {Search} search
 * @param {SizingPlan} plan
 * @param {(choice: Choice) => void} onUse
 */
function sizeRows(search, plan, onUse) {
  const { tp } = search;
  const best = byCost(plan)[0]?.search === search && plan.status !== 'running';
  return tableRows(
    search,
    plan,
    `TP ${tp}`,
    ({ instances, gpus }) => [cell(count(instances)), cell(`${count(gpus)}${best ? ' ← fewest' : ''}`)],
    ({ instances }) => {
      const what = `${plural(instances, 'instance')} with TP ${tp}`;
      return useButton(
        [
          ['tp', String(tp)],
          ['instances', String(instances)],
        ],
        what,
        onUse,
      );
    },
  );
}

/** @param {SizingPlan} plan @param {(choice: Choice) => void} onUse */
function rateRows(plan, onUse) {
  const title = `Rate of ${plural(plan.config.cluster.num_instances, 'instance')}`;
  return tableRows(
    plan.rate,
    plan,
    title,
    ({ rate }) => [cell(`${number(rate ?? 0)} requests/s`, { colspan: 2 })],
    ({ rate }) => useButton([['rate', String(rate)]], `${number(rate ?? 0)} requests per second`, onUse),
  );
}

const COLUMNS = ['Per instance', 'Instances', 'GPUs', 'Load', 'TTFT p99', 'Mean ITL p99', 'E2E p99', 'Goodput'];

/**
 * @param {SizingPlan} plan
 * @param {(choice: Choice) => void} onUse
 */
export function planRows(plan, onUse) {
  const seeds =
    plan.config.workload.requests === null ? `with ${plural(plan.targets.seeds, 'seed')}` : 'with this trace';
  return element(
    'table',
    { class: 'plain plan-table' },
    element(
      'caption',
      {},
      `Smallest cluster that keeps ${targetsInWords(latencyTargets(plan)) || 'the targets'} (p99) ${seeds}; latencies are lowest to highest of the runs, load is the share of the calibrated capacity`,
    ),
    element('thead', {}, element('tr', {}, ...COLUMNS.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...plan.sizes.flatMap((size) => sizeRows(size, plan, onUse)), ...rateRows(plan, onUse)),
  );
}

/** A field of a CSV file; numbers are never texts. @param {unknown} value */
function csvField(value) {
  return typeof value === 'string' ? csvCell(value) : String(value ?? '');
}

/**
 * The table as CSV, one line per answer.
 * @param {SizingPlan} plan
 * @param {string} [simulated] what all of them are about, on every line: another program reads no remark above the table
 */
export function planCsv(plan, simulated = '') {
  const figures = /** @type {const} */ (['ttft_p99_ms', 'mean_itl_p99_ms', 'e2e_p99_ms', 'goodput_percent']);
  const heads = figures.flatMap((name) => [`${name}_low`, `${name}_mean`, `${name}_high`]);
  const names = ['question', 'tp', 'status', 'reason', 'instances', 'gpus', 'rate', 'load', 'runs', 'requests'];
  const width = names.length + heads.length;
  const lines = [...plan.sizes, plan.rate].flatMap(({ row }) => {
    if (!row) return [];
    const { question, tp, status, reason, answer } = row;
    const cells = [question, tp, status, reason];
    if (answer) {
      const { instances, gpus, rate, load, runs, requests } = answer;
      const spreads = figures.flatMap((name) => [answer[name].low, answer[name].mean, answer[name].high]);
      cells.push(.../** @type {any[]} */ ([instances, gpus, rate, load, runs, requests, ...spreads]));
    }
    const padded = Array.from({ length: width }, (_unused, i) => cells[i]);
    return [[...padded, simulated].map(csvField).join(',')];
  });
  return `${[[...names, ...heads, 'simulated'].join(','), ...lines].join('\n')}\n`;
}
