import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceCounts, outwards, seedsFrom, Sweeper, sweepKey } from '../../web/engine/sweep.js';

/** @param {number} instances @param {number} seed @returns {any} */
const config = (instances, seed = 42) => ({ seed, cluster: { num_instances: instances }, workload: { rate: 200 } });

/** Answers every run with instances + seed, after a moment. */
class CountingClient {
  runs = 0;

  /** @param {any} wanted */
  async ttftP99(wanted) {
    this.runs += 1;
    await new Promise((done) => setTimeout(done, 1));
    return { ttftP99Ms: wanted.cluster.num_instances + wanted.seed, elapsedMs: this.elapsedMs };
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
  assert.equal(last.points[3].bySeed.get('42'), 46);
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
