// Files in and out: traces, specifications, the published schema, and what of it an address can hold.

import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { fitsIntoLink, formatHash, parseHash, shareable } from '../../address/url.js';
import { configFile } from './files.js';
import { recognise } from './incoming.js';

/** @import {Config, Pair} from '../../shared/types.d.ts' */

const text = (/** @type {string} */ path) => readFileSync(new URL(path, import.meta.url), 'utf8');

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

const isConfig = new Ajv({ allErrors: true }).compile(JSON.parse(text('../../../docs/config.schema.json')));

/** @param {object} value */
const valid = (value) => /** @type {boolean} */ (isConfig(value));

/** @param {Pair[]} pairs */
const configOf = (pairs) => {
  const { config, rejected } = engine.configFromPairs(pairs);
  assert.deepEqual(rejected, []);
  return config;
};

test('the schema accepts the defaults, the story, every lesson and every old link', () => {
  const lessons = new URL('../lessons/course/', import.meta.url);
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(`${name}.json`, lessons), 'utf8'));
  const all = /** @type {any[]} */ (read('course').lessons.map(read));
  const ofLessons = all
    .flatMap(({ base, scenes }) => scenes.map((/** @type {any} */ { pairs }) => ({ ...base, ...pairs })))
    .map((settings) =>
      configOf(
        Object.entries(settings).map(([key, value]) => [
          key,
          typeof value === 'object' ? JSON.stringify(value) : String(value),
        ]),
      ),
    );
  assert.ok(ofLessons.length > 20);
  const links = JSON.parse(text('links.json')).map((/** @type {any} */ { link }) => parseHash(link)?.pairs ?? []);
  const configs = [...ofLessons, ...links.map(configOf)];
  for (const config of [
    engine.defaultConfig(),
    openingConfig(),
    {},
    ...configs,
    JSON.parse(configFile(openingConfig())),
  ])
    assert.ok(valid(config), JSON.stringify(isConfig.errors));
});

test('the schema refuses what the engine refuses', () => {
  for (const wrong of [
    { version: 3 },
    { speed: 1 },
    { cluster: { num_instances: 0 } },
    { cluster: { num_instances: '4' } },
    { routing: { policy: 'best' } },
    { routing: { policy: 'weighted', scorers: [{ name: 'queue-depth', weight: 0 }] } },
    { routing: { scorers: [{ name: 'luck', weight: 1 }] } },
    { workload: { rate: 0 } },
    { admission: { slo_priorities: { batch: 101 } } },
    { slo: { batch: { ttft_ms: -1 } } },
    { memory: { gpu_memory_utilization: 1.5 } },
    { model: { alpha_coeffs: [1, 2] } },
  ]) {
    assert.ok(!valid(wrong), JSON.stringify(wrong));
    const problems = () => engine.validate(/** @type {any} */ (wrong));
    assert.notEqual(problems().length, 0, JSON.stringify(wrong));
  }
});

test('ranges of settings without effect do not count, in the schema as in the engine', () => {
  for (const odd of [
    { workload: { rate: 0, concurrency: 4 } },
    { workload: { rate: 0, requests: [] } },
    { admission: { token_bucket_capacity: 0 } },
    { routing: { scorers: [] } },
  ]) {
    assert.ok(valid(odd), JSON.stringify([odd, isConfig.errors]));
  }
  assert.ok(!valid({ admission: { policy: 'token-bucket', token_bucket_capacity: 0 } }));
});

test('a trace goes out and comes in, and the run is the same request by request', () => {
  const config = openingConfig();
  const first = engine.simulate(config);
  const { header, data } = first.trace();
  assert.match(header, /^trace_version: 3\ntime_unit: microseconds\nmode: generated\n/);
  assert.equal(data.trimEnd().split('\n').length, 1001);
  const imported = engine.importTrace(header, data, config);
  assert.equal(imported.cluster?.horizon ?? null, null);
  const second = engine.simulate(imported);
  for (const column of /** @type {const} */ (['ttft_us', 'e2e_us', 'instance', 'arrival_us']))
    assert.deepEqual(second.column(column), first.column(column), column);
  assert.equal(second.digest, first.digest);
  assert.deepEqual(second.summary, first.summary);
  assert.equal(engine.exportTrace(imported).data, data);
  first.free();
  second.free();
});

test('a trace that is wrong is refused with its place', () => {
  const { header, data } = engine.exportTrace(openingConfig());
  const path = (/** @type {string} */ head, /** @type {string} */ rows) => {
    try {
      engine.importTrace(head, rows, openingConfig());
    } catch (error) {
      return /** @type {any} */ (error).path;
    }
    return 'accepted';
  };
  assert.equal(path(header, data.replace('\n0,', '\nzero,')), 'trace data, line 2, column 1 (request_id)');
  assert.equal(path(`speed: 3\n${header}`, data), 'trace header.speed');
  assert.equal(path(header, ''), 'trace data');
});

const SPECIFICATION = `aggregate_rate: 40
num_requests: 50
clients:
- {id: a, rate_fraction: 1, arrival: {process: poisson},
   input_distribution: {type: constant, params: {value: 100}},
   output_distribution: {type: constant, params: {value: 5}}}
`;

const constant = (/** @type {number} */ value) => ({ type: 'constant', params: { value } });
const WORKLOAD = {
  clients: [
    {
      id: 'a',
      rate_fraction: 1,
      arrival: { process: 'poisson' },
      input_distribution: constant(100),
      output_distribution: constant(5),
    },
  ],
};

