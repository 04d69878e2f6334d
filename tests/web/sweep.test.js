import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AXES, acceptedTensorParallel, axisOf, instanceCounts, tensorParallel } from '../../web/engine/axes.js';
import { RefusedSettings } from '../../web/engine/client.js';
import { outwards, seedsFrom, Sweeper, sweepKey } from '../../web/engine/sweep.js';

/** @param {number} instances @param {number} seed @returns {any} */
const config = (instances, seed = 42) => ({
  seed,
  model: { name: 'm', tp: null, latency_model: 'roofline' },
  cluster: { num_instances: instances },
  workload: { rate: 200 },
  instance: { max_num_running_reqs: 256 },
  routing: { snapshot_refresh_interval: 50_000 },
});

/** A summary whose TTFT p99 is given. @param {number} p99 */
const summaryOf = (p99) => ({
  ttft: { p99_ms: p99, mean_ms: 1 },
  itl: { p99_ms: 1, mean_ms: 1 },
  e2e: { p99_ms: 1 },
  responses_per_sec: 1,
  mean_regret: 0,
});

/** Answers every run with instances + seed, after a moment. */
class CountingClient {
  runs = 0;

  /** @param {any} wanted */
  async measure(wanted) {
    this.runs += 1;
    await new Promise((done) => setTimeout(done, 1));
    return { summary: summaryOf(wanted.cluster.num_instances + wanted.seed), elapsedMs: this.elapsedMs };
  }

  elapsedMs = 1;

  cancel() {}
}

test('a small cluster is swept from 1 to 16', () => {
  assert.deepEqual(instanceCounts(4), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
});

test('a large cluster is swept around its size, which is among the counts', () => {
  const counts = instanceCounts(101);
  assert.ok(counts.includes(101));
  assert.ok(counts[0] < 101 && counts[counts.length - 1] > 101);
  assert.ok(counts.length <= 17);
});

test('what is near the current count comes first', () => {
  assert.deepEqual(outwards([1, 2, 3, 4, 5], 4), [4, 3, 5, 2, 1]);
});

test('the band starts with the current seed', () => {
  assert.deepEqual(seedsFrom(42), [42, 43, 44, 45, 46]);
  assert.deepEqual(seedsFrom(5n)[1], 6n);
});

test('another count within the same range is the same sweep; another rate is not', () => {
  assert.equal(sweepKey(config(4)), sweepKey(config(12)));
  assert.notEqual(sweepKey(config(4)), sweepKey({ ...config(4), workload: { rate: 100 } }));
});

test('every point gets the figures of all seeds, shared out over the workers', async () => {
  const clients = [new CountingClient(), new CountingClient()];
  const sweeper = new Sweeper(/** @type {any} */ (clients));
  /** @type {any} */
  let last = null;
  await sweeper.sweep(config(4), (sweep) => {
    last = sweep;
  });
  assert.equal(last.finished, 16 * 5);
  assert.equal(last.points[3].bySeed.get('42')['ttft-p99'], 46);
  assert.ok(clients.every(({ runs }) => runs > 10));
  await sweeper.sweep(config(8), () => assert.fail('swept again'));
});

test('where runs are slow only the current seed is swept', async () => {
  const client = new CountingClient();
  client.elapsedMs = 1000;
  /** @type {any} */
  let last = null;
  await new Sweeper(/** @type {any} */ ([client])).sweep(config(4), (sweep) => {
    last = sweep;
  });
  assert.equal(last.planned, 16);
  assert.equal(last.finished, 16);
});

for (const axis of AXES) {
  test(`the sweep over ${axis.id} has the current value among its ascending values and puts each in its place`, () => {
    const values = axis.values(config(4), null);
    const here = axis.current(config(4), null);
    assert.ok(values.includes(here));
    assert.deepEqual(
      values,
      [...values].sort((a, b) => a - b),
    );
    for (const value of values) assert.equal(axis.current(axis.put(config(4), value), null), value);
  });
}

test('TP is that of the catalogue where nothing is set, among the values that the latency model accepts', () => {
  const catalog = /** @type {any} */ ({
    models: [{ name: 'm', default_tp: 2, tp_roofline: [1, 2, 4], tp_trained_physics: [1] }],
  });
  assert.equal(tensorParallel(config(1), catalog), 2);
  assert.deepEqual(acceptedTensorParallel(config(1), catalog), [1, 2, 4]);
  assert.deepEqual(axisOf('tp').values(config(1), catalog), [1, 2, 4]);
});

test('a value that the engine refuses is left out of the sweep, the others go on', async () => {
  class Refusing extends CountingClient {
    /** @param {any} wanted */
    async measure(wanted) {
      if (wanted.cluster.num_instances === 1)
        throw new RefusedSettings(/** @type {any} */ ({ message: 'does not fit' }));
      return super.measure(wanted);
    }
  }
  /** @type {any} */
  let last = null;
  await new Sweeper(/** @type {any} */ ([new Refusing(), new Refusing()])).sweep(config(4), (sweep) => {
    last = sweep;
  });
  assert.ok(last.points.every((/** @type {any} */ { at }) => at > 1));
  assert.equal(last.finished, 15 * 5);
  assert.equal(last.planned, last.finished);
});
