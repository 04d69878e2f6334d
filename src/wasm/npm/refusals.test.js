// What is refused, is refused with its name, its value and what would have been right, as a ConfigError.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** @type {typeof import('#engine')} */
const api = await import(join(fileURLToPath(new URL('../../..', import.meta.url)), 'pkg/node.js'));

/** @import {ConfigError} from '#engine' */

/** As a program calls it that no type checker has seen. @type {any} */
const loose = api;

const config = { workload: { num_requests: 20 } };

/**
 * @param {() => unknown} call
 * @returns {ConfigError}
 */
function refusal(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof api.ConfigError, String(error));
    return error;
  }
  return assert.fail(`was accepted: ${call}`);
}

/** @param {() => unknown} call */
const said = (call) => String(refusal(call));

test('a refusal is an error of its own class, with everything beside its message', () => {
  const error = refusal(() => api.simulate({ workload: { rate: -5 } }));
  assert.ok(error instanceof Error);
  assert.match(error.stack ?? '', /^ConfigError: workload\.rate: got -5, expected a number greater than 0\n/);
  const { name, code, path, key, value, expected } = error;
  assert.deepEqual(
    { name, code, path, key, value, expected },
    {
      name: 'ConfigError',
      code: 'invalid',
      path: 'workload.rate',
      key: 'rate',
      value: '-5',
      expected: 'a number greater than 0',
    },
  );
  assert.deepEqual(JSON.parse(JSON.stringify(error)).message, error.message);
});

test('the sort of problem is told to programs', () => {
  const code = (/** @type {() => unknown} */ call) => refusal(call).code;
  assert.equal(
    code(() => api.simulate({ workload: { rate: 0 } })),
    'invalid',
  );
  assert.equal(
    code(() => api.simulate({ model: { alpha_coeffs: [1, 2, 3] } })),
    'conflict',
  );
  assert.equal(
    code(() => api.simulate({ model: { name: 'codellama/codellama-34b-instruct-hf', hardware: 'L40S', tp: 1 } })),
    'does-not-fit',
  );
  assert.equal(
    code(() => api.importWorkloadSpec('clients: [', {})),
    'malformed',
  );
});

test('a configuration that is none, or may hide something, is refused in plain words', () => {
  class WithGetters {
    get cluster() {
      return { num_instances: 3 };
    }
  }
  class WithFields {
    cluster = { num_instances: 3 };
  }
  assert.equal(
    said(() => loose.simulate()),
    'ConfigError: configuration: got undefined, expected an object',
  );
  assert.equal(
    said(() => loose.simulate(null)),
    'ConfigError: configuration: got null, expected an object',
  );
  assert.equal(
    said(() => loose.simulate('{}')),
    'ConfigError: configuration: got {}, expected an object',
  );
  assert.equal(
    said(() => loose.simulate([])),
    'ConfigError: configuration: got a list, expected an object',
  );
  for (const hiding of [Promise.resolve({}), new Date(), new Set(), new WithGetters(), new api.Settings([])])
    assert.match(
      said(() => loose.simulate(hiding)),
      /an object of the class \w+, expected a plain object/,
    );
  assert.match(
    said(() => loose.simulate({ cluster: new WithGetters() })),
    /^ConfigError: cluster: .*class WithGetters/,
  );
  assert.equal(loose.simulate(new WithFields()).config.cluster.num_instances, 3);
  assert.equal(loose.simulate(Object.assign(Object.create(null), config)).summary.requests, 20);
  assert.equal(loose.simulate(new Map(Object.entries(config))).summary.requests, 20);
});

