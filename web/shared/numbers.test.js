import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reachedMarks } from '../charts/spec.js';
import { plainNumber } from '../settings/controls/number_text.js';
import { momentOfLife } from '../views/cluster/lives.js';
import { targetText, uniformTarget } from '../settings/targets.js';
import { duration, number } from './format.js';

test('a number is read as the page writes it', () => {
  for (const [text, plain] of [
    ['2,000', '2000'],
    ['1,234,567.5', '1234567.5'],
    ['−1,200', '-1200'],
    ['−3', '-3'],
    ['2,5', '2,5'],
    ['2,00', '2,00'],
    ['1200', '1200'],
    ['', ''],
  ])
    assert.equal(plainNumber(text), plain);
});

test('numbers below zero have a minus sign and no hyphen', () => {
  assert.equal(number(-1.2), '−1.2');
  assert.equal(number(-1234.5), '−1,235');
  assert.equal(number(-0.00001), '−1.0e-5');
  assert.equal(duration(-1430.3), '−1.43 s');
});

test('a line of theory does not widen the axis', () => {
  const markers = [
    { axis: 'x', at: 5, label: '', colour: '' },
    { axis: 'x', at: 9, label: '', colour: '', within: true },
    { axis: 'y', at: 7, label: '', colour: '' },
  ];
  assert.deepEqual(reachedMarks(/** @type {any} */ ({ markers }), 'x'), [5]);
});

test('a request is looked at where it exists', () => {
  const lives = {
    arrival_us: Float64Array.of(1000, 4_940_000, 500),
    enqueued_us: Float64Array.of(1000, 4_940_100, NaN),
    ended_us: Float64Array.of(9000, 20_000_000, NaN),
  };
  assert.equal(momentOfLife(lives, 1, 3_267_000), 4_940_100);
  assert.equal(momentOfLife(lives, 1, 5_000_000), null, 'it is there');
  assert.equal(momentOfLife(lives, 0, 9001), 1000, 'it is over');
  assert.equal(momentOfLife(lives, 2, 600), null);
  assert.equal(momentOfLife(lives, 2, 100), 500);
  assert.equal(momentOfLife(lives, 99, 100), null);
});

test('targets of several classes are one number where they agree', () => {
  const targets = { critical: { ttft_ms: 100 }, batch: { ttft_ms: 100, e2e_ms: 5 } };
  assert.equal(uniformTarget(targets, ['batch', 'critical'], 'ttft_ms'), 100);
  assert.equal(uniformTarget(targets, ['batch', 'critical'], 'e2e_ms'), 'by class');
  assert.equal(uniformTarget(targets, ['batch', 'critical'], 'itl_ms'), null);
  assert.equal(uniformTarget(targets, ['default'], 'ttft_ms'), 'by class');
  assert.equal(targetText(['batch', 'critical'], '100'), 'batch=100ms,critical=100ms');
  assert.deepEqual([targetText([], '7'), targetText(['batch'], '')], ['default=7ms', '']);
});
