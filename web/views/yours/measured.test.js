import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparedChart } from './measured_result.js';
import { prefers } from './model.js';
import { tableText } from './typed_table.js';

/** @param {number|null} rate @param {number|null} concurrency @param {number} measured */
const row = (rate, concurrency, measured) =>
  /** @type {any} */ ({
    rate,
    concurrency,
    compared: [{ quantity: 'ttft', measured, predicted: measured + 1, before: 2 * measured }],
  });

test('a chart has the loads in their order, and no axis for two kinds of load', () => {
  const chart = comparedChart([row(4, null, 45), row(1, null, 40)], 'ttft');
  assert.deepEqual(chart?.xs, [1, 4]);
  assert.deepEqual(chart?.series.map(({ values }) => values), [[41, 46], [80, 90], [40, 45]]); // prettier-ignore
  assert.equal(
    chart?.summary,
    'TTFT mean: 40 ms measured and 41 ms predicted at 1; 45 ms measured and 46 ms predicted at 4.',
  );
  assert.equal(comparedChart([row(4, null, 45)], 'ttft'), null);
  assert.equal(comparedChart([row(4, null, 45), row(1, null, 40)], 'itl'), null);
  assert.deepEqual(comparedChart([row(null, 8, 45), row(null, 2, 40)], 'ttft')?.xs, [2, 8]);
  assert.equal(comparedChart([row(null, 8, 45), row(1, null, 40)], 'ttft'), null);
});

test('a typed table has no empty rows and columns', () => {
  const table = tableText([
    ['1', '', '', ' 40,5', '', ''],
    ['', '', '', '', '', ''],
    ['4', '', '', '45', '', ''],
  ]);
  assert.equal(table, 'rate,ttft (ms)\n1,40.5\n4,45');
});

test('layers are counted by kind where the reference refuses a model or counts it wrongly', () => {
  const described = (/** @type {object} */ reference, coverage = 'as in BLIS') =>
    /** @type {any} */ ({ coverage, parameters: 1e9, reference: { accepts: true, parameters: 1e9, ...reference } });
  assert.equal(prefers(described({})), 'reference');
  assert.equal(prefers(described({ parameters: 1.02e9 })), 'by-kind');
  assert.equal(prefers(described({ parameters: null })), 'by-kind');
  assert.equal(prefers(described({ accepts: false })), 'by-kind');
  assert.equal(prefers(described({}, 'roofline, not in BLIS')), 'by-kind');
});
