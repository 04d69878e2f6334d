import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AXES, acceptedTensorParallel, axisOf, instanceCounts, tensorParallel } from './axes.js';
import { config, CountingClient, sweeperOf } from './counting_client.js';
import { outwards, portions, seedsFrom, sweepKey } from './sweep_tasks.js';

test('settings that are proposed while a portion is swept come before the next one', async () => {
  const client = new CountingClient();
  const sweeper = sweeperOf(client);
  let seen = 0;
  const done = sweeper.sweep(config(4), ({ finished }) => {
    client.proposing ||= seen === 0 && finished > 0;
    seen = finished;
  });
  const settled = async () => {
    let before = -1;
    while (before < client.runs) {
      before = client.runs;
      await new Promise((later) => setTimeout(later, 20));
    }
  };
  await settled();
  assert.ok(seen > 0 && seen < 16 * 20, 'the portion under way is finished, no other is begun');
  client.proposing = false;
  client.idle = true;
  client.onIdle();
  await done;
  assert.equal(seen, 16 * 20);
});

test('up to 16 instances every count is swept, the same ones while a slider moves among them', () => {
  const counts = Array.from({ length: 16 }, (_unused, i) => i + 1);
  for (const current of counts) assert.deepEqual(instanceCounts(current), counts);
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

test('the band starts with the current seed and has twenty', () => {
  assert.deepEqual(seedsFrom(42).slice(0, 3), [42, 43, 44]);
  assert.equal(seedsFrom(42).length, 20);
  assert.deepEqual(seedsFrom(-2, 4), [-2, -1, 0, 1]);
  // No seed is rounded, and after the largest comes the smallest.
  const last = Number.MAX_SAFE_INTEGER;
  assert.deepEqual(seedsFrom(last, 3), [last, 2n ** 53n, 2n ** 53n + 1n]);
  assert.deepEqual(seedsFrom(-(2n ** 53n) - 1n, 4), [-(2n ** 53n) - 1n, -(2n ** 53n), -last, 1 - last]);
  assert.deepEqual(seedsFrom(2n ** 63n - 1n, 3), [2n ** 63n - 1n, -(2n ** 63n), 1n - 2n ** 63n]);
});

test('workers share the first and the last seeds, and take the others whole', () => {
  const parts = portions([3, 1, 2, 0], [7, 8, 9, 10], 2);
  const short = parts.map((part) => `${part[0].seed}: ${part.map(({ variant }) => variant)}`);
  assert.deepEqual(short, ['7: 3,2', '7: 1,0', '8: 3,1,2,0', '9: 3,1,2,0', '10: 3,2', '10: 1,0']);
});

test('another count within the same range is the same sweep; another rate is not', () => {
  assert.equal(sweepKey(config(4)), sweepKey(config(9)));
  assert.notEqual(sweepKey(config(4)), sweepKey({ ...config(4), workload: { rate: 100 } }));
});

test('every point gets the figures of all seeds, shared out over the workers', async () => {
  const clients = [new CountingClient(), new CountingClient()];
  const sweeper = sweeperOf(...clients);
  /** @type {any} */
  let last = null;
  await sweeper.sweep(config(4), (sweep) => {
    last = sweep;
  });
  assert.equal(last.finished, 16 * 20);
  assert.equal(last.points[3].bySeed.get('42')['ttft-p99'], 45);
  assert.equal(clients[0].runs + clients[1].runs, 16 * 20);
  assert.ok(clients.every(({ runs }) => runs > 60));
  assert.deepEqual(
    clients[0].variants.map(({ cluster }) => cluster.num_instances),
    instanceCounts(4),
  );
  await sweeper.sweep(config(8), () => assert.fail('swept again'));
});

test('what an interrupted worker leaves undone is done by the others', async () => {
  const clients = [new CountingClient(), new CountingClient()];
  /** @type {any} */
  let last = null;
  let told = 0;
  await sweeperOf(...clients).sweep(config(4), (sweep) => {
    last = sweep;
    told += 1;
    if (told === 5) clients[0].cancel();
  });
  assert.equal(last.finished, 16 * 20);
  assert.ok(last.points.every((/** @type {any} */ { bySeed }) => bySeed.size === 20));
});

test('a worker that was needed elsewhere goes on when it is free again', async () => {
  const client = new CountingClient();
  const sweeper = sweeperOf(client);
  /** @type {any} */
  let last = null;
  let told = 0;
  const swept = sweeper.sweep(config(4), (sweep) => {
    last = sweep;
    told += 1;
    if (told !== 5) return;
    client.proposing = true;
    client.cancel();
    setTimeout(() => {
      client.proposing = false;
      client.idle = true;
      client.onIdle();
    }, 20);
  });
  await swept;
  assert.equal(last.finished, 16 * 20);
});

test('another sweep replaces the one under way, of which nothing is heard any more', async () => {
  const client = new CountingClient();
  const sweeper = sweeperOf(client);
  let replaced = false;
  const first = sweeper.sweep(config(4), () => assert.ok(!replaced));
  await new Promise((done) => setTimeout(done, 10));
  replaced = true;
  /** @type {any} */
  let last = null;
  await sweeper.sweep({ ...config(4), workload: { rate: 50 } }, (sweep) => {
    last = sweep;
  });
  await first;
  assert.equal(last.finished, 16 * 20);
});

test('a failure ends the sweep and reaches its caller', async () => {
  const client = new CountingClient();
  client.sweep = () => Promise.reject(new Error('broken'));
  await assert.rejects(
    sweeperOf(client).sweep(config(4), () => {}),
    /broken/,
  );
});

test('where runs are slow only the current seed is swept', async () => {
  const client = new CountingClient();
  client.elapsedMs = 1000;
  /** @type {any} */
  let last = null;
  await sweeperOf(client).sweep(config(4), (sweep) => {
    last = sweep;
  });
  assert.equal(last.planned, 16);
  assert.equal(last.finished, 16);
  assert.equal(client.runs, 16);
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
  const clients = [new CountingClient(), new CountingClient()];
  for (const client of clients) client.refused = [0];
  /** @type {any} */
  let last = null;
  await sweeperOf(...clients).sweep(config(4), (sweep) => {
    last = sweep;
  });
  assert.ok(last.points.every((/** @type {any} */ { at }) => at > 1));
  assert.equal(last.finished, 15 * 20);
  assert.equal(last.planned, last.finished);
});
