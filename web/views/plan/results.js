// A plan in words and as a table.

import { targetsInWords } from '../../settings/targets.js';
import { PLAN_REQUESTS } from '../../shared/budgets.js';
import { isDisturbed } from '../../shared/events.js';
import { count, dollars, duration } from '../../shared/format.js';
import { element } from '../../ui/dom.js';
import {
  captionWords,
  clusterWords,
  doingWords,
  estimatedWords,
  foundWords,
  goodputWords,
  NOTHING_FOUND,
  notAvailableWords,
  percent,
  PLAN,
  rangeWords,
  rateRowName,
  rateWords,
  remarkWords,
  rowName,
  searchingWords,
  toSimulateWords,
  unreachableWords,
  useRateWords,
  useWords,
  WITHOUT_EVENTS,
  workWords,
} from '../../words/plan.js';
import { byCost, expected, latencyTargets, simulated } from './planner.js';

/** @import {Answer, Spread} from '#engine' */
/** @import {SizingPlan, Search} from './planner.js' */

/** What is put into the settings by "Use this". @typedef {[key: 'gpu'|'price'|'tp'|'instances'|'rate', text: string][]} Choice */

/**
 * @param {SizingPlan} plan
 * @param {boolean} stale whether the settings have changed since
 */
export function conclusion(plan, stale) {
  const old = stale ? PLAN.stale : '';
  if (plan.status === 'running') {
    const doing = [...plan.sizes, plan.rate].flatMap(({ gpu, tp, progress }) =>
      progress?.doing ? [doingWords(tp, progress.doing, gpu)] : [],
    );
    return searchingWords(simulated(plan), doing);
  }
  if (plan.status === 'estimated') return estimatedWords(expected(plan), PLAN_REQUESTS);
  const work = workWords(simulated(plan), plan.status === 'cancelled');
  const best = byCost(plan)[0];
  return `${best ? foundWords(best.search.tp, best.answer, best.search.gpu) : NOTHING_FOUND} ${work}${old}`;
}

/**
 * The lowest and highest of a figure over the seeds.
 * @param {Spread} spread
 * @param {(value: number) => string} format
 */
function range({ low, high }, format) {
  return rangeWords(format(low), format(high));
}

/** The columns of an answer's figures. @param {Answer} answer */
function figureCells(answer) {
  const { load, ttft_p99_ms, mean_itl_p99_ms, e2e_p99_ms, goodput_percent } = answer;
  const { usd_per_hour, usd_per_million_tokens: per_million } = answer;
  return [
    load === null || load === undefined ? '–' : percent(load),
    range(ttft_p99_ms, duration),
    range(mean_itl_p99_ms, duration),
    range(e2e_p99_ms, duration),
    range(goodput_percent, goodputWords),
    usd_per_hour === null || usd_per_hour === undefined ? '–' : dollars(usd_per_hour),
    per_million === null || per_million === undefined ? '–' : dollars(per_million),
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
      return unreachableWords(row.reason);
    case 'refused':
      return row.reason;
    case 'not_applicable':
      return notAvailableWords(row.reason);
    default:
      if (plan.status === 'running') return progress?.doing ?? PLAN.waiting;
      if (plan.status === 'estimated') return toSimulateWords(progress?.expected_requests ?? 0);
      return PLAN.unfinished;
  }
}

