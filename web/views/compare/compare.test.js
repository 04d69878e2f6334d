import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../../app/state.js';
import { difference, metric } from '../../shared/metrics.js';
import { sweepChart } from '../overview/sweep.js';
import { shareUpTo, ttftChart } from '../overview/ttft.js';
import { differing, freeName, loadPins, pinOf, pinRun, removePin, savePins } from './pins.js';

/** @param {number} p99 @returns {any} */
const run = (p99, digest = 'd') => ({
  digest,
  summary: {
    ttft: { p99_ms: p99, p50_ms: p99 / 2, p90_ms: p99, mean_ms: p99 / 2 },
    itl: { p99_ms: 1, mean_ms: 1 },
    e2e: { p99_ms: 1 },
  },
  cdf: { ms: Float64Array.of(p99 / 2, p99), share: Float64Array.of(0.5, 1) },
  histogram: { edges: [0, 1], counts: [2] },
});

test('a difference is signed, has its unit, and says better or worse in a word', () => {
  assert.deepEqual(difference(metric('ttft-p99'), 1390, 55.7), {
    change: '▼ −1.33 s',
    note: '(−96%) better',
    verdict: 'better',
  });
  assert.deepEqual(difference(metric('throughput'), 50, 40), {
    change: '▼ −10 /s',
    note: '(−20%) worse',
    verdict: 'worse',
  });
  assert.deepEqual(difference(metric('regret'), 0, 2), { change: '▲ +2', note: 'worse', verdict: 'worse' });
  assert.equal(difference(metric('regret'), 3, 3).verdict, 'same');
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

test('pins survive in the storage, and the page does without where it is denied or holds something else', () => {
  const store = new Map();
  const storage = {
    getItem: (/** @type {string} */ key) => store.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => void store.set(key, text),
  };
  const about = { imported: null, importedName: '', withoutEffect: [] };
  const pin = pinOf(
    /** @type {any} */ ({ run: { ...run(10), ...about }, pairs: [['rate', '2']], pins: [], sweep: null, busy: false }),
  );
  assert.equal(savePins([pin], storage), true);
  assert.deepEqual(loadPins(storage), [pin]);
  store.set([...store.keys()][0], '{"version":1,"pins":[{"id":3}]}');
  assert.deepEqual(loadPins(storage), []);
  store.set([...store.keys()][0], 'nonsense');
  assert.deepEqual(loadPins(storage), []);
  const denied = {
    getItem: () => {
      throw new Error('denied');
    },
    setItem: () => {
      throw new Error('denied');
    },
  };
  assert.deepEqual(loadPins(denied), []);
  assert.equal(savePins([pin], denied), false);
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
  assert.deepEqual(chart?.xs, [5, 10, 20, 40]);
  assert.deepEqual(chart?.series[0].values, [0, 0, 50, 100]);
  assert.deepEqual(chart?.series[1].values, [50, 100, 100, 100]);
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
