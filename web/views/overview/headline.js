// The key figures in numbers, and what they hold for.

import { noteWords } from '../../settings/words.js';
import { count, duration, number, plural } from '../../shared/format.js';
import { difference, HEADLINE_METRICS } from '../../shared/metrics.js';
import { element } from '../../ui/dom.js';

/** @import {State} from '../../app/state.js' */
/** @import {RunReport, Setting, Summary} from '../../shared/types.d.ts' */
/** @import {Pin} from '../compare/pins.js' */

/**
 * @typedef {object} Figure
 * @property {string} id
 * @property {string} label
 * @property {string} value
 * @property {string} [detail]
 */

/**
 * @param {Summary} summary
 * @returns {Figure[]}
 */
export function figures(summary) {
  const { ttft, itl, e2e } = summary;
  const { unfinished } = summary.beside;
  // The reference counts completed requests only; where that misleads, the figure with the others stands beside it.
  const waits = (/** @type {number} */ ms) => (unfinished ? `, at least ${duration(ms)} with unanswered ones` : '');
  const produced = unfinished?.output_tokens
    ? `, ${count(unfinished.produced_tokens_per_sec)} with unanswered requests`
    : '';
  return [
    {
      id: 'ttft-p99',
      label: 'TTFT p99',
      value: duration(ttft.p99_ms),
      detail: `mean ${duration(ttft.mean_ms)}${waits(unfinished?.ttft_p99_at_least_ms ?? 0)}`,
    },
    { id: 'itl', label: 'ITL mean', value: duration(itl.mean_ms), detail: `p99 ${duration(itl.p99_ms)}` },
    {
      id: 'e2e',
      label: 'E2E p99',
      value: duration(e2e.p99_ms),
      detail: `mean ${duration(e2e.mean_ms)}${waits(unfinished?.e2e_p99_at_least_ms ?? 0)}`,
    },
    {
      id: 'throughput',
      label: 'Answers',
      value: `${number(summary.responses_per_sec)} /s`,
      detail: `${count(summary.tokens_per_sec)} tokens/s${produced}`,
    },
    {
      id: 'regret',
      label: 'Regret mean',
      value: number(summary.mean_regret),
      detail: `max ${number(summary.max_regret)}, ${summary.regret_unit}`,
    },
    { id: 'completed', label: 'Completed', value: count(summary.completed), detail: losses(summary) },
  ];
}

/**
 * Requests that did not get an answer, by what happened to them.
 * @param {Summary} summary
 */
function losses(summary) {
  /** @type {[number, string][]} */
  const kinds = [
    [summary.rejected, 'rejected'],
    [summary.timed_out, 'timed out'],
    [summary.dropped, 'too large'],
    [summary.still_queued + summary.still_running, 'unfinished'],
  ];
  const present = kinds
    .filter(([kindCount]) => kindCount > 0)
    .map(([kindCount, what]) => `${count(kindCount)} ${what}`);
  return present.length > 0 ? present.join(', ') : `of ${count(summary.requests)}`;
}

/**
 * Whether requests got no answer for another reason than the end of the run.
 * @param {Summary} summary
 */
function hasLosses({ rejected, timed_out: timedOut, dropped }) {
  return rejected + timedOut + dropped > 0;
}

/**
 * What the figures hold for: a p99 without its run length means nothing in overload.
 * @param {RunReport} run
 */
export function basis({ summary, digest, elapsedMs }) {
  const requests = plural(summary.requests, 'request');
  return `${requests} · ${number(summary.simulated_s)} s simulated in ${number(elapsedMs)} ms · digest ${digest}`;
}

/** The verdicts as they are shown; the symbols differ without colour. */
const VERDICTS = /** @type {const} */ ({
  overloaded: { symbol: '●', words: 'Overloaded' },
  too_short: { symbol: '◐', words: 'Too short to tell' },
  steady: { symbol: '○', words: 'Steady' },
});

/**
 * The verdict on a run and its reason.
 * @param {Summary} summary
 */
export function verdictWords({ verdict: { kind, reason } }) {
  return `${VERDICTS[kind].words}: ${reason}.`;
}

/**
 * One sentence for screen readers when a new run has been drawn.
 * @param {RunReport} run
 */
export function announcement({ summary }) {
  const words = `TTFT p99 ${duration(summary.ttft.p99_ms)} for ${plural(summary.requests, 'request')}`;
  return `${words}. ${verdictWords(summary)}`;
}

/**
 * A pinned run's figure, and the difference of the current one to it.
 * @param {string} id
 * @param {Pin} pin
 * @param {RunReport} run
 */
function compared(id, { name, summary }, run) {
  const metric = HEADLINE_METRICS[id];
  if (!metric) return null;
  const before = metric.of(summary);
  const { change, note, verdict } = difference(metric, before, metric.of(run.summary));
  const was = element('span', { class: 'was' }, `${name}: ${metric.format(before)} `);
  const words = element('span', {}, was, change);
  return element('span', { class: `delta ${verdict}` }, words, ' ', element('span', {}, note));
}

/**
 * What the figures and the settings need said about them, one sentence after the other: lines are dear here.
 * @param {RunReport} run
 * @param {Setting[]} schema
 */
function notesOf({ notes, warnings }, schema) {
  const said = notes.map((each) => `${each.charAt(0).toUpperCase()}${each.slice(1)}.`);
  const noted = noteWords(warnings, schema).map((each) => `Note: ${each}.`);
  const sentences = [...said, ...noted].flatMap((each) => [element('span', {}, each), ' ']);
  return sentences.length === 0 ? null : element('p', { class: 'basis' }, ...sentences);
}

/**
 * @param {HTMLElement} parent
 * @param {Readonly<State>} state
 */
export function renderHeadline(parent, { run, pins, against, description }) {
  if (run === null) return;
  const pin = pins.find(({ id }) => id === against);
  const items = figures(run.summary).map(({ id, label, value, detail }) =>
    element(
      'div',
      { class: 'figure', 'data-figure': id },
      element('dt', {}, label),
      element(
        'dd',
        {},
        element('span', { class: 'value' }, value),
        element('span', { class: id === 'completed' && hasLosses(run.summary) ? 'detail lost' : 'detail' }, detail),
        pin ? compared(id, pin, run) : null,
      ),
    ),
  );
  const { kind } = run.summary.verdict;
  const parts = [
    element('dl', { class: 'figures' }, ...items),
    element('p', { class: 'basis' }, basis(run)),
    element('p', { class: `verdict ${kind}` }, `${VERDICTS[kind].symbol} `, verdictWords(run.summary)),
    notesOf(run, description?.schema ?? []),
  ];
  parent.replaceChildren(...parts.filter((part) => part !== null));
}
