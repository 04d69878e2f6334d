import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Superseded } from './client.js';
import { Pool, PRIORITY } from './pool.js';

/** Runs what it is given until the test says that it is done, or until it is cancelled. */
class SlowClient {
  run = 0;

  idle = true;

  cancelled = 0;

  onIdle = () => {};

  #name;

  /** @type {((error: Error) => void)|null} */
  #interrupt = null;

  /** @param {string} name */
  constructor(name) {
    this.#name = name;
  }

  /**
   * @param {string[]} log
   * @param {string} what
   * @param {Promise<unknown>} until
   */
  async work(log, what, until) {
    log.push(`${what} on ${this.#name}`);
    this.run += 1;
    await Promise.race([until, new Promise((_resolve, reject) => (this.#interrupt = reject))]);
    return what;
  }

  cancel() {
    this.cancelled += 1;
    this.#interrupt?.(new Superseded());
  }
}

/** A promise and what fulfils it. */
function open() {
  /** @type {(value?: unknown) => void} */
  let done = () => {};
  const until = new Promise((resolve) => (done = resolve));
  return { until, done };
}

const settled = () => new Promise(setImmediate);

/** @param {number} size @param {SlowClient|null} main */
function start(size, main = null) {
  const clients = ['picture', ...Array.from({ length: size }, (_unused, i) => `w${i}`)].map(
    (name) => new SlowClient(name),
  );
  const left = [...clients];
  const options = { main, size, makeClient: () => left.shift() };
  const pool = new Pool(/** @type {any} */ (options));
  /** @type {string[]} */
  const log = [];
  const run = (
    /** @type {string} */ what,
    /** @type {import('./pool.js').Priority} */ priority,
    /** @type {{until: Promise<unknown>}} */ { until },
    signal = /** @type {AbortSignal|undefined} */ (undefined),
  ) => pool.run((client) => /** @type {any} */ (client).work(log, what, until), { priority, signal });
  return { pool, clients: clients.slice(1), log, run };
}

test('the most urgent task comes first, and of equal ones the oldest', async () => {
  const { log, run } = start(1);
  const first = open();
  const now = { until: Promise.resolve() };
  const all = [
    run('first', PRIORITY.view, first),
    run('sweep', PRIORITY.background, now),
    run('search', PRIORITY.search, now),
    run('view', PRIORITY.view, now),
    run('later view', PRIORITY.view, now),
  ];
  assert.deepEqual(log, ['first on w0']);
  first.done();
  assert.deepEqual(await Promise.all(all), ['first', 'sweep', 'search', 'view', 'later view']);
  assert.deepEqual(log.slice(1), ['view on w0', 'later view on w0', 'search on w0', 'sweep on w0']);
});

test('a task that waits can be given up, and is never begun', async () => {
  const { log, run } = start(1);
  const first = open();
  const controller = new AbortController();
  const running = run('first', PRIORITY.view, first);
  const waiting = run('second', PRIORITY.view, first, controller.signal);
  controller.abort();
  await assert.rejects(waiting, Superseded);
  first.done();
  await running;
  await settled();
  assert.deepEqual(log, ['first on w0']);
  await assert.rejects(run('third', PRIORITY.view, first, controller.signal), Superseded);
});

test('a task that runs can be given up, and its worker goes on with the next', async () => {
  const { clients, log, run } = start(1);
  const controller = new AbortController();
  const running = run('first', PRIORITY.view, open(), controller.signal);
  const next = run('second', PRIORITY.view, { until: Promise.resolve() });
  controller.abort();
  await assert.rejects(running, Superseded);
  assert.equal(await next, 'second');
  assert.deepEqual(log, ['first on w0', 'second on w0']);
  assert.equal(clients[0].cancelled, 1);
  // What has been done cannot be given up any more.
  controller.abort();
  assert.equal(clients[0].cancelled, 1);
});

test('the background makes room for a view, and only for as many as wait', async () => {
  const { clients, log, run } = start(2);
  const sweeps = [run('sweep 1', PRIORITY.background, open()), run('sweep 2', PRIORITY.background, open())];
  const [first, second] = sweeps.map((sweep) => sweep.catch((error) => error));
  assert.equal(await run('view', PRIORITY.view, { until: Promise.resolve() }), 'view');
  assert.equal(clients[0].cancelled + clients[1].cancelled, 1);
  assert.ok((await Promise.race([first, second])) instanceof Superseded);
  assert.equal(log.length, 3);
});

test('views and the background take workers from the two ends', async () => {
  const { log, run } = start(3);
  const now = { until: Promise.resolve() };
  await Promise.all([run('sweep', PRIORITY.background, now), run('view', PRIORITY.view, now)]);
  await Promise.all([run('view', PRIORITY.view, now), run('sweep', PRIORITY.background, now)]);
  assert.deepEqual(log, ['sweep on w0', 'view on w2', 'view on w2', 'sweep on w0']);
});

test('searches leave one worker to the views', async () => {
  const { log, run } = start(3);
  const searches = [1, 2, 3].map((number) => ({ ...open(), number }));
  const answers = searches.map((search) => run(`search ${search.number}`, PRIORITY.search, search));
  assert.equal(log.length, 2);
  assert.equal(await run('view', PRIORITY.view, { until: Promise.resolve() }), 'view');
  assert.equal(log.length, 3);
  searches[0].done();
  await answers[0];
  await settled();
  assert.match(log[3], /^search 3/);
});

test('questions wait for nothing, and go where least is done', async () => {
  const { log, run } = start(2);
  const view = run('view', PRIORITY.view, open());
  view.catch(() => {});
  const question = open();
  const answers = [1, 2].map((number) => run(`question ${number}`, PRIORITY.question, question));
  assert.deepEqual(log, ['view on w1', 'question 1 on w0', 'question 2 on w1']);
  question.done();
  assert.deepEqual(await Promise.all(answers), ['question 1', 'question 2']);
});

test('the worker of the page’s own runs takes part in the background alone, and only while it has nothing to do', async () => {
  const main = new SlowClient('main');
  const { log, run } = start(1, main);
  const now = { until: Promise.resolve() };
  await run('view', PRIORITY.view, now);
  await run('sweep', PRIORITY.background, now);
  main.idle = false;
  const busy = open();
  const view = run('long view', PRIORITY.view, busy);
  const sweep = run('sweep 2', PRIORITY.background, now);
  await settled();
  assert.deepEqual(log, ['view on w0', 'sweep on main', 'long view on w0']);
  main.idle = true;
  main.onIdle();
  assert.equal(await sweep, 'sweep 2');
  assert.equal(log[3], 'sweep 2 on main');
  busy.done();
  await view;
});

test('a background task that is given up leaves a run of the page’s own alone that has taken its place', async () => {
  const main = new SlowClient('main');
  const { run } = start(1, main);
  const controller = new AbortController();
  const sweep = run('sweep', PRIORITY.background, open(), controller.signal);
  main.run += 1;
  controller.abort();
  await assert.rejects(sweep, Superseded);
  assert.equal(main.cancelled, 0);
});

test('a task that fails frees its worker', async () => {
  const { pool, run } = start(1);
  await assert.rejects(
    pool.run(() => Promise.reject(new Error('broken'))),
    /broken/,
  );
  await assert.rejects(
    pool.run(() => {
      throw new Error('at once');
    }),
    /at once/,
  );
  assert.equal(await run('next', PRIORITY.view, { until: Promise.resolve() }), 'next');
});

for (const [cores, shared] of [
  [1, 3],
  [2, 3],
  [4, 5],
  [64, 5],
]) {
  test(`on ${cores} cores ${shared} workers are shared`, (context) => {
    const former = Object.getOwnPropertyDescriptor(globalThis, 'navigator') ?? { value: undefined };
    const restore = () => Object.defineProperty(globalThis, 'navigator', { ...former, configurable: true });
    context.after(restore);
    Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: cores }, configurable: true });
    let made = 0;
    const makeClient = () => /** @type {any} */ (new SlowClient(`w${(made += 1)}`));
    new Pool({ makeClient });
    assert.equal(made, shared + 1, 'that of the picture included');
  });
}
