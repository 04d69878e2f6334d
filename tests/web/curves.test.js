import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cumulativeOf,
  distributionOf,
  goodputOf,
  histogramOf,
  regretByInstance,
  worstOfStretches,
} from '../../web/engine/curves.js';

const sum = (/** @type {ArrayLike<number>} */ values) => Array.from(values).reduce((total, value) => total + value, 0);

test('a histogram holds every value once, with even steps or even ratios', () => {
  const values = Float64Array.from({ length: 500 }, (_unused, i) => 1 + i * i);
  for (const log of [false, true]) {
    const { edges, counts } = histogramOf(values, log);
    assert.equal(sum(counts), 500);
    assert.equal(edges.length, counts.length + 1);
    assert.ok(Math.abs(edges[0] - values[0]) < 1e-9);
    const even = log ? edges[2] / edges[1] - edges[1] / edges[0] : edges[2] - edges[1] - (edges[1] - edges[0]);
    assert.ok(Math.abs(even) < 1e-6);
  }
});

test('values that are all the same have one bar', () => {
  const { counts, edges } = histogramOf(Float64Array.of(5, 5, 5), false);
  assert.deepEqual([...counts], [3]);
  assert.ok(edges[0] < 5 && edges[1] > 5);
});

test('a cumulative curve begins with the smallest value and ends with the largest', () => {
  const sorted = Float64Array.from({ length: 5000 }, (_unused, i) => i);
  const { ms, share } = cumulativeOf(sorted, 10_000);
  assert.equal(ms[0], 0);
  assert.equal(ms.at(-1), 4999);
  assert.equal(share.at(-1), 0.5);
});

test('what did not happen is in no distribution', () => {
  const { count, cumulative, linear } = distributionOf(Float64Array.of(2000, NaN, 1000));
  assert.equal(count, 2);
  assert.deepEqual([...cumulative.ms], [1, 2]);
  assert.equal(sum(linear.counts), 2);
  assert.equal(distributionOf(Float64Array.of(NaN)).linear.counts.length, 0);
});

test('goodput counts a request only if it keeps to the other limits, of all that arrived', () => {
  const run = {
    ttft: Float64Array.of(1000, 2000, 3000, NaN),
    itl: Float64Array.of(100, 900, 100, NaN),
    e2e: Float64Array.of(5000, 5000, NaN, NaN),
    arrived: 4,
  };
  const limits = { ttftMs: null, itlMs: null, e2eMs: null };
  assert.deepEqual([...goodputOf(run, limits).share], [0.25, 0.5]);
  assert.deepEqual([...goodputOf(run, { ...limits, itlMs: 0.5 }).share], [0.25]);
});

test('of each stretch of time the worst is kept, in order of time', () => {
  const times = Float64Array.from({ length: 4000 }, (_unused, i) => 4000 - i);
  const values = times.map((time) => (time === 1234 ? 99 : time % 7));
  const worst = [...worstOfStretches(times, values)];
  assert.ok(worst.length <= 400);
  assert.ok(worst.some((index) => times[index] === 1234));
  assert.deepEqual(
    worst,
    [...worst].sort((a, b) => times[a] - times[b]),
  );
});

test('regret by instance is the mean over the decisions for it', () => {
  const { decisions, mean, max } = regretByInstance(Float64Array.of(0, 1, 1, NaN), Float64Array.of(2, 3, 5, NaN), 3);
  assert.deepEqual([...decisions], [1, 2, 0]);
  assert.deepEqual([...mean], [2, 4, 0]);
  assert.deepEqual([...max], [2, 5, 0]);
});
