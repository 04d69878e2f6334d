import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareUpTo } from '../../shared/bins.js';
import { Store } from '../../app/state.js';
import { METRICS, metric, noiseOf, spreadOf } from '../../shared/metrics.js';
import { difference } from '../../words/compare.js';
import { sweepChart } from '../overview/sweep.js';
import { ttftChart } from '../overview/ttft.js';
import { differing, freeName, pinOf, pinRun, removePin, renamePin } from './pins.js';

/** @param {number} p99 @returns {any} */
const run = (p99, digest = 'd') => ({
  digest,
  summary: {
    ttft: { p99_ms: p99, p50_ms: p99 / 2, p90_ms: p99, mean_ms: p99 / 2 },
    itl: { p99_ms: 1, mean_ms: 1 },
    e2e: { p99_ms: 1 },
    responses_per_sec: 1,
    mean_regret: 1,
    completed: 1,
  },
  cdf: { ms: Float64Array.of(p99 / 2, p99), share: Float64Array.of(0.5, 1) },
  histogram: { edges: [0, 1], counts: [2] },
});

/** Seeds that hardly differ. */
const CALM = { spread: 1 };

test('a difference is signed, has its unit, and says better or worse in a word', () => {
  assert.deepEqual(difference(metric('ttft-p99'), 1390, 55.7, CALM), {
    change: '▼ −1.33 s',
    note: '(−96%) better',
    short: '(−96%) better',
    verdict: 'better',
  });
  assert.deepEqual(difference(metric('throughput'), 50, 40, CALM), {
    change: '▼ −10/s',
    note: '(−20%) worse',
    short: '(−20%) worse',
    verdict: 'worse',
  });
});

test('regret is never called better or worse: it compares a decision with a ranking', () => {
  for (const [before, now] of [
    [0, 2],
    [9, 1],
  ])
    for (const noise of [null, CALM, { spread: 0 }])
      assert.equal(difference(metric('regret'), before, now, noise).verdict, 'same');
  assert.deepEqual(difference(metric('regret'), 8, 2, CALM), {
    change: '▼ −6',
    note: '(−75%)',
    short: '(−75%)',
    verdict: 'same',
  });
});

test('a difference that seeds alone make is no clear one', () => {
  assert.deepEqual(difference(metric('ttft-p99'), 1000, 997, { spread: 40 }), {
    change: '▼ −3 ms',
    note: 'no clear difference: seeds alone differ by 40 ms',
    short: 'no clear difference',
    verdict: 'same',
  });
  assert.equal(difference(metric('ttft-p99'), 1000, 959, { spread: 40 }).verdict, 'better');
});

test('of one seed each a small difference can be chance, and a large one says that it is of one seed', () => {
  assert.deepEqual(difference(metric('ttft-p99'), 1000, 997, null), {
    change: '▼ −3 ms',
    note: 'one seed: a difference of 0.3% can be chance',
    short: 'one seed, can be chance',
    verdict: 'same',
  });
  assert.equal(difference(metric('ttft-p99'), 1000, 500, null).note, '(−50%) better, one seed');
});

/** Figures of a run, all of them alike. @param {number} value */
const figures = (value) => Object.fromEntries(METRICS.map(({ id }) => [id, value]));

test('the spread is that of the sweep’s seeds at the settings of the run, and of the noisier of two runs', () => {
  const summary = /** @type {any} */ ({
    ttft: { p99_ms: 7, mean_ms: 7 },
    itl: { p99_ms: 7, mean_ms: 7 },
    e2e: { p99_ms: 7 },
    responses_per_sec: 7,
    mean_regret: 7,
    cost: { usd_per_hour: 7, usd_per_million_tokens: 7 },
  });
  const point = (/** @type {number[]} */ ...values) => ({
    at: values[0],
    bySeed: new Map(values.map((value, i) => [String(i + 1), figures(value)])),
  });
  const sweep = { seed: '1', points: [point(3, 30), point(7, 5, 9)] };
  const spread = spreadOf(summary, sweep);
  assert.deepEqual(spread?.['ttft-p99'], [5, 9]);
  assert.equal(spreadOf(summary, { seed: '1', points: [point(7)] }), null, 'one seed has no spread');
  assert.equal(spreadOf(summary, { seed: '1', points: [point(8, 9)] }), null, 'another run');
  assert.deepEqual(noiseOf(metric('ttft-p99'), [spread, null]), { spread: 4 });
  assert.deepEqual(noiseOf(metric('ttft-p99'), [spread, { 'ttft-p99': [0, 6] }]), { spread: 6 });
  assert.equal(noiseOf(metric('completed'), [null, undefined]), null);
});

