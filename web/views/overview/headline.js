// The key figures: one large, with the verdict beside it, and the others; and what they hold for.

import { noteWords } from '../../settings/words.js';
import { count, duration } from '../../shared/format.js';
import { HEADLINE_METRICS, noiseOf, spreadOf } from '../../shared/metrics.js';
import { element, setWords } from '../../ui/dom.js';
import { difference, wasWords } from '../../words/compare.js';
import {
  answerWords,
  basisWords,
  besideWords,
  FIGURES,
  lossWords,
  noteSentence,
  reasonWords,
  regretDetail,
  regretWords,
  sentence,
  tokenWords,
  VERDICTS,
} from '../../words/overview.js';
import { circlingWords, conversationLine } from '../../words/headline.js';
import { createHelp } from './headline_help.js';

/** @import {State} from '../../app/state.js' */
/** @import {RunReport, Setting, Summary} from '../../shared/types.d.ts' */
/** @import {Pin} from '../compare/pins.js' */

export { announcement } from '../../words/overview.js';

/** Losses beyond this share of the requests are in red. */
const FEW_LOSSES = 0.001;

/**
 * @typedef {object} Figure
 * @property {keyof typeof FIGURES} id
 * @property {string} value
 * @property {string} detail
 */

/**
 * @param {Summary} summary
 * @returns {Figure[]} the large one first
 */
export function figures(summary) {
  const { ttft, itl, e2e } = summary;
  // The reference counts completed requests only; where that misleads, the figure with the others stands beside it.
  const { unfinished } = summary.beside;
  return [
    {
      id: 'ttft-p99',
      value: duration(ttft.p99_ms),
      detail: besideWords('mean', ttft.mean_ms, unfinished?.ttft_p99_at_least_ms ?? 0),
    },
    { id: 'itl', value: duration(itl.mean_ms), detail: besideWords('p99', itl.p99_ms) },
    {
      id: 'e2e',
      value: duration(e2e.p99_ms),
      detail: besideWords('mean', e2e.mean_ms, unfinished?.e2e_p99_at_least_ms ?? 0),
    },
    {
      id: 'throughput',
      value: answerWords(summary.responses_per_sec),
      detail: tokenWords(summary.tokens_per_sec, unfinished?.output_tokens ? unfinished.produced_tokens_per_sec : 0),
    },
    { id: 'regret', value: regretWords(summary.mean_regret), detail: regretDetail(summary.max_regret) },
    { id: 'completed', value: count(summary.completed), detail: lossWords(summary) },
  ];
}

/**
 * Whether many requests got no answer, for another reason than the end of the run.
 * @param {Summary} summary
 */
export function hasLosses({ rejected, timed_out: timedOut, dropped, lost, requests }) {
  return rejected + timedOut + dropped + lost > FEW_LOSSES * requests;
}

/**
 * A pinned run's figure, and the difference of the current one to it.
 * @param {string} id
 * @param {Pin} pin
 * @param {Readonly<State>} state with a run
 */
function compared(id, { name, summary, spread }, { run, sweep }) {
  const metric = HEADLINE_METRICS[id];
  if (!metric || run === null) return null;
  const before = metric.of(summary);
  const noise = noiseOf(metric, [spread, spreadOf(run.summary, sweep)]);
  const { change, note, short, verdict } = difference(metric, before, metric.of(run.summary), noise);
  const was = element('span', { class: 'was' }, wasWords(name, metric.format(before)));
  const words = element('span', {}, was, change);
  return element(
    'span',
    { class: `delta ${verdict}` },
    words,
    ' ',
    element('span', { class: 'delta-note', title: note === short ? null : note }, short),
  );
}

/**
 * What the figures and the settings need said about them, one sentence after the other: lines are dear here.
 * @param {RunReport} run
 * @param {Setting[]} schema
 */
function noteLine({ notes, warnings }, schema) {
  return [...notes.map(sentence), ...noteWords(warnings, schema).map(noteSentence)].join(' ');
}

/**
 * Number and unit: the unit of a large number is smaller.
 * @param {string} text
 */
function valueParts(text) {
  const space = text.indexOf(' ');
  return space < 0 ? [text] : [text.slice(0, space), element('span', { class: 'unit' }, text.slice(space))];
}

/** The parts that stay while their words change. */
function build() {
  const help = createHelp();
  const shown = Object.entries(FIGURES).map(([id, { label, meaning, ...more }]) => {
    const value = element('span', { class: 'value' });
    const detail = element('span', { class: 'detail' });
    const delta = element('span', { class: 'delta-place' });
    const plain = 'plain' in more ? element('span', { class: 'plain-words' }, ` ${more.plain}`) : null;
    const name = element('dt', {}, element('abbr', { title: meaning }, label), plain);
    const root = element('div', { class: 'figure', 'data-figure': id }, name, element('dd', {}, value, detail, delta));
    return { id, root, value, detail, delta };
  });
  const [hero, ...others] = shown;
  const symbol = element('span', { 'aria-hidden': 'true' });
  const kind = element('span', {});
  const badge = element('strong', { class: 'badge' }, symbol, ' ', kind);
  const reason = element('span', { class: 'reason' });
  const verdict = element('p', { class: 'verdict' }, badge, ' ', reason);
  const basis = element('p', { class: 'basis' });
  const conversations = element('p', { class: 'conversation-line' });
  const warning = element('p', { class: 'error', hidden: true });
  const notes = element('p', { class: 'notes' });
  const root = element(
    'div',
    { class: 'headline-parts' },
    element('dl', { class: 'hero' }, hero.root),
    element(
      'div',
      { class: 'headline-beside' },
      verdict,
      element('dl', { class: 'figures' }, ...others.map((figure) => figure.root)),
    ),
    element('div', { class: 'headline-foot' }, basis, help.button),
    help.panel,
    conversations,
    warning,
    notes,
  );
  return { root, shown, symbol, kind, reason, verdict, basis, conversations, warning, notes };
}

/** What is in a headline already: it is not made anew, so that help stays open and the focus stays where it is. @type {WeakMap<HTMLElement, ReturnType<typeof build>>} */
const built = new WeakMap();

/**
 * @param {HTMLElement} parent
 * @param {Readonly<State>} state
 */
export function renderHeadline(parent, state) {
  const { run, pins, against, description } = state;
  if (run === null) return;
  const parts = built.get(parent) ?? build();
  if (!built.has(parent)) parent.replaceChildren(parts.root);
  built.set(parent, parts);
  const { summary } = run;
  const pin = pins.find(({ id }) => id === against);
  for (const [i, { id, value, detail }] of figures(summary).entries()) {
    const place = parts.shown[i];
    place.value.replaceChildren(...valueParts(value));
    setWords(place.detail, detail);
    place.detail.classList.toggle('lost', id === 'completed' && hasLosses(summary));
    place.delta.replaceChildren(...[pin ? compared(id, pin, state) : null].filter((part) => part !== null));
  }
  // With what is known of unanswered requests, a figure has more to say than a narrow column holds.
  parts.root.classList.toggle('long', summary.beside.unfinished !== null);
  const { kind } = summary.verdict;
  parts.verdict.className = `verdict ${kind}`;
  setWords(parts.symbol, VERDICTS[kind].symbol);
  setWords(parts.kind, VERDICTS[kind].words);
  setWords(parts.reason, reasonWords(summary));
  setWords(parts.basis, basisWords(run));
  setWords(parts.conversations, conversationLine(summary));
  const circling = circlingWords(summary);
  parts.warning.hidden = circling === '';
  setWords(parts.warning, circling);
  setWords(parts.notes, noteLine(run, description?.schema ?? []));
}