test('numbers outside their range are refused with it', () => {
  const result = api.simulate(config);
  const playback = new api.Playback(config);
  const simulation = () => new api.Simulation(config);
  const cases = /** @type {[() => unknown, RegExp][]} */ ([
    [() => api.forkRoute(config, 1e9, 0), /request: got 1000000000, expected a whole number from 0 to 19$/],
    [() => api.forkRoute(config, 20, 0), /request: got 20, expected a whole number from 0 to 19$/],
    [() => api.forkRoute(config, 0, 1), /instance: got 1, expected a whole number from 0 to 0$/],
    [() => api.explainDecision(config, 20), /request: got 20, expected a whole number from 0 to 19$/],
    [() => api.explainWait(config, NaN), /request: got NaN, expected a whole number from 0 to 19$/],
    [() => loose.simulate(config).column('nope'), /name: got nope, expected one of arrival_us, /],
    [() => loose.simulate(config).column(0), /name: got 0, expected a text$/],
    [() => loose.importTrace(undefined, '', config), /header: got undefined, expected a text$/],
    [() => loose.importTrace('', 5, config), /data: got 5, expected a text$/],
    [() => loose.importWorkloadSpec({}, config), /text: got an object, expected a text$/],
    [() => loose.importSettings(null, config), /text: got null, expected a text$/],
    [() => loose.checkLesson(5), /text: got 5, expected a text$/],
    [() => loose.readModel(5, '{}'), /name: got 5, expected a text$/],
    [() => loose.readModel('x', 5), /text: got 5, expected a text$/],
    [() => loose.readModel('x', '{}', 5), /quantText: got 5, expected a text$/],
    [() => loose.describeModel(5), /model: got 5, expected an object$/],
    [() => new loose.Sweep(config), /variants: got an object, expected a list of configurations$/],
    [() => playback.seek(NaN), /time_us: got NaN, expected a time from 0 to /],
    [() => playback.sample(-1), /time_us: got -1, expected a time from 0 to /],
    [() => playback.timeline(NaN, 5), /end_us: got NaN, expected a time from 0 to /],
    [() => playback.timeline(5, 4e9), /points: got 4000000000, expected a whole number from 1 to 4000$/],
    [() => playback.seek(0).queue(1), /instance: got 1, expected a whole number from 0 to 0$/],
    [() => playback.seek(0).batch(-1), /instance: got -1, expected /],
    [() => playback.seek(0).batchProgress(0.5), /instance: got 0.5, expected /],
    [() => new api.Sweep([config]).start(1, 5), /variant: got 1, expected a whole number from 0 to 0$/],
    [() => new api.Sweep([config]).start(0, 1.5), /seed: got 1.5, expected a whole number/],
    [() => new api.Sweep([config]).start(0, 2n ** 64n), /seed: got 18446744073709551616, expected a whole number/],
    [() => new api.SizeSearch(config, 0, {}), /tp: got 0, expected a whole number from 1 to 1024$/],
    [() => loose.simulate(config).goodShare({ ttft: 5 }), /target: got an object, expected ttft_ms, /],
    [() => loose.simulate(config).distribution('p99', 5, 5), /latency: got p99, expected one of ttft, /],
  ]);
  for (const method of /** @type {const} */ ([
    'ttftHistogram',
    'ttftCdf',
    'regretSeries',
    'goodputCurve',
    'worstWaits',
    'worstDecisions',
  ]))
    for (const number of [0, -1, NaN, 1.5, 4e9])
      cases.push([() => result[method](number), /got .*, expected a whole number from 1 to 100000$/]);
  for (const ms of [-1, NaN])
    cases.push([() => simulation().advanceFor(ms), /ms: got .*, expected a number that is at least 0$/]);
  for (const steps of [0, -1, NaN]) {
    cases.push([() => simulation().advance(steps), /steps: got .*, expected a number that is at least 1$/]);
    cases.push([() => new api.Sweep([config]).advance(steps), /steps: got .*, expected a number that is at least 1$/]);
    cases.push([() => new api.SizeSearch(config, 1, {}).advance(steps), /steps: got .*, expected a number/]);
  }
  for (const [call, message] of cases) assert.match(said(call), message, String(call));
  assert.ok(simulation().advance(Infinity).done);
});

test('pairs come from whatever gives pairs, and what gives none is described', () => {
  const rate = (/** @type {any} */ pairs) => api.configFromPairs(pairs).config.workload.rate;
  assert.equal(rate([['rate', '7']]), 7);
  assert.equal(rate(new URLSearchParams('rate=7')), 7);
  assert.equal(rate(new Map([['rate', 7]])), 7);
  assert.equal(rate(Object.entries({ rate: 7 })), 7);
  assert.equal(new api.Settings(new URLSearchParams('rate=7')).config.workload.rate, 7);
  for (const [pairs, got] of [
    [{ rate: 7 }, 'pairs: got an object'],
    ['rate=7', 'pairs: got rate=7'],
    [undefined, 'pairs: got undefined'],
    [['rate'], 'pairs\\[0\\]: got rate'],
    [[['rate', {}]], 'pairs\\[0\\]: got rate and an object'],
  ])
    assert.match(
      said(() => loose.configFromPairs(pairs)),
      new RegExp(`^ConfigError: ${got}, expected `),
    );
});

test('a seed that is not exact as a number is refused, and a bigint is named in its place', () => {
  const loose = /** @type {any} */ (api);
  const sweep = new loose.Sweep([config]);
  for (const seed of [2 ** 53, -(2 ** 53), 1e300, 1.5, NaN, -Infinity]) {
    for (const act of [
      () => new loose.Simulation({ ...config, seed }),
      () => loose.simulate({ ...config, seed }),
      () => loose.configFromPairs([['seed', seed]]),
      () => loose.configFromPairs([['--seed', seed]]),
      () => sweep.start(0, seed),
    ]) {
      assert.throws(act, {
        name: 'ConfigError',
        path: 'seed',
        value: String(seed),
        expected: /whole number from -9007199254740991 to 9007199254740991, or beyond that a bigint/,
      });
    }
  }
  const spec = { clients: [], seed: 2 ** 60 };
  assert.throws(() => loose.simulate({ workload: { spec } }), { path: 'workload.spec.seed', value: String(2 ** 60) });
  for (const seed of [2n ** 63n, -(2n ** 63n) - 1n])
    assert.throws(() => loose.simulate({ ...config, seed }), {
      path: 'seed',
      value: String(seed),
      expected: 'a whole number from -9223372036854775808 to 9223372036854775807',
    });
  // The largest and the smallest that are exact, and the bigints beside them.
  for (const seed of [2 ** 53 - 1, 1 - 2 ** 53, 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)])
    assert.equal(api.simulate({ ...config, seed }).config.seed, seed);
});

test('a seed is a number or a bigint, on the way in and on the way out', () => {
  const seeds = [42, 42n, '42'].map((seed) => api.configFromPairs([['seed', seed]]).config.seed);
  assert.deepEqual(seeds, [42, 42, 42]);
  const large = 2n ** 60n + 1n;
  assert.equal(api.configFromPairs([['seed', large]]).config.seed, large);
  assert.equal(api.simulate({ ...config, seed: large }).config.seed, large);
  const sweep = new api.Sweep([config]);
  const digests = [42, 42n].map((seed) => {
    sweep.start(0, seed);
    while (!sweep.advance(1000));
    return JSON.stringify(sweep.finish());
  });
  assert.equal(digests[0], digests[1]);
});
