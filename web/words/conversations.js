// Words of conversations: what became of them, and their turns in figures and charts.

import { CONVERSATION_METRICS } from '../shared/metrics.js';
import { count, duration, number } from '../shared/format.js';

/** @import {Summary} from '../shared/types.d.ts' */

/** What a figure of conversations means, by its id. @type {Record<string, string>} */
export const MEANINGS = {
  'hit-rate': 'tokens of all prompts whose keys and values were still in the prefix cache',
  'ttft-later': 'mean time to first token of all turns but the first',
  conversation: 'from the arrival of the first turn to the last answer, mean; thinking is part of it',
  moved:
    'later turns that another instance served than the turn before: what was said since is not in its cache, a prefix that all share may be',
  'broken-off': 'a turn timed out, was refused, lost or too large: the client sends no more',
};

/**
 * The figures of conversations: name, meaning, value.
 * @param {Summary} summary
 */
export function conversationFigures(summary) {
  return CONVERSATION_METRICS.map((metric) => ({
    id: metric.id,
    label: metric.label,
    meaning: MEANINGS[metric.id],
    value: metric.format(metric.of(summary)),
  })).filter(({ value }) => value !== '–');
}

/** How conversations ended, in the order of the list. */
const ENDS = /** @type {const} */ ({
  completed: 'ended with all turns answered',
  cancelled: 'broken off',
  refused: 'broken off',
  horizon_interrupted: 'interrupted by the end of the run',
  budget_exhausted: 'stopped as the requests of the run were used up',
  under_way: 'still under way at the end of the run',
});

/**
 * Why turns broke conversations off, as far as the run has requests to which that happened.
 * @param {Summary} summary
 * @returns {Partial<Record<keyof typeof ENDS, string[]>>}
 */
const causes = ({ timed_out: timedOut, dropped, rejected, lost }) => ({
  cancelled: [...(timedOut > 0 ? ['timed out'] : []), ...(dropped > 0 ? ['was too large'] : [])],
  refused: [...(rejected > 0 ? ['was refused'] : []), ...(lost > 0 ? ['was lost in a crash'] : [])],
});

/**
 * How they ended, in a sentence; empty where turns do not wait for answers.
 * @param {Summary} summary
 */
export function endsWords(summary) {
  const ends = summary.conversations?.ends;
  if (!ends) return '';
  const names = /** @type {(keyof typeof ENDS)[]} */ (Object.keys(ENDS));
  const why = causes(summary);
  const parts = names
    .filter((name) => ends[name] > 0)
    .map((name) => {
      const because = why[name]?.length ? `: a turn ${why[name].join(' or ')}` : '';
      return `${count(ends[name])} ${ENDS[name]}${because}`;
    });
  return parts.length === 0 ? '' : `Of the conversations, ${parts.join('; ')}.`;
}

export const BY_TURN = {
  title: 'Conversations',
  hits: 'Hit rate by turn',
  tokens: 'Prompt by turn',
  ttft: 'TTFT by turn',
  turn: 'Turn',
  axis: 'turn of the conversation',
  /** @param {number} turn */
  name: (turn) => `turn ${turn}`,
  percent: '% of the prompt',
  hitRate: 'from the cache',
  tokensAxis: 'tokens',
  prompt: 'prompt',
  context: 'context',
  cached: 'from the cache',
  ttftAxis: 'time to first token',
  mean: 'mean',
  p99: 'p99',
};

/** @param {number} turn the last @param {number} first hit rate of the first turn, 0 to 1 @param {number} last */
export const hitWords = (turn, first, last) =>
  turn === 1
    ? `There is only one turn; ${number(100 * first)}% of its prompts came from the cache.`
    : `Of the first turn’s prompts ${number(100 * first)}% came from the cache, of turn ${count(turn)}’s ${number(100 * last)}%.`;

/** @param {number} turn @param {number} input @param {number} context @param {number} cached */
export const tokenWords = (turn, input, context, cached) =>
  `On turn ${count(turn)} a prompt has ${number(input)} tokens on average: ${number(context)} are context, ${number(cached)} came from the cache.`;

/** @param {number} turn @param {number} first ms @param {number} last ms */
export const ttftWords = (turn, first, last) =>
  turn === 1
    ? `There is only one turn: ${duration(first)} on average.`
    : `On average ${duration(first)} on the first turn, ${duration(last)} on turn ${count(turn)}.`;
