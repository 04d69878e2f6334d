import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection, EngineFailure, NotHandedOver, Superseded } from './connection.js';
import { ScriptedWorker, start } from './scripted_worker.js';

/** Lets promises settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Time that goes on when the test says so.
 * @param {import('node:test').TestContext} t
 */
function clock(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  return async (/** @type {number} */ ms) => {
    await settled();
    t.mock.timers.tick(ms);
    await settled();
  };
}

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

test('a question that is harmless is answered beside what breaks workers down', async () => {
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
  await settled();
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

test('a worker that takes no notice of what was given up is replaced, and other questions go to the next', async (t) => {
  const pass = clock(t);
  const { client, workers } = start({ patienceMs: 5 });
  const controller = new AbortController();
  const stuck = client.ask('explain', {}, { signal: controller.signal });
  const seed = client.ask('newSeed');
  controller.abort();
  await assert.rejects(stuck, Superseded);
  assert.equal(workers[0].terminated, false, 'it may still take notice');
  await pass(5);
  assert.ok(workers[0].terminated);
  assert.deepEqual(workers[1].operations, ['newSeed']);
  workers[1].answer({ value: 7 });
  assert.equal(await seed, 7);
});

test('a worker that ends what was given up stays', async (t) => {
  const pass = clock(t);
  const { client, workers } = start({ patienceMs: 5 });
  const run = client.askNewest('rows', {});
  const { id } = workers[0].received[0];
  client.cancel();
  await assert.rejects(run, Superseded);
  workers[0].answer({ id, value: null });
  await pass(5);
  assert.equal(workers[0].terminated, false);
});

test('a worker with a large memory is replaced when it is idle, and not before', async (t) => {
  const pass = clock(t);
  const { client, workers } = start({ fatBytes: 1000, fatIdleMs: 5 });
  const [first, second] = [client.ask('a'), client.ask('b')];
  workers[0].answer({ id: workers[0].received[0].id, value: 1, memory: 1001 });
  await first;
  await pass(5);
  assert.equal(workers[0].terminated, false, 'the other question is pending');
  workers[0].answer({ value: 2, memory: 1001 });
  await second;
  await pass(5);
  assert.ok(workers[0].terminated && client.released);
  const third = client.ask('c');
  workers[1].answer({ value: 3, memory: 1000 });
  await third;
  await pass(5);
  assert.equal(workers[1].terminated, false, 'it is not larger than that');
});

test('where a worker is to be ready, the next one is started when a large one is released', async (t) => {
  const pass = clock(t);
  const { client, workers } = start({ fatBytes: 1000, fatIdleMs: 5, ready: true });
  const first = client.ask('a');
  workers[0].answer({ value: 1, memory: 5000 });
  await first;
  await pass(5);
  assert.deepEqual([workers.length, workers[0].terminated, client.released], [2, true, false]);
  assert.equal(client.memory, 0);
});

test('what is asked of a large worker before it is released keeps it', async (t) => {
  const pass = clock(t);
  const { client, workers } = start({ fatBytes: 1000, fatIdleMs: 5 });
  const first = client.ask('a');
  workers[0].answer({ value: 1, memory: 5000 });
  await first;
  client.ask('b');
  await pass(5);
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

test('a cancellation names its run, so that what the worker has begun meanwhile goes on', async () => {
  const { client, workers } = start();
  const run = client.askNewest('rows', {});
  const { id } = workers[0].received[0];
  client.cancel();
  await assert.rejects(run, Superseded);
  assert.deepEqual(workers[0].received.at(-1), { id: 0, operation: 'cancel', argument: id });
});

test('what only a replaced worker could answer is given up with it, and the rest is asked again', async (t) => {
  const pass = clock(t);
  const { client, workers } = start({ patienceMs: 5 });
  const controller = new AbortController();
  const stuck = client.ask('explain', {}, { signal: controller.signal });
  const sweep = client.askNewest('sweep', { variants: [] }, { again: false });
  const seed = client.ask('newSeed');
  controller.abort();
  await assert.rejects(stuck, Superseded);
  const givenUp = assert.rejects(sweep, Superseded);
  await pass(5);
  await givenUp;
  assert.equal(client.run, 0);
  assert.deepEqual(workers[1].operations, ['newSeed']);
  workers[1].answer({ value: 7 });
  assert.equal(await seed, 7);
});

test('where no further worker can be made, every question fails, and none stays open', async (t) => {
  const pass = clock(t);
  for (const way of ['it breaks down', 'it takes no notice']) {
    let none = false;
    /** @type {ScriptedWorker[]} */
    const workers = [];
    const make = () => {
      if (none) throw new Error('no more workers');
      workers.push(new ScriptedWorker());
      return workers[0];
    };
    const client = new Connection({ start: make, patienceMs: 5 });
    const controller = new AbortController();
    const stuck = client.ask('explain', {}, { signal: controller.signal });
    const others = [client.ask('a'), client.ask('b')];
    none = true;
    if (way === 'it breaks down') workers[0].onerror?.({ message: 'gone' });
    else controller.abort();
    await assert.rejects(stuck);
    const failed = others.map((other) => assert.rejects(other, /EngineFailure: no more workers/));
    await pass(5);
    await Promise.all(failed);
    assert.ok(client.idle, way);
  }
});

test('where a worker is to be ready and none can be made, the next question says so', async (t) => {
  const pass = clock(t);
  const worker = new ScriptedWorker();
  let made = 0;
  const make = () => {
    made += 1;
    if (made > 1) throw new Error('no more workers');
    return worker;
  };
  const client = new Connection({ start: make, fatBytes: 1000, fatIdleMs: 5, ready: true });
  const first = client.ask('a');
  worker.answer({ value: 1, memory: 5000 });
  await first;
  await pass(5);
  assert.equal(made, 2);
  await assert.rejects(client.ask('b'), /EngineFailure: no more workers/);
});

test('a run that was refused at once is not the one under way', async () => {
  const { client, workers } = start();
  await assert.rejects(client.askNewest('rows', {}, { signal: AbortSignal.abort() }), Superseded);
  assert.equal(client.run, 0);
  client.cancel();
  assert.equal(workers.length, 0);
});