/** @param {Choice} choice @param {string} what @param {(choice: Choice) => void} onUse */
function useButton(choice, what, onUse) {
  const button = element('button', { type: 'button', 'data-changes': true, 'aria-label': useWords(what) }, PLAN.use);
  button.addEventListener('click', () => onUse(choice));
  return button;
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
  const { row, tp } = withOwnNotes(search);
  const head = element('th', { scope: 'row' }, title);
  const data = tp === null ? { 'data-rate': true } : { 'data-tp': tp, 'data-gpu': search.gpu };
  if (!row?.answer) {
    const text = rowText(search, plan);
    const cell = element(
      'td',
      { colspan: PLAN.columns.length - 1, class: 'words' },
      text,
      ...noteLines(row?.notes ?? []),
    );
    return [element('tr', { ...data, class: row?.status ?? 'searching' }, head, cell)];
  }
  const { answer } = row;
  const note = element('p', { class: 'plan-remark' }, button(answer), ' ', remarkWords(row, answer));
  return [
    element(
      'tr',
      { ...data, class: row.status },
      head,
      ...firstCells(answer),
      ...figureCells(answer).map((text) => cell(text)),
    ),
    element('tr', { 'data-remark': tp ?? 'rate' }, element('td', { colspan: PLAN.columns.length }, note)),
  ];
}

/** A search without what is noted in every row. @param {Search} search @returns {Search} */
export function withOwnNotes(search) {
  const { row } = search;
  if (row === null) return search;
  return { ...search, row: { ...row, notes: row.notes.filter((note) => note !== WITHOUT_EVENTS) } };
}

/** @param {string[]} notes */
function noteLines(notes) {
  return notes.map((note) => element('span', { class: 'plan-remark' }, ` ${note}.`));
}

/** @param {string} text @param {Record<string, string|number>} [attributes] */
const cell = (text, attributes = {}) => element('td', attributes, text);

/**
 * Another GPU, without the price that was entered for the present one.
 * @param {string|null} gpu
 * @param {SizingPlan} plan
 * @returns {Choice}
 */
function gpuChoice(gpu, { config }) {
  if (gpu === null) return [];
  return [['gpu', gpu], ...(gpu === config.model.hardware ? [] : [/** @type {Choice[number]} */ (['price', ''])])];
}

/**
 * @param {Search} search
 * @param {SizingPlan} plan
 * @param {(choice: Choice) => void} onUse
 */
function sizeRows(search, plan, onUse) {
  const { gpu, tp } = search;
  const several = gpu !== null;
  const best = byCost(plan)[0]?.search === search && plan.status !== 'running';
  return tableRows(
    search,
    plan,
    rowName(tp ?? 0, gpu),
    ({ instances, gpus }) => [
      cell(count(instances)),
      cell(`${count(gpus)}${best ? ` ${several ? PLAN.cheapest : PLAN.fewest}` : ''}`),
    ],
    ({ instances }) => {
      const what = clusterWords(instances, tp, gpu);
      return useButton([...gpuChoice(gpu, plan), ['tp', String(tp)], ['instances', String(instances)]], what, onUse);
    },
  );
}

/** @param {SizingPlan} plan @param {(choice: Choice) => void} onUse */
function rateRows(plan, onUse) {
  const title = rateRowName(plan.config.cluster.num_instances);
  return tableRows(
    plan.rate,
    plan,
    title,
    ({ rate }) => [cell(rateWords(rate ?? 0), { colspan: 2 })],
    ({ rate }) => useButton([['rate', String(rate)]], useRateWords(rate ?? 0), onUse),
  );
}

/**
 * Of several GPUs the cheapest cluster comes first, once that is known; those without an answer come last.
 * @param {SizingPlan} plan
 */
function inOrder(plan) {
  if (plan.gpus.length === 0 || plan.status === 'running') return plan.sizes;
  const answered = byCost(plan).map(({ search }) => search);
  return [...answered, ...plan.sizes.filter((search) => !answered.includes(search))];
}

/**
 * @param {SizingPlan} plan
 * @param {(choice: Choice) => void} onUse
 */
export function planRows(plan, onUse) {
  const seeds = plan.config.workload.requests === null ? plan.targets.seeds : null;
  return element(
    'table',
    { class: 'plain plan-table' },
    element('caption', {}, captionWords(targetsInWords(latencyTargets(plan)), seeds, isDisturbed(plan.config))),
    element('thead', {}, element('tr', {}, ...PLAN.columns.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...inOrder(plan).flatMap((size) => sizeRows(size, plan, onUse)), ...rateRows(plan, onUse)),
  );
}
