// The client in workers, here on the threads of Node: promises, progress, signals, refusals, and nothing to free.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PKG = join(fileURLToPath(new URL('../../..', import.meta.url)), 'pkg');

/** @type {typeof import('#engine')} */
const api = await import(join(PKG, 'node.js'));

/** @type {typeof import('../../../pkg/worker/index.d.ts')} */
const { ConfigError, createClient } = await import(join(PKG, 'worker/node.js'));

const client = createClient();
after(() => client.close());

const small = { cluster: { num_instances: 4 }, workload: { rate: 100, num_requests: 300 } };
const large = { cluster: { num_instances: 64 }, workload: { rate: 900, num_requests: 400_000 } };

test('a run is that of the engine, as plain data', async () => {
  const report = await client.simulate(small, { columns: ['ttft_us', 'instance'], limits: true });
  const result = api.simulate(small);
  assert.equal(report.digest, result.digest);
  assert.deepEqual(report.summary, result.summary);
  assert.deepEqual(report.verdict, result.summary.verdict);
  assert.deepEqual(report.config, result.config);
  assert.deepEqual(report.columns, { ttft_us: result.column('ttft_us'), instance: result.column('instance') });
  assert.ok(report.limits !== null && report.limits.per_instance.length === 4);
  assert.equal((await client.simulate(small)).limits, null);
  assert.deepEqual(structuredClone(report), report);
});

test('what is refused is refused as by the engine, where it was asked', async () => {
  await assert.rejects(client.simulate({ workload: { rate: -5 } }), (error) => {
    assert.ok(error instanceof ConfigError && error instanceof api.ConfigError);
    assert.deepEqual([error.code, error.path, error.key], ['invalid', 'workload.rate', 'rate']);
    return true;
  });
  const loose = /** @type {any} */ (client);
  await assert.rejects(loose.simulate(), /^ConfigError: configuration: got undefined, expected an object$/);
  await assert.rejects(loose.simulate(Promise.resolve({})), /class Promise, expected a plain object/);
  await assert.rejects(
    loose.simulate({ slo: { a: new Date() } }),
    /^ConfigError: slo\.a: got an object of the class Date/,
  );
  await assert.rejects(loose.simulate({ seed: () => 5 }), /^ConfigError: seed: got function, expected plain data$/);
  await assert.rejects(loose.simulate(small, { columns: ['nope'] }), /^ConfigError: name: got nope, expected one of /);
  await assert.rejects(client.sweep([small], [1.5]), /^ConfigError: seed: got 1.5, expected a whole number/);
});

/** @param {number} levels */
function nested(levels) {
  let value = {};
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

test('what the engine refuses is refused in the same words where a copy would hide or not take it', async () => {
  const cyclic = /** @type {any} */ ({});
  cyclic.workload = cyclic;
  const rate = (/** @type {unknown} */ value) => new Map([['workload', new Map([['rate', value]])]]);
  const bad = [
    nested(40),
    nested(20_000),
    cyclic,
    rate(() => 1),
    rate(new Date()),
    { slo: [{ ttft_ms: Symbol('a') }] },
  ];
  for (const config of /** @type {any[]} */ (bad)) {
    const [own, other] = [() => api.simulate(config), () => client.simulate(config)].map(async (ask) => ask());
    const { message } = await own.then(
      () => assert.fail('was accepted'),
      (error) => error,
    );
    await assert.rejects(other, (error) => error instanceof ConfigError && error.message === message);
    await assert.rejects(client.sweep([small, config], [1]), ConfigError);
  }
  const loose = /** @type {any} */ (client);
  await assert.rejects(loose.simulate(small, { columns: [() => 1] }), /^ConfigError: columns\[0\]: got function/);
  await assert.rejects(loose.sweep([small], [Symbol('a')]), /^ConfigError: seed: got symbol, expected plain data$/);
  const taken = /** @type {any} */ (new Map(Object.entries(small)));
  assert.equal((await client.simulate(taken)).digest, api.simulate(small).digest);
});

test('what cannot be copied is refused, and what waits behind it goes on', async () => {
  const proxy = new Proxy({}, {});
  const [first, refused, last] = [small, proxy, small].map((config) => client.simulate(config));
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /^configuration: got an object, expected plain data, which can be copied \(/);
    return true;
  });
  assert.equal((await first).digest, (await last).digest);
  await assert.rejects(client.sweep([proxy], [1, 2]), ConfigError);
});

test('a program whose last question could not be copied ends', () => {
  const script = `
    const { createClient } = await import(${JSON.stringify(join(PKG, 'worker/node.js'))});
    await createClient().simulate(new Proxy({}, {})).catch((error) => console.log(error.name));`;
  const output = execFileSync('node', ['--input-type=module', '--eval', script], { encoding: 'utf8', timeout: 60_000 });
  assert.equal(output, 'ConfigError\n');
});

test('progress is told, and a signal gives a run up at once', async () => {
  const controller = new AbortController();
  /** @type {number[]} */
  const finished = [];
  const run = client.simulate(large, {
    signal: controller.signal,
    onProgress: (progress) => {
      finished.push(progress.finishedRequests);
      assert.ok(progress.totalRequests === 400_000);
      if (finished.length === 3) controller.abort();
    },
  });
  await assert.rejects(run, { name: 'AbortError' });
  assert.deepEqual(
    finished,
    [...finished].sort((left, right) => left - right),
  );
  assert.equal(finished.length, 3);
  // The worker is free again.
  assert.equal((await client.simulate(small)).digest, api.simulate(small).digest);
  const reason = new Error('another page');
  await assert.rejects(client.simulate(small, { signal: AbortSignal.abort(reason) }), reason);
});

test('what waits for a worker is answered in order, and may be given up before it is asked', async () => {
  const controller = new AbortController();
  const runs = [1, 2, 3].map((seed) =>
    client.simulate({ ...small, seed }, seed === 2 ? { signal: controller.signal } : {}),
  );
  controller.abort();
  await assert.rejects(runs[1], { name: 'AbortError' });
  assert.notEqual((await runs[0]).digest, (await runs[2]).digest);
});

test('a sweep runs every variant with every seed, on several workers, and says which cannot be used', async () => {
  const many = createClient({ workers: 2 });
  const impossible = { ...small, model: { name: 'codellama/codellama-34b-instruct-hf', hardware: 'L40S', tp: 1 } };
  /** @type {number[]} */
  const finished = [];
  const runs = await many.sweep([small, impossible], [1, 2n, 3], {
    onProgress: (progress) => {
      assert.equal(progress.total, 6);
      finished.push(progress.finished);
    },
  });
  many.close();
  assert.deepEqual(finished, [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(
    runs[0].map(({ summary }) => summary),
    [1, 2, 3].map((seed) => api.simulate({ ...small, seed }).summary),
  );
  assert.deepEqual(
    runs[1].map(({ summary, problem }) => [summary, problem?.code]),
    [1, 2, 3].map(() => [null, 'does-not-fit']),
  );
});

test('a signal gives a sweep up', async () => {
  const controller = new AbortController();
  const sweep = client.sweep([large, large], [1, 2, 3], { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(sweep, { name: 'AbortError' });
});

test('a closed client refuses what it is asked and what it was asked', async () => {
  const closed = createClient();
  const runs = [closed.simulate(large), closed.simulate(small)];
  closed.close();
  for (const run of [...runs, closed.simulate(small)]) await assert.rejects(run, { name: 'AbortError' });
  assert.throws(() => createClient({ workers: 0 }), /workers: got 0, expected a whole number of at least 1/);
});
