// The search for settings by any of their names, and the names themselves.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { ALWAYS_SO, SYNONYMS } from '../words/settings.js';
import { isOfConversations } from './controls/pattern.js';
import { sentencesOf } from './controls/search_box.js';
import { missingRemarks } from './missing.js';
import { alwaysSo, find, namesOf, vllmFlag } from './names.js';

/** @import {Setting} from '../shared/types.d.ts' */

/** @type {Setting[]} */
let schema;

/** @type {ReturnType<typeof engine.catalog>} */
let catalog;

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });
  schema = /** @type {any} */ (engine.schema());
  catalog = engine.catalog();
});

/**
 * What vLLM says of the flags that we name. The first is the table of its arguments, vllm/engine/arg_utils.py at
 * 001999d2 (`add_cli_args`), the same as https://docs.vllm.ai/en/v0.8.5/serving/engine_args.html; the second is
 * vllm/config/scheduler.py at 01230b40 (`SchedulerConfig`), with what the scheduler does with it.
 * @type {Record<string, {key: string, source: string, meaning: string}>}
 */
const IN_VLLM = {
  '--model': { key: 'model', source: 'arg_utils.py', meaning: 'the model that is served' },
  '--tensor-parallel-size': { key: 'tp', source: 'arg_utils.py', meaning: 'GPUs that share each layer' },
  '--num-gpu-blocks-override': {
    key: 'blocks',
    source: 'arg_utils.py',
    meaning: 'KV blocks, in place of what profiling would give',
  },
  '--block-size': { key: 'blocksize', source: 'arg_utils.py', meaning: 'tokens in a KV block' },
  '--gpu-memory-utilization': { key: 'gpumem', source: 'arg_utils.py', meaning: 'share of memory for weights and KV' },
  '--max-model-len': { key: 'maxlen', source: 'arg_utils.py', meaning: 'prompt and answer together' },
  '--scheduling-policy': { key: 'scheduler', source: 'arg_utils.py', meaning: 'order of the queue: fcfs or priority' },
  '--max-num-seqs': { key: 'running', source: 'scheduler.py', meaning: 'most sequences of an iteration' },
  '--max-num-batched-tokens': { key: 'budget', source: 'scheduler.py', meaning: 'most tokens of an iteration' },
  '--long-prefill-token-threshold': {
    key: 'chunk',
    source: 'scheduler.py',
    meaning: 'most tokens of one prompt in an iteration, if it is not 0',
  },
};

const keysOf = (/** @type {string} */ query) => [...find(query, schema, catalog).keys()];

test('every flag of vLLM that is shown is one that vLLM has, at the setting that means the same', () => {
  const shown = schema.flatMap((setting) => {
    const flag = vllmFlag(setting);
    return flag === undefined ? [] : [[flag, setting.key]];
  });
  const known = Object.entries(IN_VLLM).map(([flag, { key }]) => [flag, key]);
  assert.deepEqual(new Map(/** @type {any} */ (shown)), new Map(/** @type {any} */ (known)));
  assert.equal(new Set(shown.map(([flag]) => flag)).size, shown.length);
});

test('a setting is found by each of its names', () => {
  for (const setting of schema) {
    for (const { kind, text } of namesOf(setting, catalog))
      assert.ok(keysOf(text).includes(setting.key), `${setting.key} by ${kind} ${text}`);
  }
});

test('a flag finds its setting, as it is typed in any of the usual ways', () => {
  for (const query of ['--max-num-seqs', '--max_num_seqs', '—max-num-seqs', '--max-num-seqs=64', 'max_num_seqs'])
    assert.deepEqual(keysOf(query), ['running'], query);
  assert.deepEqual(keysOf('--num-instances'), ['instances']);
  assert.deepEqual(keysOf('--max-num-batched-tokens 8192'), ['budget']);
  assert.deepEqual(keysOf('--max-num-running-reqs'), ['running']);
  assert.deepEqual(keysOf('-tp'), ['tp']);
  assert.deepEqual(keysOf('--scheduling-policy'), ['scheduler']);
  for (const [flag, { key }] of Object.entries(IN_VLLM)) assert.ok(keysOf(flag).includes(key), flag);
});

test('people’s words find settings', () => {
  for (const [query, key] of [
    ['servers', 'instances'],
    ['replicas', 'instances'],
    ['QPS', 'rate'],
    ['requests per second', 'rate'],
    ['batch size', 'running'],
    ['context', 'maxlen'],
    ['load balancer', 'route'],
    ['system prompt', 'prefix'],
    ['staleness', 'refresh'],
    ['input length', 'prompt'],
    ['routing.policy', 'route'],
    ['least loaded', 'route'],
    ['H100', 'gpu'],
    ['SLA', 'slottft'],
    ['tpot', 'sloitl'],
  ])
    assert.ok(keysOf(query).includes(key), `${query}: ${keysOf(query)}`);
});