test('a workload specification comes in, goes out, and comes in again', () => {
  const config = engine.importWorkloadSpec(SPECIFICATION, openingConfig());
  const written = engine.exportWorkloadSpec(config) ?? '';
  assert.match(written, /^aggregate_rate: 40\n/);
  assert.deepEqual(engine.importWorkloadSpec(written, openingConfig()), config);
  assert.equal(engine.exportWorkloadSpec(openingConfig()), undefined);
  assert.throws(() => engine.importWorkloadSpec('clients: [{speed: 1}]', openingConfig()), /line 1, column 19/);
});

test('a specification in JSON is told by its clients, and replaces the workload only', () => {
  const json = JSON.stringify({ ...WORKLOAD, aggregate_rate: 40, num_requests: 50 });
  const config = { ...openingConfig(), workload: { ...openingConfig().workload, concurrency: 3 } };
  const { workload, cluster } = configOf(engine.importSettings(json, config));
  assert.deepEqual([workload?.spec?.clients?.length, workload?.concurrency], [1, 0]);
  assert.deepEqual(cluster, openingConfig().cluster);
});

test('what files are is told by what is in them, whatever they are called', async () => {
  const kind = async (/** @type {...[string, string]} */ ...files) => {
    try {
      const incoming = await recognise(files.map(([name, content]) => new File([content], name)));
      return incoming.kind === 'traffic' && incoming.header !== null ? 'traffic with a header' : incoming.kind;
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  };
  const header = 'trace_version: 3\n';
  assert.equal(await kind(['a.csv', 'x,y\n1,2\n'], ['a.yaml', header]), 'traffic with a header');
  assert.equal(await kind(['a.txt', header], ['b.json', 'x,y\n1,2\n']), 'traffic with a header');
  assert.equal(await kind(['a.json', 'TIMESTAMP,ContextTokens,GeneratedTokens\n']), 'traffic');
  assert.equal(await kind(['a.csv', '\ufeff\n{"cluster":{}}']), 'settings');
  assert.equal(await kind(['c.json', '{"cluster":{}}']), 'settings');
  assert.equal(await kind(['c.json', '{"cluster":{']), 'settings');
  assert.equal(await kind(['c.json', '{}']), 'settings');
  assert.equal(await kind(['c.json', '{"speed":1}']), 'settings');
  assert.equal(await kind(['c.json', '[1, 2]']), 'settings');
  assert.equal(await kind(['r.json', configFile(openingConfig())]), 'settings');
  assert.equal(await kind(['s.json', JSON.stringify(WORKLOAD)]), 'settings');
  assert.equal(await kind(['w.csv', SPECIFICATION]), 'specification');
  assert.equal(await kind(['w.yaml', `# of ours\n\n${SPECIFICATION}`]), 'specification');
  assert.equal(await kind(['p.yaml', 'admission:\n  policy: tier-shed\n']), 'policy');
  assert.equal(await kind(['m.json', '{"timestamp":0,"input_length":5,"output_length":2}\n{"timestamp":1']), 'traffic');
  assert.equal(await kind(['m.json', '{"timestamp":0,"input_length":5,"output_length":2}']), 'traffic');
  assert.equal(await kind(['v.json', '{"model_id":"a","input_lens":[5],"output_lens":[2]}']), 'traffic');
  assert.equal(await kind(['v.json', '{"model_id":"a","completed":5,"request_throughput":0.5}']), 'traffic');
  assert.equal(await kind(['s.json', ' [ {"conversations":[]}]']), 'traffic');
  assert.equal(await kind(['a.gz', '\x1f\x8b\x08']), 'traffic');
  assert.equal(await kind(['empty', '']), 'traffic');
  assert.match(await kind(['t.yaml', header]), /together with its table/);
  assert.match(await kind(['a.csv', 'x'], ['b.csv', 'y']), /at a time/);
});

test('a list that only this browser keeps is named by a link, and is not part of it', () => {
  /** @type {Pair[]} */
  const pairs = [
    ['rate', '7'],
    ['requests', '{"digest":"d1","name":"azure & co.csv","requests":3}'],
  ];
  // The page's own address keeps it: a reload finds it again.
  assert.deepEqual(parseHash(formatHash(pairs)), { pairs, rejected: [] });
  const { pairs: rest, page } = shareable(pairs);
  const link = formatHash(rest, page);
  assert.ok(!link.includes('d1'), link);
  const read = parseHash(link);
  assert.deepEqual(read?.pairs, [['rate', '7']]);
  assert.match(
    read?.rejected[0] ?? '',
    /“azure & co.csv”, are not part of a link; open their file under “Your traffic”/,
  );
  assert.deepEqual(shareable([['rate', '7']]), { pairs: [['rate', '7']], page: [] });
});

test('the configuration file names its version and is read back', () => {
  const file = configFile(openingConfig());
  assert.equal(JSON.parse(file).version, 2);
  assert.deepEqual(configOf(engine.importSettings(file, engine.defaultConfig())), openingConfig());
});

test('a long list of requests is left out of the address, which says so', () => {
  const { header, data } = engine.exportTrace(openingConfig());
  const pairs = engine.configToPairs(engine.importTrace(header, data, openingConfig()));
  assert.ok(!fitsIntoLink(pairs));
  const hash = formatHash(pairs);
  assert.ok(hash.length < 500, hash);
  const read = parseHash(hash);
  assert.match(read?.rejected[0] ?? '', /not part of a link/);
  assert.ok(read?.pairs.some(([key]) => key === 'instances'));
  const short = engine.configToPairs(/** @type {any} */ ({ workload: { requests: [{ arrival_us: 5 }] } }));
  assert.ok(fitsIntoLink(short));
  assert.deepEqual(parseHash(formatHash(short)), { pairs: short, rejected: [] });
  assert.ok(!engine.schema().some(({ key }) => key === 'list'));
});
