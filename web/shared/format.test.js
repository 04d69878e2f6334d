// Numbers as the page writes them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LazyNumberFormat, LazyTimeZone } from '../app/lazy_intl.js';
import { count, number } from './format.js';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

test('digits are grouped as the browser would group them', () => {
  const values = [7, 999, 1000, 99_999, 123_456, 1e6, 1_234_567, 2 ** 53, 1e20];
  assert.equal(count(0), '0');
  for (const value of values.flatMap((value) => [value, -value, value + 0.5, value + 0.25])) {
    assert.equal(count(value), grouped.format(value), String(value));
  }
});

test('small numbers have three digits, large ones all of theirs', () => {
  const texts = [0, 0.01234, 1.2345, 99.94, 99.95, 1234.5, -1234.5, 1e-9, NaN, Infinity].map(number);
  assert.deepEqual(texts, ['0', '0.0123', '1.23', '99.9', '100', '1,235', '−1,235', '1.0e-9', '–', '–']);
});

test('a number format made when it is used formats as one made at once', () => {
  const how = /** @type {const} */ (['de', { minimumFractionDigits: 2 }]);
  assert.equal(new LazyNumberFormat(...how).format(1234.5), new Intl.NumberFormat(...how).format(1234.5));
});

test('a time zone that is asked for when it is compared is that of the browser', () => {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const lazy = new LazyTimeZone().resolvedOptions().timeZone;
  // eslint-disable-next-line eqeqeq -- as uPlot compares it
  assert.ok(timeZone == lazy && timeZone + '?' != lazy);
});