test('the best of the names that fit is told', () => {
  assert.deepEqual(find('servers', schema, catalog).get('instances'), { kind: 'word', text: 'servers' });
  assert.deepEqual(find('rate', schema, catalog).get('rate'), { kind: 'label', text: 'Arrival rate' });
  assert.deepEqual(find('max-num-seqs', schema, catalog).get('running'), { kind: 'flag', text: '--max-num-seqs' });
});

test('what nobody calls a setting finds none, and nothing is found by nothing', () => {
  for (const query of ['warp drive', '--tokenizer', '?', '', 'x1y2']) assert.deepEqual(keysOf(query), [], query);
});

test('other names belong to settings, are not said twice, and are no labels', () => {
  for (const [path, words] of Object.entries(SYNONYMS)) {
    const setting = schema.find((each) => each.path === path);
    assert.ok(setting, path);
    assert.equal(new Set(words).size, words.length, path);
    assert.ok(!words.some((word) => word.toLowerCase() === setting.label.toLowerCase()), path);
  }
});

test('what cannot be turned off is said to be always on, and no setting claims its flags', () => {
  assert.deepEqual(alwaysSo('--enable-prefix-caching'), ['Prefix caching is always on here.']);
  assert.deepEqual(alwaysSo('prefix caching'), ['Prefix caching is always on here.']);
  assert.deepEqual(alwaysSo('--'), []);
  assert.deepEqual(alwaysSo('warp drive'), []);
  for (const { names } of ALWAYS_SO)
    for (const flag of names.filter((name) => name.startsWith('--'))) assert.deepEqual(keysOf(flag), [], flag);
});

/** @param {string} query @param {[string, string][]} pairs @param {string[]} hidden */
const remarksOn = (query, pairs = [], hidden = []) => {
  const { withoutEffect } = new engine.Settings(pairs);
  const found = find(query, schema, catalog);
  const missing = schema.filter(
    ({ key, kind, in_page: inPage }) =>
      found.has(key) && (withoutEffect.includes(key) || hidden.includes(key) || kind.type === 'document' || !inPage),
  );
  return missingRemarks(missing, { accepted: new Map(pairs), hidden: new Set(hidden), schema });
};

test('a setting that has no control now is not said to be none: it is told what it takes', () => {
  assert.deepEqual(remarksOn('scorers'), [
    '“Scorers” has no effect now: it needs “Routing” set to “Weighted scorers”.',
  ]);
  assert.deepEqual(remarksOn('--rate', [['users', '5']]), [
    '“Arrival rate” has no effect now: it needs “Users” set to “0”.',
  ]);
  assert.deepEqual(remarksOn('thinking time'), [
    '“Thinking time” has no effect now: it needs “Users” set to something other than “0”.',
  ]);
  assert.deepEqual(remarksOn('--gpu-memory-utilization', [['blocks', '900']]), [
    '“Usable GPU memory” has no effect now: it needs “KV blocks per instance” left empty.',
  ]);
  assert.deepEqual(remarksOn('--workload-spec'), ['“Workload specification” comes with a file that you import.']);
  assert.deepEqual(remarksOn('record the steps'), [
    '“Record the steps” is set in a file of settings, not on this page.',
  ]);
  assert.deepEqual(remarksOn('seed', [], ['seed']), ['“Seed” is hidden by this link.']);
  const many = remarksOn('load shedding');
  assert.equal(many.length, 4);
  assert.match(many[3], /^\d+ more settings? of this name cannot be changed now\.$/);
});

test('a search that finds nothing to show says so in the words that are true', () => {
  assert.deepEqual(sentencesOf('x', { shown: 0, missing: 0, remarks: [] }), ['No setting is called “x”.']);
  assert.deepEqual(sentencesOf('x', { shown: 0, missing: 1, remarks: ['R.'] }), ['Nothing to change here.', 'R.']);
  assert.deepEqual(sentencesOf('x', { shown: 0, missing: 0, remarks: ['R.'] }), ['No setting is called “x”.', 'R.']);
  assert.deepEqual(sentencesOf('x', { shown: 1, missing: 0, remarks: [] }), ['1 setting found.']);
  assert.deepEqual(sentencesOf('x', { shown: 2, missing: 1, remarks: ['R.'] }), ['2 settings found.', 'R.']);
});

test('conversations are found by what people call them', () => {
  for (const query of [
    'think',
    'turn',
    'turns',
    'session',
    'conversation',
    'agent',
    'coding agents',
    'multi-turn',
    'RAG',
    'tool',
  ])
    assert.ok(isOfConversations(query), query);
  for (const query of ['rate', 'kv', 'block', 'seed', '--max-num-seqs']) assert.ok(!isOfConversations(query), query);
  assert.deepEqual([...find('sticky', schema, catalog).keys()].sort(), ['route', 'scorers']);
});
