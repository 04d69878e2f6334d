import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparedRoutings, routingOf, routingPairs, routingWork, spreads } from './routings.js';

/** @param {string} policy @param {any[]} [scorers] @param {any} [spec] @returns {any} */
const settings = (policy, scorers = [], spec = null) => ({
  seed: 7,
  routing: { policy, scorers, latency: 5 },
  workload: { spec },
});

test('the routing of the settings is one of the compared, or stands beside them', () => {
  assert.equal(routingOf(settings('round-robin', [{ name: 'queue-depth', weight: 1 }])).id, 'round-robin');
  assert.equal(routingOf(settings('weighted', [{ name: 'queue-depth', weight: 1 }])).id, 'own');
  assert.equal(comparedRoutings(settings('least-loaded')).length, 4);
  assert.equal(comparedRoutings(settings('always-busiest')).at(-1)?.id, 'own');
});

test('every routing runs the same conversations of the same seeds, and nothing else changes', () => {
  const { variants, tasks, sweep } = routingWork(settings('least-loaded', [], { seed: 40, clients: [] }));
  assert.ok(sweep < 0, 'no number that a sweep may have');
  assert.equal(variants.length, 20);
  assert.deepEqual(
    tasks.map(({ variant, seed }) => [variant, seed]),
    variants.map((_unused, at) => [at, 7 + Math.floor(at / 4)]),
  );
  assert.deepEqual(
    variants.map(({ workload }) => workload.spec?.seed),
    variants.map((_unused, at) => 40 + Math.floor(at / 4)),
  );
  assert.ok(variants.every(({ routing }) => routing.latency === 5));
  assert.notEqual(routingWork(settings('least-loaded')).sweep, sweep);
});

test('figures are means over seeds, with the smallest and the largest', () => {
  /** @param {number} variant @param {any} figures @returns {any} */
  const result = (variant, figures) => ({ variant, seed: 1, figures, elapsedMs: 1 });
  const results = [
    result(0, { 'hit-rate': 30 }),
    result(1, null),
    result(2, { 'hit-rate': 50 }),
    result(3, { 'hit-rate': NaN }),
  ];
  const [first, second] = spreads(2, results);
  assert.deepEqual(first.get('hit-rate'), { mean: 40, low: 30, high: 50, seeds: 2 });
  assert.equal(second.size, 0);
});

test('a routing is taken over by its settings', () => {
  /** @type {any[]} */
  const schema = [
    { path: 'routing.policy', key: 'route' },
    { path: 'routing.scorers', key: 'scorers' },
  ];
  const [roundRobin, , , loadFirst] = comparedRoutings(settings('round-robin'));
  assert.deepEqual(routingPairs(roundRobin, schema), [['route', 'round-robin']]);
  assert.deepEqual(routingPairs(loadFirst, schema), [
    ['route', 'weighted'],
    ['scorers', 'precise-prefix-cache:1,load-balance:2'],
  ]);
});
