import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { pagePairs, pageState } from '../../address/page_state.js';
import { PAGE_KEYS, parseHash } from '../../address/url.js';
import { initialState } from '../../app/state.js';
import { chartCsv } from '../../charts/export.js';
import { PARTS_OF_PAGE, hiddenKeys } from '../../settings/hidden.js';
import { copyColumns } from '../../worker/columns.js';
import { details, rows } from '../../worker/measure.js';
import { commandLine, commandWords, CONFIG_FILE, shellWord } from './command.js';
import { resultsFile, toJson } from './files.js';
import { embedSnippet, linkTo } from './links.js';

/** @import {Config, Pair} from '../../shared/types.d.ts' */

const MODULE = readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url));

before(() => {
  engine.initSync({ module: MODULE });
});

/** Links that were given away, and what they meant then. */
const links = JSON.parse(readFileSync(new URL('links.json', import.meta.url), 'utf8'));

/**
 * The value at a path of names.
 * @param {any} config
 * @param {string} path
 */
const valueAt = (config, path) => path.split('.').reduce((value, name) => value?.[name] ?? null, config);

for (const { note, link, settings, digest, page } of links) {
  test(`an old link still means what it meant: ${note}`, () => {
    const { pairs, rejected } = parseHash(link) ?? { pairs: [], rejected: ['empty'] };
    assert.deepEqual(rejected, []);
    const read = engine.configFromPairs(pairs);
    assert.deepEqual(read.rejected, []);
    assert.deepEqual(engine.validate(read.config), []);
    for (const [path, value] of Object.entries(settings)) assert.deepEqual(valueAt(read.config, path), value, path);
    for (const [part, value] of Object.entries(page ?? {}))
      assert.equal(/** @type {any} */ (pageState(link))[part], value, part);
    if (!digest) return;
    const result = engine.simulate(read.config);
    assert.equal(result.digest, digest);
    result.free();
  });
}

test('the keys about the page are no keys of settings', () => {
  const keys = new Set(engine.schema().map(({ key }) => key));
  for (const key of PAGE_KEYS) assert.ok(!keys.has(key), key);
});

test('no name of a group is the key of a setting, and old links hide what they hid', () => {
  const schema = engine.schema();
  for (const { key } of schema) assert.ok(key !== 'settings' && !Object.hasOwn(PARTS_OF_PAGE, key), key);
  assert.deepEqual([...hiddenKeys('rate,seed,', schema)].toSorted(), ['rate', 'seed']);
});

test('the page’s own state survives the address', () => {
  const state = { ...initialState(), tab: 'plan', sweepAxis: 'tp', hide: 'rate,seed', targets: 'ttft:9' };
  const { hash } = new URL(linkTo(state, { hide: 'rate,seed' }, 'https://example.org/p/#v=1&old=1'));
  const read = pageState(hash);
  for (const [, part] of [
    ['', 'tab'],
    ['', 'sweepAxis'],
    ['', 'hide'],
    ['', 'targets'],
  ])
    assert.equal(/** @type {any} */ (read)[part], /** @type {any} */ (state)[part]);
  const keys = (/** @type {string} */ tab) => pagePairs({ ...state, tab, lesson: 'regret' }).map(([key]) => key);
  assert.deepEqual(keys('lessons').toSorted(), PAGE_KEYS.toSorted());
  assert.ok(!keys('plan').includes('lesson'), 'a lesson is no part of a link to another tab');
  assert.ok(!hash.includes('old'));
});

test('the snippet is markup that holds the link, with its ampersands escaped', () => {
  const snippet = embedSnippet('https://example.org/#v=1&embed=1&hide="<');
  assert.match(snippet, /^<iframe src="https:\/\/example\.org\/#v=1&amp;embed=1&amp;hide=&quot;&lt;" /);
});

/** The words of a line as a shell reads them. @param {string} line */
function shellSplit(line) {
  return [...line.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(.)/g, (_all, quoted, escaped) => quoted ?? escaped),
  );
}

test('words are quoted as a shell reads them back', () => {
  for (const word of ['plain', 'a b', "it's", 'critical=4,batch=-1', '$HOME', '']) {
    assert.deepEqual(shellSplit(`x ${shellWord(word)}`)[1] ?? '', word);
  }
});

test('no word of a command acts on the terminal that it is pasted into, or hides there', () => {
  const word = "a\u001b[201~\n'\\\u202e\u{e0041}";
  assert.equal(shellWord(word), String.raw`$'a\U0000001b[201~\U0000000a\'\\\U0000202e\U000e0041'`);
});