test('only the settings that differ are listed, the default as nothing', () => {
  assert.deepEqual(
    differing([
      [
        ['rate', '200'],
        ['n', '100'],
      ],
      [
        ['rate', '200'],
        ['tp', '2'],
      ],
    ]),
    [
      { key: 'n', texts: ['100', ''] },
      { key: 'tp', texts: ['', '2'] },
    ],
  );
});

test('pins have letters for names, and a freed letter is used again', () => {
  assert.equal(freeName([]), 'A');
  assert.equal(freeName(/** @type {any} */ ([{ name: 'A' }, { name: 'C' }])), 'B');
});

test('a pin keeps all that the line about its run says, imported requests with their name, too', () => {
  const about = {
    imported: { kind: 'trace', requests: 12, rate: 3 },
    importedName: 'day.csv',
    withoutEffect: ['rate'],
  };
  const pin = pinOf(
    /** @type {any} */ ({
      run: { ...run(10), ...about },
      pairs: [['requests', '{}']],
      pins: [],
      sweep: null,
      busy: false,
    }),
  );
  const { imported, importedName, withoutEffect } = JSON.parse(JSON.stringify(pin));
  assert.deepEqual({ imported, importedName, withoutEffect }, about);
});

test('a pin is renamed; an empty name is none, and no two have the same', () => {
  const store = new Store();
  store.change({ run: run(10, 'one') });
  pinRun(store);
  store.change({ run: run(20, 'two') });
  pinRun(store);
  renamePin(store, 'A-one', '  four GPUs ');
  renamePin(store, 'B-two', 'four GPUs');
  const names = () => store.state.pins.map(({ name }) => name);
  assert.deepEqual(names(), ['four GPUs', 'four GPUs 2']);
  renamePin(store, 'B-two', '   ');
  renamePin(store, 'A-one', 'x'.repeat(99));
  assert.deepEqual(names(), ['x'.repeat(37), 'four GPUs 2']);
  // The letter is free again, the id is not.
  store.change({ run: run(10, 'one') });
  pinRun(store);
  assert.equal(new Set(store.state.pins.map(({ id }) => id)).size, 3);
});

test('a new pin is compared with, and when it is removed the one before', () => {
  const store = new Store();
  store.change({ run: run(10, 'one') });
  pinRun(store);
  store.change({ run: run(20, 'two') });
  pinRun(store);
  assert.deepEqual(
    store.state.pins.map(({ name }) => name),
    ['A', 'B'],
  );
  assert.equal(store.state.against, 'B-two');
  removePin(store, 'B-two');
  assert.equal(store.state.against, 'A-one');
  removePin(store, 'A-one');
  assert.equal(store.state.against, null);
});

test('the share up to a value steps at the samples', () => {
  const cdf = { ms: [10, 20], share: [0.5, 1] };
  assert.deepEqual(
    [9, 10, 15, 20, 30].map((value) => shareUpTo(cdf, value)),
    [0, 0.5, 0.5, 1, 1],
  );
});

test('with a pin the TTFT chart lays both runs over each other, the pinned one dashed', () => {
  const store = new Store();
  store.change({ run: run(10, 'one') });
  pinRun(store);
  store.change({ run: run(40, 'two') });
  const chart = ttftChart(store.state);
  assert.deepEqual(chart?.x.ends, [0, 50]);
  const filled = chart?.series.map(({ values }) => Array.from(values).flatMap((share, i) => (share ? [[chart.xs[i], share]] : []))); // prettier-ignore
  assert.deepEqual(filled, [[[19.5, 50], [39.5, 50]], [[4.5, 50], [9.5, 50]]]); // prettier-ignore
  assert.ok(chart?.series[1].dash);
});

test('the sweep shows the pinned curve only over the same setting', () => {
  const sweep = {
    axis: 'instances',
    seed: '1',
    planned: 1,
    finished: 1,
    points: [{ at: 4, bySeed: new Map([['1', { 'ttft-p99': 5 }]]) }],
  };
  const pin = { id: 'p', name: 'A', sweep: { axis: 'instances', points: [{ at: 4, figures: { 'ttft-p99': 9 } }] } };
  const config = { cluster: { num_instances: 4 } };
  const state = {
    sweep,
    config,
    sweepMetric: '',
    pins: [pin],
    against: 'p',
    description: null,
    run: null,
    theory: null,
  };
  const pinned = sweepChart(/** @type {any} */ (state))?.series.at(-1);
  assert.equal(pinned?.label, 'pinned: A');
  assert.deepEqual(pinned?.values, [9]);
  const other = { ...state, pins: [{ ...pin, sweep: { ...pin.sweep, axis: 'rate' } }] };
  assert.ok(!sweepChart(/** @type {any} */ (other))?.series.some(({ label }) => label.startsWith('pinned')));
});
