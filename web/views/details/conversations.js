// What became of conversations: their figures, and by turn how much of the prompt was in the cache and how long the first word took.

import { Chart } from '../../charts/chart.js';
import { duration, number } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';
import { BY_TURN, conversationFigures, endsWords, hitWords, tokenWords, ttftWords } from '../../words/conversations.js';

/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {Summary} from '../../shared/types.d.ts' */

/** @typedef {NonNullable<Summary['conversations']>['by_round']} Rounds */

/**
 * The axis of turns, which people count from 1.
 * @param {Rounds} rounds
 */
function turns(rounds) {
  return {
    xName: BY_TURN.turn,
    x: { label: BY_TURN.axis, format: BY_TURN.name, tick: String, whole: true },
    xs: rounds.map(({ round }) => round + 1),
  };
}

/** Rounds that were in a batch at all. @param {Summary} summary */
const roundsOf = ({ conversations }) => (conversations?.by_round ?? []).filter(({ requests }) => requests > 0);

/**
 * @param {Summary} summary
 * @returns {ChartSpec|null} null without conversations
 */
export function hitRateChart(summary) {
  const rounds = roundsOf(summary);
  if (rounds.length === 0) return null;
  const [first, last] = [rounds[0], rounds[rounds.length - 1]];
  return {
    ...turns(rounds),
    summary: hitWords(last.round + 1, first.hit_rate, last.hit_rate),
    y: { label: BY_TURN.percent, format: (value) => `${number(value)}%`, log: 'never', zero: true, max: 100 },
    series: [
      {
        label: BY_TURN.hitRate,
        values: rounds.map(({ hit_rate: rate }) => 100 * rate),
        kind: 'bars',
        colour: '--main',
      },
    ],
  };
}

/**
 * @param {Summary} summary
 * @returns {ChartSpec|null} null without conversations
 */
export function tokensChart(summary) {
  const rounds = roundsOf(summary);
  if (rounds.length === 0) return null;
  const { round, input_tokens: input, context_tokens: context, cached_tokens: cached } = rounds[rounds.length - 1];
  return {
    ...turns(rounds),
    summary: tokenWords(round + 1, input, context, cached),
    y: { label: BY_TURN.tokensAxis, format: number, log: 'never', zero: true },
    series: [
      { label: BY_TURN.prompt, values: rounds.map((each) => each.input_tokens), kind: 'outline', colour: '--muted' },
      { label: BY_TURN.cached, values: rounds.map((each) => each.cached_tokens), kind: 'bars', colour: '--main' },
      {
        label: BY_TURN.context,
        values: rounds.map((each) => each.context_tokens),
        kind: 'line',
        points: 'square',
        colour: '--ink',
      },
    ],
  };
}

/**
 * @param {Summary} summary
 * @returns {ChartSpec|null} null without conversations
 */
export function ttftByTurnChart(summary) {
  const rounds = roundsOf(summary).filter(({ ttft }) => ttft.count > 0);
  if (rounds.length === 0) return null;
  const [first, last] = [rounds[0], rounds[rounds.length - 1]];
  return {
    ...turns(rounds),
    summary: ttftWords(last.round + 1, first.ttft.mean_ms, last.ttft.mean_ms),
    y: { label: BY_TURN.ttftAxis, format: duration, log: 'auto', zero: true },
    series: [
      {
        label: BY_TURN.mean,
        values: rounds.map(({ ttft }) => ttft.mean_ms),
        kind: 'line',
        points: 'dot',
        colour: '--main',
      },
      {
        label: BY_TURN.p99,
        values: rounds.map(({ ttft }) => ttft.p99_ms),
        kind: 'line',
        dash: [6, 4],
        points: 'square',
        colour: '--ink',
      },
    ],
  };
}

/**
 * Their figures and charts, there only while a run holds conversations.
 * @param {HTMLElement} parent
 * @param {() => string[]} simulated
 * @returns {(summary: Summary) => void}
 */
export function createConversations(parent, simulated) {
  const figures = element('dl', { class: 'conversation-figures' });
  const ends = element('p', { class: 'chart-summary' });
  const own = element(
    'section',
    { class: 'chart conversations', id: 'conversations', 'aria-labelledby': 'conversations-title', hidden: true },
    element('div', { class: 'chart-head' }, element('h3', { id: 'conversations-title' }, BY_TURN.title)),
    ends,
    figures,
  );
  /** @type {{show: (summary: Summary) => ChartSpec|null, chart: Chart, root: Element}[]|null} */
  let charts = null;
  parent.append(own);
  const place = element('span', { hidden: true });
  parent.append(place);
  const create = () =>
    [
      { id: 'hits-by-turn', title: BY_TURN.hits, show: hitRateChart },
      { id: 'tokens-by-turn', title: BY_TURN.tokens, show: tokensChart },
      { id: 'ttft-by-turn', title: BY_TURN.ttft, show: ttftByTurnChart },
    ].map(({ id, title, show }) => {
      const holder = element('div', { class: 'turn-chart' });
      place.before(holder);
      return { show, chart: new Chart(holder, { id, title, simulated }), root: holder };
    });
  return (summary) => {
    const there = Boolean(summary.conversations);
    own.hidden = !there;
    if (there) charts ??= create();
    for (const { root } of charts ?? []) /** @type {HTMLElement} */ (root).hidden = !there;
    if (!there) return;
    setWords(ends, endsWords(summary));
    figures.replaceChildren(
      ...conversationFigures(summary).map(({ id, label, meaning, value }) =>
        element(
          'div',
          { 'data-figure': id },
          element('dt', {}, label, element('span', { class: 'meaning' }, meaning)),
          element('dd', {}, value),
        ),
      ),
    );
    for (const { show, chart } of charts ?? []) chart.update(show(summary));
  };
}
