import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepPrevious } from './previous.js';
import { Store } from './state.js';

const setting = {
  key: 'instances',
  path: 'cluster.num_instances',
  label: 'Instances',
  default_text: '1',
  kind: { type: 'integer' },
};

/** @param {number} instances @returns {any} */
const runWith = (instances) => ({
  digest: String(instances),
  pairs: [['instances', String(instances)]],
  config: { instances },
});

/** A store whose runs come at the times that a test says. */
function follow() {
  let now = 0;
  const store = new Store();
  store.change({ description: /** @type {any} */ ({ schema: [setting], catalog: {} }) });
  keepPrevious(store, () => now);
  const show = (/** @type {number} */ at, /** @type {number} */ instances) => {
    now = at;
    const run = runWith(instances);
    store.change({ config: run.config });
    store.change({ run });
    return store.state.previous?.words ?? null;
  };
  return { store, show };
}

test('the previous run is named by what was otherwise', () => {
  const { show } = follow();
  assert.equal(show(0, 4), null);
  assert.equal(show(5000, 12), 'before: 4 instances');
  assert.equal(show(10_000, 1), 'before: 12 instances');
});

test('while a slider is dragged the ghost is of the run before the drag', () => {
  const { show } = follow();
  show(0, 4);
  for (let i = 5; i < 12; i += 1) assert.equal(show(5000 + 30 * i, i), 'before: 4 instances');
  assert.equal(show(9000, 12), 'before: 11 instances');
});

test('a run that did not stand for a second leaves no ghost', () => {
  const { show } = follow();
  show(0, 4);
  assert.equal(show(999, 12), null);
  assert.equal(show(1998, 8), null);
  assert.equal(show(2998, 4), 'before: 8 instances');
});

test('a run is no ghost of itself', () => {
  const { show } = follow();
  show(0, 4);
  assert.equal(show(3000, 5), 'before: 4 instances');
  assert.equal(show(3100, 4), null);
  assert.equal(show(3200, 6), 'before: 4 instances');
});

test('what was known of the previous run is kept: its sweep, and the curves of its details', () => {
  const { store, show } = follow();
  show(0, 4);
  const sweep = /** @type {any} */ ({ axis: 'instances', points: [] });
  store.change({ sweep });
  const { config } = /** @type {any} */ (store.state.run);
  store.change({ details: /** @type {any} */ ({ config, curves: { distributions: 1, goodput: 2, requests: 3 } }) });
  // That of newer settings comes before their run.
  store.change({ config: runWith(5).config });
  store.change({ sweep: /** @type {any} */ ({ axis: 'rate', points: [] }) });
  show(2000, 5);
  assert.equal(store.state.previous?.sweep, sweep);
  assert.deepEqual(store.state.previous?.curves, { distributions: 1, goodput: 2 });
  store.change({ details: /** @type {any} */ ({ config, curves: {} }) });
  show(4000, 6);
  assert.equal(store.state.previous?.curves, null);
});
