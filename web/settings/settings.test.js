import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatScorers, parseScorers } from './controls/scorers.js';
import { sliderScale } from './controls/slider.js';
import { isOptional, textOf, withDrafts } from './settings.js';

/**
 * @param {object} part
 * @returns {any}
 */
const setting = (part) => ({
  key: 'x',
  path: 'x',
  default_text: '1',
  kind: { type: 'integer', nullable: false },
  ...part,
});

test('a setting that the pairs leave out has its default', () => {
  assert.equal(textOf(setting({ default_text: '42' }), new Map()), '42');
  assert.equal(textOf(setting({ default_text: '42' }), new Map([['x', '7']])), '7');
});

test('an emptied optional setting is taken back to "not set"; an emptied other one is kept, to be explained', () => {
  const optional = setting({ key: 'tp', default_text: '', kind: { type: 'integer', nullable: true } });
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
