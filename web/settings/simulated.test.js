// The line that says what is simulated, for every kind of run; and that no setting changes without it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingPairs } from '../address/opening.js';
import { AXES } from '../engine/axes.js';
import { moreWords, simulatedBy, simulatedWords } from './simulated.js';

/** @import {Description, Pair} from '../shared/types.d.ts' */

/** @type {Description} */
let description;

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });
  description = /** @type {any} */ ({ schema: engine.schema(), catalog: engine.catalog() });
});

/**
 * What the engine makes of settings: defaults left out, and what an imported workload holds.
 * @param {Pair[]} given
 */
function read(given) {
  const { pairs, imported, withoutEffect, rejected } = new engine.Settings(given);
  assert.deepEqual(rejected, []);
  return { pairs, imported, withoutEffect };
}

/** @param {Pair[]} given */
const line = (given) => simulatedWords(simulatedBy(read(given), description));

test('the opening', () => {
  assert.equal(
    line(openingPairs()),
    'Qwen3 14B · H100 · TP 1 · Roofline · 4 instances · 200/s · 1,000 requests · BLIS streams · everything else at its default',
  );
});

test('the defaults: GPU and TP are those of the catalogue', () => {
  const words =
    'Qwen3 14B · H100 · TP 1 · Trained physics · 1 instance · 1/s · 100 requests · BLIS streams · everything else at its default';
  assert.equal(line([]), words);
  assert.match(line([['model', 'codellama/codellama-34b-instruct-hf']]), /^CodeLlama 34B[^·]* · H100 · TP 2 · /);
});

test('no other name hides which model it is', () => {
  const named = /** @type {Pair[]} */ ([['model', 'Vendor/QWEN3-14b'], ['gpu', 'H100'], ['tp', '1']]); // prettier-ignore
  assert.match(line(named), /^Qwen3 14B · /);
});

test('replaced coefficients and KV blocks stand in the line itself', () => {
  const zeros = /** @type {Pair[]} */ ([['alpha', '0,0,0'], ['beta', '0,0,0,0,0,0,0,0,0,0'], ['blocks', '50000']]); // prettier-ignore
  const simulated = simulatedBy(read(zeros), description);
  assert.match(simulatedWords(simulated), /Trained physics · replaced coefficients · replaced KV blocks: 50,000 · 1/);
  assert.deepEqual(
    simulated.parts.filter(({ replaced }) => replaced).map(({ text }) => text),
    ['replaced coefficients', 'replaced KV blocks: 50,000'],
  );
});

test('users set the pace of a closed loop, not a rate', () => {
  const words = line([['users', '20'], ['n', '500']]); // prettier-ignore
  assert.match(words, / · 1 instance · 20 users · 500 requests · BLIS streams · everything else at its default$/);
});

test('a run without a number of requests says how long they come', () => {
  const words = line([['n', '0'], ['horizon', '12500000']]); // prettier-ignore
  assert.match(words, / · 1\/s · requests of 12\.5 s · BLIS streams · everything else at its default$/);
});

test('an imported workload is named, with what it holds', () => {
  const spec = { aggregate_rate: 7.5, num_requests: 40, clients: [{ id: 'a' }, { id: 'b' }] };
  const client = { rate_fraction: 0.5, arrival: { process: 'poisson' }, input_distribution: { type: 'constant', params: { value: 9 } }, output_distribution: { type: 'constant', params: { value: 9 } } }; // prettier-ignore
  const whole = { version: '2', ...spec, clients: spec.clients.map((each) => ({ ...client, ...each })) };
  const imported = { ...read([['spec', JSON.stringify(whole)]]), importedName: 'two.yaml' };
  assert.match(
    simulatedWords(simulatedBy(imported, description)),
    / · workload specification “two\.yaml”: 2 clients, 40 requests and 7\.5\/s · BLIS streams · everything else at its default$/,
  );
  const listed = {
    pairs: /** @type {Pair[]} */ ([['requests', '{}']]),
    imported: { kind: /** @type {const} */ ('trace'), requests: 12_345, rate: 8.2512 },
    importedName: 'day.csv',
  };
  assert.match(
    simulatedWords(simulatedBy(listed, description)),
    / · imported requests “day\.csv”: 12,345 requests and 8\.251\/s · BLIS streams · everything else at its default$/,
  );
});

test('no number is rounded', () => {
  const words = line([['rate', '68.91234'], ['seed', '123456789'], ['admissionlatency', '1500']]); // prettier-ignore
  assert.match(words, / · 68\.91234\/s · .*Admission latency: 1\.5 ms; Seed: 123,456,789\)$/);
  assert.match(line([['seed', '9007199254740993']]), /Seed: 9007199254740993\)$/);
});

test('what is varied is said and not given a value', () => {
  const simulated = simulatedBy(read(openingPairs()), description, ['instances']);
  assert.match(
    simulatedWords(simulated),
    /Roofline · 200\/s · 1,000 requests · BLIS streams · varied: Instances · everything/,
  );
});

test('which streams a run is of is said, and not counted as a change', () => {
  const words = simulatedWords(simulatedBy({ pairs: [['streams', 'independent']] }, description));
  assert.match(words, / · 100 requests · independent streams · everything else at its default$/);
});

test('what a sweep varies is a setting', () => {
  for (const { id } of AXES) {
    const words = simulatedWords(simulatedBy(read(openingPairs()), description, [id]));
    assert.match(words, / · varied: [A-Z]/, id);
  }
});

test('a picture names six changed settings and counts the rest; long values are cut', () => {
  const keys = description.schema.filter(({ group }) => group === 'workload' || group === 'instance');
  const pairs = keys.filter(({ kind }) => kind.type === 'integer').map(({ key }) => /** @type {Pair} */ ([key, '77']));
  const words = simulatedWords(simulatedBy({ pairs }, description));
  assert.match(words, /; \d+ more\)$/);
  assert.equal(words.split(';').length, 7);
  const long = simulatedBy({ pairs: [['sloclasses', 'x'.repeat(500)], ['model', 'y'.repeat(500)]] }, description); // prettier-ignore
  assert.ok(simulatedWords(long).length < 400);
});

test('no character of a link or of a file hides what stands beside it', () => {
  const subject = {
    pairs: /** @type {Pair[]} */ ([['model', 'a\u202eb'], ['requests', '{}'], ['sloclasses', 'c\u200bd']]), // prettier-ignore
    importedName: 'day\u202e.csv',
  };
  const words = simulatedWords(simulatedBy(subject, description));
  assert.doesNotMatch(words, /[\u200b\u202e]/);
  assert.match(words, /^a\\u\{202e\}b · .*“day\\u\{202e\}\.csv”/);
});

test('no setting can be changed without the line', () => {
  const usual = simulatedWords(simulatedBy({ pairs: [] }, description));
  for (const { key, kind, default_text: usualText } of description.schema) {
    const choices = kind.type === 'choice' ? kind.choices.map(({ value }) => value) : ['3', '{}'];
    const other = choices.find((value) => value !== usualText) ?? '';
    const simulated = simulatedBy({ pairs: [[key, other]] }, description);
    assert.notEqual(simulatedWords(simulated), usual, key);
    assert.deepEqual(simulated.changes.map(({ setting }) => setting.key), [key]); // prettier-ignore
  }
});

test('a changed setting without effect is listed and not counted', () => {
  const simulated = simulatedBy(read([['bucket', '5']]), description);
  assert.deepEqual(simulated.changes.map(({ kind }) => kind), ['idle']); // prettier-ignore
  assert.equal(moreWords(simulated), 'everything else at its default');
});
