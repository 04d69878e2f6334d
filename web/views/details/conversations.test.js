import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf, hitRateOf } from '../../shared/metrics.js';
import { conversationFigures, endsWords } from '../../words/conversations.js';
import { conversationLine } from '../../words/headline.js';
import { hitRateChart, tokensChart, ttftByTurnChart } from './conversations.js';

/** @param {number} round @param {number} requests @param {number} input @param {number} cached */
const turn = (round, requests, input, cached) => ({
  round,
  requests,
  input_tokens: input,
  context_tokens: round === 0 ? 0 : 0.8 * input,
  cached_tokens: cached,
  hit_rate: cached / input,
  ttft: { count: requests, mean_ms: 20 + round, p99_ms: 50 + round },
});

const statistics = (/** @type {number} */ mean) => ({ count: 3, mean_ms: mean });

/** @type {any} */
const SUMMARY = {
  ttft: { p99_ms: 1, mean_ms: 1 },
  itl: { p99_ms: 1, mean_ms: 1 },
  e2e: { p99_ms: 1 },
  responses_per_sec: 1,
  mean_regret: 0,
  conversations: {
    metrics: { sessions: 3, ttft_warm: statistics(21), duration: statistics(4000) },
    ends: { completed: 1, cancelled: 1, refused: 1, horizon_interrupted: 0, budget_exhausted: 0, under_way: 0 },
    by_round: [turn(0, 3, 100, 0), turn(1, 1, 300, 200)],
    follow_ups: 4,
    moved: 1,
  },
};

test('the charts count turns from 1, and their sentences are of the first and the last', () => {
  const [hits, tokens, ttft] = [hitRateChart(SUMMARY), tokensChart(SUMMARY), ttftByTurnChart(SUMMARY)];
  assert.deepEqual(hits?.xs, [1, 2]);
  assert.deepEqual(hits?.series[0].values, [0, 100 * (200 / 300)]);
  assert.match(hits?.summary ?? '', /turn’s prompts 0% came from the cache, of turn 2’s 66\.7%/);
  assert.match(tokens?.summary ?? '', /On turn 2 a prompt has 300 tokens on average: 240 are context, 200 came/);
  assert.deepEqual(ttft?.series[1].values, [50, 51]);
});

test('without conversations there is nothing to show', () => {
  const none = { ...SUMMARY, conversations: null };
  for (const chart of [hitRateChart, tokensChart, ttftByTurnChart]) assert.equal(chart(none), null);
  assert.equal(conversationLine(none), '');
  assert.equal(endsWords(none), '');
  assert.equal('hit-rate' in figuresOf(none), false);
});

test('the hit rate counts tokens, not turns', () => {
  assert.equal(hitRateOf(SUMMARY), (100 * 200) / (3 * 100 + 300));
});

test('lost conversations, moves and durations stand in figures and in one line', () => {
  const figures = Object.fromEntries(conversationFigures(SUMMARY).map(({ id, value }) => [id, value]));
  const expected = { 'hit-rate': '33.3%', 'ttft-later': '21 ms', conversation: '4 s', moved: '25%', 'broken-off': '2' };
  assert.deepEqual(figures, expected);
  assert.match(
    conversationLine(SUMMARY),
    /^3 conversations: 4 s each on average, 2 broken off, 25% of the later turns/,
  );
  const ends = (/** @type {Record<string, number>} */ lost) =>
    endsWords({ ...SUMMARY, dropped: 0, rejected: 0, lost: 0, ...lost });
  assert.match(
    ends({ timed_out: 1, rejected: 1 }),
    /1 ended with all turns answered; 1 broken off: a turn timed out; 1 broken off: a turn was refused\.$/,
  );
  assert.match(
    ends({ timed_out: 1, dropped: 2, lost: 1 }),
    /timed out or was too large; 1 .*: a turn was lost in a crash/,
  );
});
