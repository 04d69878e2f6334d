import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversationWords, turnWords } from '../../../words/turns.js';
import { contextFound, conversationOf, MOST_TURNS } from './turns.js';

/** @param {Record<string, number[]>} columns @param {string[]} states @param {any} sessions @returns {any} */
function livesOf(columns, states, sessions) {
  const given = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)]));
  return { ...given, states, sessions };
}

const NAN = Number.NaN;

/** Conversation 0 in requests 0, 2 and 3, of which the last times out; request 1 is no conversation's. */
const LIVES = livesOf(
  {
    arrival_us: [100, 150, 2000, 5000],
    enqueued_us: [100, 150, 2000, 5000],
    first_scheduled_us: [110, 150, 2500, NAN],
    ttft_us: [50, 60, 700, NAN],
    e2e_us: [900, 100, 1000, NAN],
    ended_us: [1000, 250, 3000, 9000],
    instance: [1, 0, 0, 0],
    input_tokens: [64, 10, 160, 256],
    cached_tokens: [0, 0, 48, 0],
  },
  ['completed', 'completed', 'completed', 'timed_out'],
  {
    session: Float64Array.of(0, NAN, 0, 0),
    round: Float64Array.of(0, 0, 1, 2),
    context_tokens: Float64Array.of(0, 0, 100, 200),
    names: ['chat'],
    ends: ['cancelled'],
  },
);

test('a conversation is its turns in order, with the thinking between them', () => {
  const conversation = conversationOf(LIVES, 2, 10_000);
  assert.ok(conversation);
  assert.deepEqual(
    conversation.turns.map(({ request, instance, moved, thinkUs }) => [request, instance, moved, thinkUs]),
    [
      [0, 1, false, 0],
      [2, 0, true, 1000],
      [3, 0, false, 2000],
    ],
  );
  assert.deepEqual(conversation.turns[1].stretches, [
    { state: 'waiting', fromUs: 2000, toUs: 2500 },
    { state: 'prefill', fromUs: 2500, toUs: 2700 },
    { state: 'decode', fromUs: 2700, toUs: 3000 },
  ]);
  assert.deepEqual(conversation.turns[2].stretches, [{ state: 'waiting', fromUs: 5000, toUs: 9000 }]);
  assert.deepEqual([conversation.fromUs, conversation.toUs, conversation.instances], [100, 9000, [1, 0]]);
});

test('a request of no conversation has none, and neither has a run without any', () => {
  assert.equal(conversationOf(LIVES, 1, 10_000), null);
  assert.equal(conversationOf({ ...LIVES, sessions: null }, 0, 10_000), null);
});

test('of a long conversation the turns around the chosen one are shown', () => {
  const many = 200;
  const column = (/** @type {(at: number) => number} */ of) => Array.from({ length: many }, (_unused, at) => of(at));
  const names = ['arrival_us', 'enqueued_us', 'first_scheduled_us', 'ended_us'];
  const times = Object.fromEntries(names.map((name) => [name, column((at) => 1000 * at)]));
  const zeros = ['ttft_us', 'e2e_us', 'instance', 'input_tokens', 'cached_tokens'];
  const rest = Object.fromEntries(zeros.map((name) => [name, column(() => 0)]));
  const round = Float64Array.from(column((at) => at));
  const sessions = { session: new Float64Array(many), round, context_tokens: round, names: [], ends: [] };
  const lives = livesOf({ ...times, ...rest }, Array(many).fill('completed'), sessions);
  for (const [request, first] of [
    [0, 0],
    [100, 100 - MOST_TURNS / 2],
    [199, many - MOST_TURNS],
  ]) {
    const conversation = conversationOf(lives, request, 1e9);
    assert.equal(conversation?.turns.length, MOST_TURNS);
    assert.equal(conversation?.turns[0].round, first);
    assert.equal(conversation?.turnCount, many);
  }
});

test('a context was in the cache but for a block that was not full', () => {
  assert.equal(contextFound({ context: 0, cached: 0 }, 16), 'none');
  assert.equal(contextFound({ context: 109, cached: 96 }, 16), 'cached');
  assert.equal(contextFound({ context: 109, cached: 80 }, 16), 'part');
  assert.equal(contextFound({ context: 109, cached: 0 }, 16), 'recomputed');
});

test('the words say where a turn went, what its context cost, and how the conversation ended', () => {
  const conversation = conversationOf(LIVES, 0, 10_000);
  assert.ok(conversation);
  assert.match(
    conversationWords(conversation),
    /^Conversation chat: 3 turns in 8\.9 ms, on 2 instances\. Broken off: its last turn timed out, so the client sent no more\.$/,
  );
  const dropped = { ...LIVES, states: ['completed', 'completed', 'completed', 'dropped'] };
  assert.match(
    conversationWords(/** @type {any} */ (conversationOf(dropped, 0, 10_000))),
    /last turn was too large for any/,
  );
  assert.doesNotMatch(conversationWords(conversation), /too large/);
  const [, second, third] = conversation.turns;
  assert.equal(
    turnWords({ ...second, found: 'part' }),
    'Turn 2: instance 0, another one than before; 1 ms after the answer before; ' +
      'prompt of 160 tokens, 100 of them context, 48 cached; part of its context was in the cache; first word after 0.7 ms',
  );
  assert.match(turnWords({ ...third, found: 'recomputed' }), /no first word; timed out$/);
});
