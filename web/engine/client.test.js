import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineClient, EngineFailure, RefusedSettings, Superseded } from './client.js';

/** A worker that answers when the test says so. */
class ScriptedWorker {
  /** @type {any[]} */
  received = [];

  terminated = false;

  /** @type {((event: any) => void)|null} */
  onmessage = null;

  /** @type {((event: any) => void)|null} */
  onerror = null;

  /** @param {any} message */
  postMessage(message) {
    this.received.push(message);
  }

  terminate() {
    this.terminated = true;
  }

  /** @param {object} data */
  answer(data) {
    this.onmessage?.({ data });
  }
}

/** @returns {{client: EngineClient, workers: ScriptedWorker[]}} */
function start() {
  /** @type {ScriptedWorker[]} */
  const workers = [];
  const client = new EngineClient(() => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker;
  });
  return { client, workers };
}

const config = /** @type {any} */ ({ seed: 42 });

test('an answer settles the promise that asked for it', async () => {
  const { client, workers } = start();
  const seed = client.newSeed();
  workers[0].answer({ id: workers[0].received[0].id, value: 7 });
  assert.equal(await seed, 7);
});

test('a newer run supersedes the one under way, whose late answer is ignored', async () => {
  const { client, workers } = start();
  const first = client.rows(config);
  const second = client.rows(config);
  await assert.rejects(first, Superseded);
  const [run, cancel, rerun] = workers[0].received;
  assert.deepEqual([run.operation, cancel.operation, rerun.operation], ['rows', 'cancel', 'rows']);
  workers[0].answer({ id: run.id, value: null });
  workers[0].answer({ id: rerun.id, value: 'newer' });
  assert.equal(/** @type {any} */ (await second), 'newer');
});

test('progress reaches the run that it is about', () => {
  const { client, workers } = start();
  /** @type {any[]} */
  const seen = [];
  client.details(config, (progress) => seen.push(progress));
  workers[0].answer({ id: workers[0].received[0].id, progress: { finishedRequests: 3 } });
  assert.deepEqual(seen, [{ finishedRequests: 3 }]);
});

test('a refused setting is told apart from a breakdown', async () => {
  const { client, workers } = start();
  const run = client.rows(config);
  workers[0].answer({
    id: workers[0].received[0].id,
    error: { message: 'no', path: 'workload.rate', value: '0', expected: '> 0', trapped: false },
  });
  await assert.rejects(run, (error) => error instanceof RefusedSettings && error.problem.path === 'workload.rate');
  assert.equal(workers[0].terminated, false);
});

test('after a trap the worker is thrown away and the next request starts a new one', async () => {
  const { client, workers } = start();
  const run = client.rows(config);
  const seed = client.newSeed();
  workers[0].answer({ id: workers[0].received[0].id, error: { message: 'unreachable', trapped: true } });
  await assert.rejects(run, EngineFailure);
  await assert.rejects(seed, EngineFailure);
  assert.equal(workers[0].terminated, true);
  const again = client.newSeed();
  assert.equal(workers.length, 2);
  workers[1].answer({ id: workers[1].received[0].id, value: 1 });
  assert.equal(await again, 1);
});

test('an attempt tells the proposal first, then the run', async () => {
  const { client, workers } = start();
  const attempt = client.attempt({ pairs: [] });
  const { id } = workers[0].received[0];
  workers[0].answer({ id, proposal: { problems: [] } });
  assert.deepEqual(await attempt.proposal, { problems: [] });
  assert.equal(client.run, id);
  workers[0].answer({ id, value: 'run' });
  assert.equal(/** @type {any} */ (await attempt.run), 'run');
  assert.ok(client.idle);
});

test('only an attempt that is valid gives up the run under way, which the worker has done already', async () => {
  const { client, workers } = start();
  const former = client.rows(config);
  const refused = client.attempt({ pairs: [] });
  workers[0].answer({ id: workers[0].received[1].id, proposal: { problems: ['no'] } });
  workers[0].answer({ id: workers[0].received[1].id, value: null });
  assert.equal(await refused.run, null);
  assert.equal(client.run, workers[0].received[0].id);
  client.attempt({ pairs: [] });
  workers[0].answer({ id: workers[0].received[2].id, proposal: { problems: [] } });
  await assert.rejects(former, Superseded);
  assert.ok(workers[0].received.every(({ operation }) => operation !== 'cancel'));
});

test('an attempt that breaks down fails its proposal and its run', async () => {
  const { client, workers } = start();
  const attempt = client.attempt({ pairs: [] });
  workers[0].answer({ id: workers[0].received[0].id, error: { message: 'unreachable', trapped: true } });
  await assert.rejects(attempt.proposal, EngineFailure);
  await assert.rejects(attempt.run, EngineFailure);
});

test('a worker that has nothing to do is released, and the next request starts another one', async () => {
  /** @type {ScriptedWorker[]} */
  const workers = [];
  const client = new EngineClient(() => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker;
  }, 5);
  assert.ok(client.released);
  const rest = () => new Promise((resolve) => setTimeout(resolve, 30));
  const seed = client.newSeed();
  await rest();
  assert.equal(workers[0].terminated, false, 'it still works');
  workers[0].answer({ id: workers[0].received[0].id, value: 1 });
  await seed;
  await rest();
  assert.ok(workers[0].terminated && client.released);
  const again = client.newSeed();
  assert.deepEqual([workers.length, client.life], [2, 2]);
  workers[1].answer({ id: workers[1].received[0].id, value: 2 });
  assert.equal(await again, 2);
});

test('a client says when nothing is pending any more, but not between a run and the one that replaces it', async () => {
  const { client, workers } = start();
  let idle = 0;
  client.onIdle = () => (idle += 1);
  const first = client.rows(config);
  const second = client.rows(config);
  await assert.rejects(first, Superseded);
  assert.equal(idle, 0);
  workers[0].answer({ id: workers[0].received[2].id, value: 'rows' });
  await second;
  await new Promise(setImmediate);
  assert.equal(idle, 1);
});