/** @type {Record<string, Pair[]>} */
const EXPERIMENTS = {
  story: engineless(),
  weighted: [
    ['route', 'weighted'],
    ['scorers', 'queue-depth:2,kv-utilization:1'],
    ['instances', '8'],
    ['refresh', '0'],
  ],
  'closed loop': [
    ['users', '32'],
    ['think', '500'],
    ['n', '2000'],
  ],
  'tier shedding': [
    ['admission', 'tier-shed'],
    ['shedload', '4'],
    ['priorities', 'critical=4,batch=-1'],
  ],
  targets: [
    ['slottft', 'standard=500ms,batch=2s'],
    ['sloe2e', 'standard=20s'],
  ],
  'without regret': [
    ['k', '0'],
    ['seed', '-7'],
    ['rate', '0.25'],
  ],
};

/** @returns {Pair[]} */
function engineless() {
  return [
    ['gpu', 'H100'],
    ['tp', '1'],
    ['latency', 'roofline'],
    ['instances', '4'],
    ['rate', '200'],
    ['n', '1000'],
    ['seed', '9'],
  ];
}

for (const [name, asked] of Object.entries(EXPERIMENTS)) {
  test(`the command line says the same as the settings: ${name}`, () => {
    const read = engine.configFromPairs(asked);
    assert.deepEqual(read.rejected, []);
    const pairs = engine.configToPairs(read.config);
    const words = shellSplit(commandLine(pairs, engine.schema()));
    assert.deepEqual(words.slice(0, 2), ['blis', 'run']);
    /** @type {Pair[]} */
    const said = [];
    for (let i = 2; i < words.length; i += 2) said.push([words[i], words[i + 1]]);
    const flags = new Map(said);
    assert.ok(flags.has('--model'), 'the command insists on a model');
    assert.equal(flags.has('--trace-level'), name !== 'without regret', 'regret needs recorded decisions');
    const again = engine.configFromPairs(said.filter(([flag]) => flag !== '--trace-level'));
    assert.deepEqual(again.rejected, []);
    assert.deepEqual(engine.configToPairs(again.config), pairs);
  });
}

test('a closed loop is told its requests and not a rate, which the command refuses beside users', () => {
  const words = commandWords(
    [
      ['users', '8'],
      ['rate', '50'],
    ],
    engine.schema(),
  );
  assert.ok(words.includes('--num-requests'));
  assert.ok(!words.includes('--rate'));
});

test('settings without a flag go by a file', () => {
  assert.deepEqual(commandWords([['candidates', 'true']], engine.schema()), ['--config', CONFIG_FILE]);
  assert.deepEqual(commandWords([['spec', '{}']], engine.schema()), ['--config', CONFIG_FILE]);
});

test('results can be taken away and brought back, digest included', () => {
  const config = openingConfig(4);
  const result = engine.simulate(config);
  const { summary, digest, warnings } = result;
  const pairs = engine.configToPairs(config);
  const state = /** @type {any} */ ({
    run: { config, summary, digest, warnings, pairs },
    pairs,
    description: { version: '1', schema: engine.schema(), catalog: engine.catalog() },
  });
  const text = resultsFile(state, 'https://example.org/#v=1');
  const file = JSON.parse(text);
  assert.equal(file.digest, digest);
  assert.equal(file.summary.completed, 1000);
  assert.match(
    file.simulated,
    /^Qwen3 14B · H100 · TP 1 · Roofline · 4 instances · 200\/s · 1,000 requests · BLIS streams · /,
  );
  for (const file of [text, `\ufeff${text}`, toJson(config)])
    assert.deepEqual(engine.configFromPairs(engine.importSettings(file, engine.defaultConfig())).config, config);
  result.free();
});

test('results of an earlier build are brought back with independent streams', () => {
  const old = {
    format: 'blis-playground-results',
    version: 1,
    settings: { seed: '9' },
    config: { version: 1, seed: 9 },
  };
  for (const file of [old, { ...old, settings: undefined }, old.config]) {
    const { config } = engine.configFromPairs(engine.importSettings(toJson(file), engine.defaultConfig()));
    assert.deepEqual([config.streams, config.seed], ['independent', 9]);
  }
});

test('in a file every digit of a seed is written, and no text is taken for a number', () => {
  const seed = 2n ** 63n - 1n;
  const config = /** @type {Config} */ ({ ...openingConfig(4), seed });
  assert.deepEqual(
    engine.configFromPairs(engine.importSettings(toJson(config), engine.defaultConfig())).config,
    config,
  );
  assert.equal(
    toJson({ a: [1n, -2n], b: '#3', c: '##4', d: new Map([['e', 5n]]) }).replaceAll(/\s/g, ''),
    '{"a":[1,-2],"b":"#3","c":"##4","d":{"e":5}}',
  );
});

