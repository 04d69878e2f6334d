import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatScorers, parseScorers } from './controls/scorers.js';
import { sliderScale } from './controls/slider.js';
import { applies, asText, covers, isOptional, textOf, withDrafts } from './settings.js';

/**
 * @param {object} part
 * @returns {any}
 */
const setting = (part) => ({
  key: 'x',
  path: 'x',
  default: 1,
  kind: { type: 'integer', nullable: false },
  applies_when: [],
  ...part,
});

test('values become the text that is typed', () => {
  assert.equal(asText(200), '200');
  assert.equal(asText(null), '');
  assert.equal(asText('H100'), 'H100');
  assert.equal(asText([{ name: 'queue-depth', weight: 2 }]), 'queue-depth:2');
  assert.equal(asText([1, 2.5]), '1,2.5');
});

test('a setting that the pairs leave out has its default', () => {
  assert.equal(textOf(setting({ default: 42 }), new Map()), '42');
  assert.equal(textOf(setting({ default: 42 }), new Map([['x', '7']])), '7');
});

test('a setting applies if all its conditions hold', () => {
  const weighted = setting({ applies_when: [{ test: 'is', path: 'routing.policy', values: ['weighted'] }] });
  assert.equal(applies(weighted, /** @type {any} */ ({ routing: { policy: 'weighted' } })), true);
  assert.equal(applies(weighted, /** @type {any} */ ({ routing: { policy: 'round-robin' } })), false);
  const noSpec = setting({ applies_when: [{ test: 'is', path: 'workload.spec', values: [null] }] });
  assert.equal(applies(noSpec, /** @type {any} */ ({ workload: {} })), true);
  const open = setting({ applies_when: [{ test: 'is-not', path: 'workload.concurrency', values: [0] }] });
  assert.equal(applies(open, /** @type {any} */ ({ workload: { concurrency: 0 } })), false);
});

test('a problem inside a list or a map belongs to its setting', () => {
  assert.equal(covers(setting({ path: 'routing.scorers' }), 'routing.scorers[1].weight'), true);
  assert.equal(covers(setting({ path: 'slo.*.ttft_ms' }), 'slo.batch.ttft_ms'), true);
  assert.equal(covers(setting({ path: 'slo.*.ttft_ms' }), 'slo.batch.itl_ms'), false);
  assert.equal(covers(setting({ path: 'routing.score' }), 'routing.scorers'), false);
});

test('an emptied optional setting is taken back to "not set"; an emptied other one is kept, to be explained', () => {
  const optional = setting({ key: 'tp', default: null, kind: { type: 'integer', nullable: true } });
  const needed = setting({ key: 'rate' });
  assert.equal(isOptional(optional), true);
  const drafts = new Map([
    ['tp', ''],
    ['rate', ''],
  ]);
  assert.deepEqual(withDrafts([['tp', '2']], drafts, [optional, needed]), [['rate', '']]);
});

test('scorers survive the way to text and back, half-typed weights included', () => {
  const text = 'queue-depth:2,kv-utilization:';
  assert.equal(formatScorers(parseScorers(text)), text);
  assert.deepEqual(parseScorers(''), []);
});

test('a logarithmic slider hits both ends and gives round numbers between', () => {
  const scale = sliderScale({ min: 1, max: 1000, step: 1, log: true });
  assert.equal(scale.value(scale.min), 1);
  assert.equal(scale.value(scale.max), 1000);
  assert.equal(scale.value(scale.position(200)), 200);
});

test('a value outside the slider puts it at its end', () => {
  const scale = sliderScale({ min: 1, max: 32, step: 1, log: false });
  assert.equal(scale.position(100), 32);
});
