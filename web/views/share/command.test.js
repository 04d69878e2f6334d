// "Copy as command" promises the same digest: the words of the page, given to the native program.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { commandWords, CONFIG_FILE } from './command.js';
import { configFile } from './files.js';

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

/** @param {Config} config */
function nativeDigest(config) {
  writeFileSync(join(folder, CONFIG_FILE), configFile(config));
  const words = commandWords(engine.configToPairs(config), engine.schema());
  const { stderr, status } = spawnSync(program, ['run', ...words], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return /^digest: ([0-9a-f]{16})$/m.exec(stderr)?.[1];
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
    assert.equal(nativeDigest(config), result.digest);
    result.free();
  });
}