test('a file that holds no settings is refused with the reason', () => {
  const reason = (/** @type {string} */ text) => {
    try {
      engine.importSettings(text, engine.defaultConfig());
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
    return 'accepted';
  };
  assert.match(reason('rate: 3'), /line 1 column 1/);
  assert.match(reason('[1]'), /begins with {/);
  assert.match(reason('{"format":"other"}'), /format: got other/);
  assert.match(reason('{"format":"blis-playground-results"}'), /no settings/);
  assert.match(reason('{"seed": 1,\n"seed": 2}'), /`seed` at line 2/);
  assert.match(reason('{"a":'.repeat(20_000)), /limit/);
});

test('an error says little about a text that is long', () => {
  const long = 'x'.repeat(4_000_000);
  const memory = () => engine.initSync({ module: MODULE }).memory.buffer.byteLength;
  const before = memory();
  for (const wrong of [{ [long]: 1 }, { model: { name: long } }, { seed: long }, { model: { [long]: 1 } }, long]) {
    assert.throws(
      () => engine.configToPairs(/** @type {any} */ (wrong)),
      (/** @type {any} */ error) => {
        assert.ok(error.message.length < 2000, String(error.message.length));
        assert.ok(error.value.length <= 81 && error.path.length <= 100, error.path);
        return true;
      },
    );
  }
  // None of it was copied.
  assert.equal(memory(), before);
  for (const text of [`{"${long}":1}`, `{"model":{"name":"${long}"}}`])
    assert.throws(
      () => engine.importSettings(text, engine.defaultConfig()),
      (/** @type {any} */ error) => error.message.length < 300,
    );
});

test('a bad part of an imported configuration is named by its path', () => {
  assert.throws(
    () => engine.configToPairs(/** @type {any} */ ({ routing: { policy: 'best' } })),
    (/** @type {any} */ error) => error.path === 'routing.policy',
  );
});

test('the CSV of requests has all columns and a row per request, empty where nothing happened', () => {
  const result = engine.simulate(
    /** @type {any} */ ({ ...openingConfig(4), cluster: { num_instances: 4, horizon: 2_000_000 } }),
  );
  const [head, ...lines] = [...rows(engine, result)].join('').trimEnd().split('\n');
  assert.equal(head.split(',').length, engine.Result.columnNames().length + 3);
  assert.equal(lines.length, result.summary.requests);
  assert.ok(lines.every((line) => line.split(',').length === head.split(',').length));
  assert.ok(
    lines.some((line) => line.includes(',,')),
    'some have not ended at the horizon',
  );
  assert.ok(!lines.some((line) => line.includes('NaN')));
  result.free();
});

test('the timeline of the details is the engine’s own', async () => {
  const config = openingConfig(4);
  const result = engine.simulate(config);
  const found = await details(engine, result, config, async () => true);
  assert.ok(found);
  const { seconds, waiting, running, usedBlocks, instanceCount, kvBlocks } = found;
  const playback = new engine.Playback(config);
  const timeline = playback.timeline(result.summary.simulated_s * 1e6, seconds.length);
  assert.deepEqual({ waiting, running, usedBlocks }, copyColumns(timeline, ['waiting', 'running', 'usedBlocks']));
  assert.deepEqual([...seconds], [...timeline.seconds]);
  assert.deepEqual([instanceCount, timeline.instanceCount], [4, 4]);
  assert.equal(kvBlocks, playback.kvBlocks);
  assert.ok(Math.max(...running) > 100, 'batches fill');
  playback.free();
  result.free();
});

test('details tell how far they have come, and end when they are no longer wanted', async () => {
  const config = openingConfig(4);
  const result = engine.simulate(config);
  /** @type {any[]} */
  const seen = [];
  const given = await details(engine, result, config, async (progress) => seen.push(progress) < 5);
  assert.equal(given, null);
  assert.equal(seen.length, 5);
  assert.ok(seen[4].simulatedSeconds > seen[3].simulatedSeconds);
  assert.equal(seen[4].totalRequests, 1000);
  result.free();
});

test('a chart’s CSV holds plain numbers, a gap as nothing', () => {
  const axis = { label: 'instances, all', format: String };
  const csv = chartCsv({
    summary: '',
    xName: 'Instances',
    x: axis,
    y: { label: 'TTFT p99', format: String },
    xs: [1, 2],
    series: [{ label: 'p99', values: [1.5, null], kind: 'line', colour: '--main' }],
  });
  assert.equal(csv, '"instances, all",p99 (TTFT p99)\n1,1.5\n2,\n');
});
