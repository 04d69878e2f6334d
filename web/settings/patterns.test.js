import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternId, patternOf } from './pattern_read.js';
import { patternNumber, PATTERNS, specificationText, withPattern } from './patterns.js';

/** @param {import('./pattern_read.js').PatternId} id @returns {any} */
const made = (id) => JSON.parse(specificationText(PATTERNS[id]()));

test('a pattern is known again from the specification that was made of it, whatever has been changed', () => {
  for (const id of /** @type {const} */ (['chat', 'agents', 'rag'])) {
    const changed = withPattern(withPattern(made(id), 'turns', 7), 'think', 0.5);
    assert.equal(patternId(changed), id);
    const { turns, thinkS, grows } = patternOf(changed) ?? {};
    assert.deepEqual([turns, thinkS, grows], [7, 0.5, true]);
  }
});

test('the prompts and answers of a pattern have the means that its source gives', () => {
  /** @param {any} client @param {number} output */
  const meanPrompt = ({ prefix_length: prefix = 0, input_distribution: input, reasoning }, output) => {
    const turns = reasoning.multi_turn.max_rounds;
    return prefix + input.params.mean + ((turns - 1) / 2) * (input.params.mean + output - 1);
  };
  const [chat] = made('chat').clients;
  assert.equal(chat.output_distribution.params.mean, 211);
  assert.ok(Math.abs(meanPrompt(chat, 211) / 1155 - 1) < 0.03);
  const [agents] = made('agents').cohorts;
  assert.equal(agents.output_distribution.params.mean, 182);
  assert.ok(Math.abs(meanPrompt(agents, 182) / 8596 - 1) < 0.03);
});

test('a specification of others is no pattern although its client is called so', () => {
  const own = made('chat');
  own.clients[0].output_distribution.params.mean = 150;
  assert.equal(patternId(own), null);
  assert.equal(patternOf(own)?.id, null);
  assert.equal(patternId({ ...made('rag'), clients: made('rag').clients.slice(0, 3) }), 'rag');
});

test('commas stand between thousands and nowhere else', () => {
  for (const wrong of ['0,5', '1,5', '10,00', '']) assert.equal(patternNumber('rate', wrong), null, wrong);
  assert.deepEqual([patternNumber('requests', '12,000'), patternNumber('rate', '0.5')], [12_000, 0.5]);
});

test('agents start together, and all of them begin', () => {
  const many = withPattern(withPattern(made('agents'), 'agents', 40), 'turns', 3);
  const [{ population, arrival, rate_fraction: fraction }] = many.cohorts;
  assert.deepEqual([population, arrival.process, many.num_requests], [40, 'constant', 120]);
  // One arrival per second and agent, evenly spaced: the first of each comes after a second.
  assert.equal((many.aggregate_rate * fraction) / population, 1);
  const { agents, rate, requests } = patternOf(many) ?? {};
  assert.deepEqual([agents, rate, requests], [40, null, null]);
});

test('what is changed reaches every client with conversations and no other', () => {
  const client = (/** @type {any} */ more) => ({ id: 'a', ...more });
  const specification = {
    clients: [client({}), client({ reasoning: { multi_turn: { max_rounds: 2 } } })],
    cohorts: [client({ reasoning: { multi_turn: { max_rounds: 3, think_time_us: 5, context_growth: 'accumulate' } } })],
  };
  const pattern = patternOf(specification);
  assert.deepEqual([pattern?.id, pattern?.turns, pattern?.thinkS, pattern?.grows], [null, null, null, true]);
  const changed = withPattern(withPattern(specification, 'grows', false), 'turns', 9);
  assert.equal(changed.clients[0].reasoning, undefined);
  assert.equal(changed.clients[1].reasoning.multi_turn.max_rounds, 9);
  assert.deepEqual(changed.cohorts[0].reasoning.multi_turn, { max_rounds: 9, think_time_us: 5, context_growth: '' });
  assert.equal(specification.cohorts[0].reasoning.multi_turn.max_rounds, 3, 'what is shown stays as it is');
});

test('a specification without conversations has no pattern', () => {
  assert.equal(patternOf(null), null);
  assert.equal(patternOf({ clients: [{ id: 'chat' }] }), null);
  assert.equal(patternId({ clients: [{ id: 'chat' }] }), null);
});

test('a number is taken within its range only', () => {
  assert.equal(patternNumber('turns', ' 1,000 '), 1000);
  for (const text of ['', '0', '2.5', '1001', 'two', 'NaN']) assert.equal(patternNumber('turns', text), null, text);
  assert.equal(patternNumber('think', '0'), 0);
  assert.equal(patternNumber('think', '0.25'), 0.25);
  assert.equal(patternNumber('think', '-1'), null);
});

test('nothing that is left out stands in the text', () => {
  const text = specificationText({
    seed: null,
    clients: [{ id: 'chat', tenant_id: '', streaming: false, rate_fraction: 1 }],
  });
  assert.equal(text, '{"clients":[{"id":"chat","rate_fraction":1}]}');
});

test('where each window has a rate of its own, none is offered for all', () => {
  const windows = { ...made('chat'), aggregate_rate: 0 };
  assert.equal(patternOf(windows)?.rate, null);
  assert.equal(patternOf({ ...windows, aggregate_rate: undefined })?.rate, null);
});
