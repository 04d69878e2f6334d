import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineFailure, RefusedSettings, Superseded } from './client.js';
import { start } from './scripted_worker.js';

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

test('an attempt tells the proposal first, then the run', async () => {
  const { client, workers } = start();
  const attempt = client.attempt({ pairs: [] });
  const { id } = workers[0].received[0];
  workers[0].answer({ id, progress: { proposal: { problems: [] } } });
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
  workers[0].answer({ id: workers[0].received[1].id, progress: { proposal: { problems: ['no'] } } });
  workers[0].answer({ id: workers[0].received[1].id, value: null });
  assert.equal(await refused.run, null);
  assert.equal(client.run, workers[0].received[0].id);
  client.attempt({ pairs: [] });
  workers[0].answer({ id: workers[0].received[2].id, progress: { proposal: { problems: [] } } });
  await assert.rejects(former, Superseded);
  assert.ok(workers[0].received.every(({ operation }) => operation !== 'cancel'));
});

test('of attempts that come while one is checked only the newest is sent, and the others fail as superseded', async () => {
  const { client, workers } = start();
  const attempts = ['a', 'b', 'c', 'd'].map((key) => client.attempt({ pairs: [[key, '1']] }));
  const [first, second, third, last] = attempts;
  assert.equal(workers[0].received.length, 1);
  workers[0].tell({ proposal: { problems: [] } });
  await first.proposal;
  for (const { proposal, run } of [second, third]) {
    await assert.rejects(proposal, Superseded);
    await assert.rejects(run, Superseded);
  }
  assert.deepEqual(workers[0].operations, ['attempt', 'attempt']);
  assert.deepEqual(workers[0].received[1].argument, { pairs: [['d', '1']] });
  // It is only checked: the first is still the run under way.
  assert.equal(client.run, workers[0].received[0].id);
  workers[0].tell({ proposal: { problems: [] } });
  await last.proposal;
  await assert.rejects(first.run, Superseded);
  workers[0].answer({ value: 'the last' });
  assert.equal(/** @type {any} */ (await last.run), 'the last');
  assert.ok(client.idle);
});

test('an attempt that was refused lets the next one in', async () => {
  const { client, workers } = start();
  const [refused, last] = ['a', 'b'].map((key) => client.attempt({ pairs: [[key, '1']] }));
  workers[0].tell({ proposal: { problems: ['no'] } });
  workers[0].answer({ value: null });
  assert.equal(await refused.run, null);
  workers[0].tell({ proposal: { problems: [] } });
  workers[0].answer({ value: 'the last' });
  assert.equal(/** @type {any} */ (await last.run), 'the last');
});

test('after a break-down the run under way and the newest settings are sent once more, and nothing in between', async () => {
  const { client, workers } = start();
  const attempts = ['a', 'b', 'c', 'd'].map((key) => client.attempt({ pairs: [[key, '1']] }));
  workers[0].tell({ proposal: { problems: [] } });
  await attempts[0].proposal;
  workers[0].trap();
  assert.equal(workers.length, 2);
  assert.deepEqual(
    workers[1].received.map(({ argument }) => argument.pairs[0][0]),
    ['a', 'd'],
  );
  workers[1].tell({ proposal: { problems: [] } });
  await attempts[3].proposal;
  workers[1].answer({ value: 'the last' });
  assert.equal(/** @type {any} */ (await attempts[3].run), 'the last');
  for (const { run } of attempts.slice(0, 3)) await assert.rejects(run, Superseded);
});

test('an attempt that breaks two workers fails its proposal and its run, and the next change is tried', async () => {
  const { client, workers } = start();
  const attempt = client.attempt({ pairs: [] });
  workers[0].trap();
  workers[1].trap();
  await assert.rejects(attempt.proposal, EngineFailure);
  await assert.rejects(attempt.run, EngineFailure);
  assert.equal(workers.length, 2);
  const next = client.attempt({ pairs: [] });
  workers[2].tell({ proposal: { problems: [] } });
  workers[2].answer({ value: 'better' });
  assert.equal(/** @type {any} */ (await next.run), 'better');
});

test('moments of a playback and runs of a sweep are not asked of a worker that knows nothing of them', async () => {
  const { client, workers } = start();
  const moment = client.query('moment', 5);
  const sweep = client.sweep({ sweep: 1, variants: [], tasks: [] }, () => {});
  workers[0].trap();
  await assert.rejects(moment, EngineFailure);
  await assert.rejects(sweep, EngineFailure);
  assert.equal(workers.length, 1);
});

test('all attempts are given up together: the one that runs, the one that is checked, and the one that waits', async () => {
  const { client, workers } = start();
  const attempts = ['a', 'b', 'c'].map((key) => client.attempt({ pairs: [[key, '1']] }));
  workers[0].tell({ proposal: { problems: [] } });
  await attempts[0].proposal;
  const [running, checked] = workers[0].received.map(({ id }) => id);
  client.cancelAll();
  for (const { run } of attempts) await assert.rejects(run, Superseded);
  assert.deepEqual(
    workers[0].received.filter(({ operation }) => operation === 'cancel').map(({ argument }) => argument),
    [running, checked],
  );
  assert.ok(client.idle);
  const next = client.attempt({ pairs: [] });
  workers[0].tell({ proposal: { problems: [] } });
  workers[0].answer({ value: 'the next' });
  assert.equal(/** @type {any} */ (await next.run), 'the next');
});
