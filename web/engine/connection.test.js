import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection, EngineFailure, NotHandedOver, Superseded } from './connection.js';
import { ScriptedWorker, start } from './scripted_worker.js';

/** @param {number} ms */
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('a question that breaks its worker down is asked once more, of a new one, and then fails', async () => {
  const { client, workers } = start();
  const seed = client.ask('newSeed');
  workers[0].trap();
  assert.ok(workers[0].terminated);
  workers[1].answer({ value: 7 });
  assert.equal(await seed, 7);
  const bad = client.ask('bad');
  workers[1].trap();
  workers[2].trap();
  await assert.rejects(bad, EngineFailure);
  assert.equal(workers.length, 3);
});

test('who asks for something harmless beside what breaks workers down gets an answer', async () => {
  const { client, workers } = start();
  const bad = client.ask('bad');
  const seed = client.ask('newSeed');
  const { id } = workers[0].received[0];
  workers[0].trap({ id });
  workers[1].trap({ id });
  await assert.rejects(bad, EngineFailure);
  assert.deepEqual(workers[2].operations, ['newSeed']);
  workers[2].answer({ value: 7 });
  assert.equal(await seed, 7);
});

test('a worker that ends without a word is replaced once for each question', async () => {
  const { client, workers } = start();
  const seed = client.ask('newSeed');
  workers[0].onerror?.({ message: 'gone' });
  workers[1].onerror?.({ message: 'gone' });
  await assert.rejects(seed, /gone/);
  assert.equal(workers.length, 2);
});

test('a want of memory has words', async () => {
  const { client, workers } = start();
  const run = client.ask('attempt');
  for (const number of [0, 1])
    workers[number].answer({ error: { message: 'unreachable', trapped: true, outOfMemory: true } });
  await assert.rejects(run, /it needed more memory than the browser gives; fewer requests help/);
});

test('what a discarded worker has said last is not heard', async () => {
  const { client, workers } = start();
  const seed = client.ask('newSeed');
  const { id } = workers[0].received[0];
  workers[0].trap();
  workers[0].answer({ id, value: 'of the first' });
  workers[1].answer({ value: 'of the second' });
  assert.equal(await seed, 'of the second');
});

test('an argument that cannot be handed over fails its question alone', async () => {
  const { client, workers } = start();
  const seed = client.ask('newSeed');
  workers[0].postMessage = () => {
    throw new RangeError('Maximum call stack size exceeded');
  };
  const refused = client.ask('convert', {});
  await assert.rejects(refused, /EngineFailure: Maximum call stack/);
  await assert.rejects(refused, NotHandedOver);
  workers[0].answer({ value: 7 });
  assert.equal(await seed, 7);
  assert.ok(client.idle);
});

test('a worker that was handed nothing is offered to what waits, and runs nothing', async () => {
  const { client, workers } = start();
  const seed = client.ask('newSeed');
  workers[0].answer({ value: 7 });
  await seed;
  let offers = 0;
  client.onIdle = () => (offers += 1);
  workers[0].postMessage = () => {
    throw new DOMException('no copy', 'DataCloneError');
  };
  await assert.rejects(client.askNewest('run', {}), NotHandedOver);
  await rest(0);
  assert.deepEqual([offers, client.run], [1, 0]);
});

test('what cannot be asked of the next worker fails, and the other questions go on', async () => {
  let starts = 0;
  /** @type {ScriptedWorker[]} */
  const workers = [];
  const connection = new Connection({
    start: () => {
      starts += 1;
      if (starts === 2) throw new Error('no more workers');
      workers.push(new ScriptedWorker());
      return workers[workers.length - 1];
    },
  });
  const [first, second] = [connection.ask('a'), connection.ask('b')];
  workers[0].trap();
  await assert.rejects(first, (error) => error instanceof EngineFailure && !(error instanceof NotHandedOver));
  workers[1].answer({ value: 2 });
  assert.equal(await second, 2);
});

test('a worker that takes no notice of what was given up is replaced, and other questions go to the next', async () => {
  const { client, workers } = start({ patienceMs: 5 });
  const controller = new AbortController();
  const stuck = client.ask('explain', {}, { signal: controller.signal });
  const seed = client.ask('newSeed');
  controller.abort();
  await assert.rejects(stuck, Superseded);
  assert.equal(workers[0].terminated, false, 'it may still take notice');
  await rest(30);
  assert.ok(workers[0].terminated);
  assert.deepEqual(workers[1].operations, ['newSeed']);
  workers[1].answer({ value: 7 });
  assert.equal(await seed, 7);
});

test('a worker that ends what was given up stays', async () => {
  const { client, workers } = start({ patienceMs: 5 });
  const run = client.askNewest('rows', {});
  const { id } = workers[0].received[0];
  client.cancel();
  await assert.rejects(run, Superseded);
  workers[0].answer({ id, value: null });
  await rest(30);
  assert.equal(workers[0].terminated, false);
});

test('a worker with a large memory is replaced when it is idle, and not before', async () => {
  const { client, workers } = start({ fatBytes: 1000, fatIdleMs: 5 });
  const [first, second] = [client.ask('a'), client.ask('b')];
  workers[0].answer({ id: workers[0].received[0].id, value: 1, memory: 1001 });
  await first;
  await rest(30);
  assert.equal(workers[0].terminated, false, 'the other question is pending');
  workers[0].answer({ value: 2, memory: 1001 });
  await second;
  await rest(30);
  assert.ok(workers[0].terminated && client.released);
  const third = client.ask('c');
  workers[1].answer({ value: 3, memory: 1000 });
  await third;
  await rest(30);
  assert.equal(workers[1].terminated, false, 'it is not larger than that');
});

test('where a worker is to be ready, the next one is started when a large one is released', async () => {
  const { client, workers } = start({ fatBytes: 1000, fatIdleMs: 5, ready: true });
  const first = client.ask('a');
  workers[0].answer({ value: 1, memory: 5000 });
  await first;
  await rest(30);
  assert.deepEqual([workers.length, workers[0].terminated, client.released], [2, true, false]);
  assert.equal(client.memory, 0);
});

test('what is asked of a large worker before it is released keeps it', async () => {
  const { client, workers } = start({ fatBytes: 1000, fatIdleMs: 5 });
  const first = client.ask('a');
  workers[0].answer({ value: 1, memory: 5000 });
  await first;
  client.ask('b');
  await rest(30);
  assert.equal(workers.length, 1);
  assert.equal(workers[0].terminated, false);
});

test('a connection that is closed gives everything up', async () => {
  const { client, workers } = start();
  const seed = client.ask('newSeed');
  client.close();
  await assert.rejects(seed, Superseded);
  assert.ok(workers[0].terminated);
});
