// "Copy as command" promises the same digest: the words of the page, given to the native program.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { commandWords, CONFIG_FILE } from './command.js';
import { configFile } from './files.js';
import { replayWords } from './replay.js';

/** @import {Config, Pair} from '../../shared/types.d.ts' */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'blis-'));
let program = '';

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
  const messages = execFileSync('cargo', ['build', '--bin', 'blis', '--message-format', 'json'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const built = messages
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  program = built.findLast(({ executable }) => executable).executable;
});

after(() => rmSync(folder, { recursive: true }));

/**
 * What the copied command prints.
 * @param {Config} config
 */
function native(config) {
  writeFileSync(join(folder, CONFIG_FILE), configFile(config));
  const words = commandWords(engine.configToPairs(config), engine.schema());
  const { stdout, stderr, status } = spawnSync(program, ['run', ...words], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return { stdout, digest: /^digest: ([0-9a-f]{16})$/m.exec(stderr)?.[1] };
}

/** @param {Pair[]} pairs */
const of = (pairs) => () => /** @type {Config} */ (engine.configFromPairs(pairs).config);

const defaults = () => /** @type {Config} */ (engine.defaultConfig());

const list = () => {
  const { header, data } = engine.exportTrace(openingConfig(4));
  return /** @type {Config} */ (engine.importTrace(header, data, openingConfig(8)));
};

/** @type {Record<string, () => Config>} */
const CONFIGS = {
  'the story': () => openingConfig(4),
  'the defaults': defaults,
  'weighted routing without regret': of([
    ['route', 'weighted'],
    ['scorers', 'queue-depth:2,kv-utilization:1,no-hit-lru:0.5'],
    ['instances', '5'],
    ['rate', '40'],
    ['k', '0'],
  ]),
  'a closed loop with a timeout': of([
    ['users', '7'],
    ['think', '250'],
    ['n', '90'],
    ['timeout', '3'],
  ]),
  'shedding by class on a small memory': of([
    ['admission', 'tier-shed'],
    ['shedload', '4'],
    ['priorities', 'standard=-1'],
    ['rate', '80'],
    ['instances', '2'],
  ]),
  'a token bucket, latencies, a negative seed, a horizon': of([
    ['admission', 'token-bucket'],
    ['bucket', '3000.5'],
    ['admissionlatency', '1000'],
    ['routinglatency', '500'],
    ['seed', '-7'],
    ['horizon', '20000000'],
    ['rate', '12.25'],
  ]),
  'independent streams': of([
    ['streams', 'independent'],
    ['route', 'weighted'],
    ['instances', '3'],
    ['rate', '40'],
  ]),
  'a seed beyond what a number can hold': of([['seed', '9007199254740993']]),
  'the largest seed': of([['seed', '9223372036854775807']]),
  'the smallest seed': of([['seed', '-9223372036854775808']]),
  'a specification with the largest seed, by its file': () =>
    /** @type {Config} */ (
      engine.importWorkloadSpec(
        'aggregate_rate: 30\nnum_requests: 60\nseed: 9223372036854775807\nclients:\n- {id: a, rate_fraction: 1,' +
          ' arrival: {process: poisson}, input_distribution: {type: exponential, params: {mean: 200}},' +
          ' output_distribution: {type: exponential, params: {mean: 30}}}\n',
        /** @type {Config} */ (engine.configFromPairs([['seed', '-9223372036854775808']]).config),
      )
    ),
  'other hardware and a preset': of([
    ['gpu', 'L40S'],
    ['tp', '2'],
    ['workload', 'chatbot'],
    ['scheduler', 'sjf'],
    ['refresh', '0'],
    ['sloe2e', 'standard=20s'],
  ]),
  'a workload specification, by its file': () => {
    const text =
      'aggregate_rate: 30\nnum_requests: 60\nseed: 3\nclients:\n- {id: a, rate_fraction: 1, arrival: {process: gamma, cv: 2},' +
      ' input_distribution: {type: exponential, params: {mean: 200}}, output_distribution: {type: exponential, params: {mean: 30}}}\n';
    return /** @type {Config} */ (engine.importWorkloadSpec(text, defaults()));
  },
  'an imported trace, by its file': list,
};

for (const [name, make] of Object.entries(CONFIGS)) {
  test(`the command gives the page’s digest: ${name}`, () => {
    const config = make();
    assert.deepEqual(engine.validate(config), []);
    const result = engine.simulate(config);
    assert.equal(native(config).digest, result.digest);
    result.free();
  });
}

test('the copied replay of a file gives the page’s digest', () => {
  const file = new URL('../../../tests/traces/azure-conv-200.csv', import.meta.url);
  const slices = {
    from_us: 5_000_000,
    filters: [{ field: /** @type {const} */ ('input'), is: /** @type {const} */ ('<='), value: '4000' }],
    speed: 2.5,
    repeat: 2,
  };
  const options = { answers: { keep_failures: 'yes' } };
  const reader = new engine.TraceReader({ ...options, slices });
  reader.push(readFileSync(file));
  const table = reader.finish();
  const slice = table.slice(slices);
  const list = engine.loadRequests(slice.pack(), 'azure.csv');
  const config = openingConfig(3);
  const named = /** @type {any} */ ({ ...config, workload: { ...config.workload, requests: list } });
  const pairs = engine.configToPairs(named);
  const recipe = { file: fileURLToPath(file), header: false, options, slices };
  const { words, note } = replayWords(/** @type {any} */ (list), recipe, pairs, engine.schema());
  const { status, stderr } = spawnSync(program, words, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const result = engine.simulate(named);
  assert.equal(/^digest: ([0-9a-f]{16})$/m.exec(stderr)?.[1], result.digest);
  assert.match(note, /same digest/);
  for (const held of [result, slice, table]) held.free();
});

/** @typedef {{name: string, args: string[], spec: object|null, expected: {cluster: Record<string, number>, text: string[]}}} Recording */

/** What BLIS has printed for command lines. @type {Recording[]} */
const recordings = JSON.parse(
  gunzipSync(readFileSync(new URL('../../../tests/golden/streams/figures.json.gz', import.meta.url))).toString(),
).cases;

/**
 * A command line of BLIS as settings of the page.
 * @param {Recording} recording
 */
function settingsOf({ args, spec }) {
  /** @type {Pair[]} */
  const pairs = [];
  for (let i = 0; i < args.length; i += 1) {
    if (args[i] === '--summarize-trace') continue;
    i += 1;
    if (args[i - 1] !== '--trace-level') pairs.push([args[i - 1], args[i]]);
  }
  const { config, rejected } = engine.configFromPairs(pairs);
  assert.deepEqual(rejected, []);
  return /** @type {Config} */ (spec === null ? config : engine.importWorkloadSpec(JSON.stringify(spec), config));
}

/** The figures of the cluster, as the command prints them. @param {string} stdout */
function printedFigures(stdout) {
  const block = stdout.split('=== Simulation Metrics ===').at(-1) ?? '';
  return JSON.parse(block.slice(0, block.indexOf('\n}') + 2));
}

/** Fixed lengths, ties of weighted routing, a specification, users, a negative seed. */
for (const name of [
  'guide-quick-example-k3',
  'opening-story-roofline-n4',
  'opening-story-roofline-n8',
  'opening-story-roofline-n12',
  'kind-dist-prefix512',
  'kind-three-clients-seed7',
  'kind-concurrency-50-think1000-seed2',
  'kind-distribution-seed-1',
]) {
  test(`page, copied command and BLIS give the same digits: ${name}`, () => {
    const recording = /** @type {Recording} */ (recordings.find((each) => each.name === name));
    const { cluster, text } = recording.expected;
    const config = settingsOf(recording);
    const result = engine.simulate(config);
    const { ttft, itl, e2e, mean_regret: regret } = result.summary;
    const { digest, stdout } = native(config);
    assert.equal(digest, result.digest);
    result.free();
    assert.deepEqual(
      [ttft.mean_ms, ttft.p99_ms, itl.mean_ms, e2e.mean_ms, e2e.p99_ms],
      [cluster.ttft_mean_ms, cluster.ttft_p99_ms, cluster.itl_mean_ms, cluster.e2e_mean_ms, cluster.e2e_p99_ms],
    );
    assert.ok(text.includes(`Mean Regret: ${regret.toFixed(6)}`), `${regret} is not in ${text.join(', ')}`);
    assert.deepEqual(printedFigures(stdout), cluster);
  });
}
