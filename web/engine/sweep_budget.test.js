import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CURVE_REQUESTS, SWEEP_BYTES, SWEEP_REQUESTS } from '../shared/budgets.js';
import { axisOf } from './axes.js';
import { EngineFailure } from './client.js';
import { config, CountingClient, sweeperOf } from './counting_client.js';

/** @param {number} requests */
const runOf = (requests) => ({ requests, bytes: 200 * requests, seconds: 10 });

test('a sweep of all seeds that takes more than may be simulated unasked is one of the current seed alone', async () => {
  const client = new CountingClient();
  /** @type {any} */
  let last = null;
  const show = (/** @type {any} */ sweep) => {
    last = sweep;
  };
  await sweeperOf(client).sweep(config(4), show, axisOf(''), null, runOf(SWEEP_REQUESTS / (16 * 20) + 1));
  assert.deepEqual([last.planned, last.finished, last.status, client.runs], [16, 16, 'done', 16]);
  await sweeperOf(client).sweep(config(4), show, axisOf(''), null, runOf(Math.floor(SWEEP_REQUESTS / (16 * 20))));
  assert.equal(last.finished, 16 * 20);
});

test('a sweep whose curve takes more than that is offered, and computed when it is asked for', async () => {
  const client = new CountingClient();
  const sweeper = sweeperOf(client);
  /** @type {any} */
  let last = null;
  const show = (/** @type {any} */ sweep) => {
    last = sweep;
  };
  const run = runOf(CURVE_REQUESTS / 16 + 1);
  await sweeper.sweep(config(4), show, axisOf(''), null, run);
  assert.deepEqual([last.status, last.planned, last.seconds, client.runs], ['offered', 16, 160, 0]);
  await sweeper.sweep(config(8), show, axisOf(''), null, run);
  assert.equal(client.runs, 0, 'the same sweep is not offered anew');
  await sweeper.resume();
  assert.deepEqual([last.status, last.finished, client.runs], ['done', 16, 16]);
  await sweeper.resume();
  assert.equal(client.runs, 16);
});

test('a sweep that is stopped keeps what it knows, and goes on where it was', async () => {
  const clients = [new CountingClient(), new CountingClient()];
  const sweeper = sweeperOf(...clients);
  /** @type {any} */
  let last = null;
  let told = 0;
  await sweeper.sweep(config(4), (sweep) => {
    last = sweep;
    told += 1;
    // The first time it tells of no result.
    if (told === 51) sweeper.stop();
  });
  assert.deepEqual([last.status, last.finished], ['stopped', 50]);
  await new Promise((later) => setTimeout(later, 20));
  assert.equal(last.finished, 50, 'no run is begun');
  await sweeper.resume();
  assert.deepEqual([last.status, last.finished], ['done', 16 * 20]);
  assert.ok(last.points.every((/** @type {any} */ { bySeed }) => bySeed.size === 20));
});

test('a worker that breaks down over a sweep is replaced once', async () => {
  const client = new CountingClient();
  const { sweep } = client;
  let failures = 1;
  client.sweep = (work, onResults) => {
    failures -= 1;
    return failures < 0 ? sweep.call(client, work, onResults) : Promise.reject(new EngineFailure('unreachable'));
  };
  /** @type {any} */
  let last = null;
  const show = (/** @type {any} */ known) => {
    last = known;
  };
  await sweeperOf(client).sweep(config(4), show);
  assert.equal(last.finished, 16 * 20);
  failures = 2;
  await assert.rejects(sweeperOf(client).sweep(config(4, 7), show), EngineFailure);
});

test('runs of a sweep stand beside each other only as far as their memory allows', async () => {
  const clients = [new CountingClient(), new CountingClient(), new CountingClient(), new CountingClient()];
  const run = { requests: 10, bytes: SWEEP_BYTES / 2, seconds: 1 };
  let most = 0;
  await sweeperOf(...clients).sweep(
    config(4),
    () => {
      most = Math.max(most, clients.filter(({ idle }) => !idle).length);
    },
    axisOf(''),
    null,
    run,
  );
  assert.equal(most, 2);
});
