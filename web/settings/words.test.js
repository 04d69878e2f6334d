// What the page says about settings: their values, their problems, notes of a run, and which figures are shown.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { initialState } from '../app/state.js';
import { cancelledWords, notices } from '../views/overview/notice.js';
import { oldFigures } from '../views/overview/old_figures.js';
import { asSetting, asShown } from './controls/numeric.js';
import { cardName, cardWords } from './imported.js';
import { PATTERNS, withPattern } from './patterns.js';
import { problemWords } from './problem_words.js';
import { differenceInWords, inWords, noteWords, unitOf } from './words.js';

/** @import {Description, Pair} from '../shared/types.d.ts' */

/** @type {Description} */
let description;

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });
  description = /** @type {any} */ ({
    schema: engine.schema(),
    catalog: engine.catalog(),
    defaultPairs: engine.configToPairs(engine.defaultConfig()),
  });
});

/** @param {string} key */
const setting = (key) => {
  const found = description.schema.find((each) => each.key === key);
  assert.ok(found, key);
  return found;
};

/**
 * What is said at the control of a setting whose value the engine refuses.
 * @param {Pair[]} pairs
 * @param {string} key
 */
const saidAt = (pairs, key) => {
  const settings = new engine.Settings(pairs);
  const problems = [...settings.rejected, ...settings.problems()];
  const problem = problems.find((each) => each.key === key);
  assert.ok(problem, JSON.stringify(problems));
  return problemWords(problem, setting(key), new Map(pairs).get(key) ?? '', description);
};

test('a value out of range is answered with what to enter', () => {
  assert.equal(saidAt([['instances', '9999']], 'instances'), 'Enter a whole number from 1 to 4,096.');
  assert.equal(saidAt([['instances', '']], 'instances'), 'Enter a whole number from 1 to 4,096.');
  assert.equal(saidAt([['instances', 'many']], 'instances'), 'Enter a whole number from 1 to 4,096.');
  assert.equal(saidAt([['rate', '0']], 'rate'), 'Enter a number greater than 0.');
  assert.equal(saidAt([['gpumem', '2']], 'gpumem'), 'Enter a number greater than 0 and at most 1.');
  assert.equal(saidAt([['tp', '0']], 'tp'), 'Enter a whole number from 1 to 1,024, or leave the field empty.');
  assert.equal(saidAt([['seed', '1.5']], 'seed'), 'Enter a whole number.');
  assert.match(saidAt([['refresh', '-5']], 'refresh'), /^Enter a number of ms from 0 to [\d,]+\.$/);
});

test('a value that only does not suit the others is answered with what would', () => {
  assert.equal(saidAt([['n', '0']], 'n'), 'Enter at least 1 request unless “End of the run” is set.');
  assert.match(
    saidAt(
      [
        ['promptmin', '9'],
        ['promptmax', '5'],
        ['prompt', '5'],
        ['promptsd', '0'],
      ],
      'promptmin',
    ),
    /^9 cannot be combined with “Longest prompt” 5\. Expected: a minimum that is no larger than the maximum\.$/,
  );
  assert.equal(
    saidAt(
      [
        ['model', 'meta-llama/llama-3.1-70b-instruct'],
        ['gpu', 'H100'],
        ['tp', '1'],
      ],
      'tp',
    ),
    'The model needs 137.07 GiB, and only 72.00 GiB are usable (1 × 80 GiB at 90%). Use at least 2 GPUs per instance.',
  );
  assert.equal(
    saidAt(
      [
        ['model', 'deepseek-ai/deepseek-v2-lite'],
        ['tp', '1'],
      ],
      'gpu',
    ),
    'DeepSeek-V2-Lite has no default GPU. Choose H100, A100-SXM, A100-80, L40S or another one.',
  );
});

test('no message of the form holds a path of the configuration or a sign for a comparison', () => {
  for (const [key, text] of [
    ['instances', 'x'],
    ['route', 'best'],
    ['scorers', 'luck:1'],
    ['priorities', 'a=b'],
  ]) {
    const pairs = /** @type {Pair[]} */ (
      [
        [key, text],
        ['route', 'weighted'],
      ].slice(0, key === 'route' ? 1 : 2)
    );
    const words = saidAt(pairs, key);
    assert.doesNotMatch(words, /[a-z]\.[a-z_]+|[<>]=?|Got/, words);
    assert.match(words, /^[A-Z“].*\.$/, words);
  }
});

test('notes name settings as the form does, those of which the same is said together', () => {
  const config = engine.defaultConfig();
  const list = [{ arrival_us: 1, input_tokens: 4, output_tokens: 2 }];
  const changed = /** @type {any} */ ({ ...config, workload: { rate: 5, num_requests: 7, requests: list } });
  const result = engine.simulate(changed);
  assert.deepEqual(noteWords(result.warnings, description.schema), [
    'Arrival rate and Requests are ignored: all requests come from the imported list',
  ]);
  result.free();
  assert.deepEqual(
    noteWords(
      ['KV blocks are few', 'routing.scorers: has no effect unless routing.policy is weighted'],
      description.schema,
    ),
    ['KV blocks are few', 'Scorers has no effect unless “Routing” is weighted'],
  );
});

test('paths in a message become names, the longest first', () => {
  assert.equal(
    inWords('workload.prompt_tokens_min above workload.prompt_tokens', description.schema),
    '“Shortest prompt” above “Prompt length”',
  );
});

test('a unit that the name says already is left out', () => {
  assert.equal(unitOf(setting('tp')), '');
  assert.equal(unitOf(setting('users')), '');
  assert.equal(unitOf(setting('budget')), '');
  assert.equal(unitOf(setting('prompt')), 'tokens');
});

test('times are shown in ms and kept in µs', () => {
  for (const [kept, shown] of [
    ['50000', '50'],
    ['1500', '1.5'],
    ['', ''],
    ['soon', 'soon'],
    ['-1000', '-1'],
  ]) {
    assert.equal(asShown(setting('refresh'), kept), shown);
    assert.equal(asSetting(setting('refresh'), shown), kept);
  }
  assert.equal(asSetting(setting('refresh'), '1.001'), '1001');
  assert.equal(asShown(setting('n'), '50000'), '50000');
});

test('the difference of two sets of settings is told in words', () => {
  const told = (/** @type {Pair[]} */ these, /** @type {Pair[]} */ others) =>
    differenceInWords(these, others, description);
  assert.equal(told([['n', '1000']], [['n', '5000000']]), '1,000 requests');
  /** @type {Pair[]} */
  const imported = [['requests', '{"digest":"d"}']];
  assert.equal(told([], imported), 'the form’s own requests');
  assert.equal(told(imported, []), 'imported requests');
  const spec = (/** @type {object} */ specification) =>
    /** @type {Pair[]} */ ([['spec', JSON.stringify(specification)]]);
  const [chat, agents] = [PATTERNS.chat(), PATTERNS.agents()];
  assert.equal(told([], spec(chat)), 'the form’s own requests');
  assert.equal(told(spec(chat), []), 'Chat');
  assert.equal(told(spec(chat), imported), 'Chat', 'a list that is gone is not told of beside it');
  assert.equal(told(spec(chat), spec(agents)), 'Chat');
  assert.equal(told(spec(chat), spec(withPattern(chat, 'turns', 2))), 'other conversations');
  const own = { clients: [{ id: 'mine' }] };
  assert.equal(told(spec(own), []), 'a workload specification');
  assert.equal(told(spec(own), spec(chat)), 'another workload specification');
  assert.equal(told([], [['model', 'meta-llama/llama-3.1-70b-instruct']]), 'Qwen3 14B');
  assert.equal(
    told(
      [
        ['instances', '4'],
        ['rate', '20'],
      ],
      [],
    ),
    '4 instances and Arrival rate 20 requests/s',
  );
  assert.equal(told([['rate', '1']], [['rate', '20']]), 'Arrival rate 1 request/s');
  assert.equal(told([['refresh', '1500']], []), 'Router data age 1.5 ms');
  assert.equal(told([['rate', '1']], []), null, 'the default, said or not, is the same');
  assert.equal(
    told(
      [
        ['rate', '2'],
        ['n', '3'],
        ['seed', '4'],
        ['instances', '5'],
      ],
      [],
    ),
    null,
  );
});

/** @param {Partial<import('../app/state.js').State>} part */
const state = (part) => ({ ...initialState(), description, pairs: /** @type {Pair[]} */ ([['n', '1000']]), ...part });

test('figures are old when a value is refused, and when their settings are overtaken for long', () => {
  const config = /** @type {any} */ ({});
  const run = /** @type {any} */ ({ config, pairs: [['n', '1000']] });
  const problems = [{ path: 'workload.num_requests', key: 'n', value: '', expected: '', message: '' }];
  assert.equal(oldFigures(state({ run, config })), null);
  assert.equal(
    oldFigures(state({ run, config, problems, drafts: new Map([['model', 'meta-llama/llama-3.1-70b-instruct']]) })),
    'These figures are from the last valid run, with Qwen3 14B.',
  );
  const other = /** @type {any} */ ({});
  const pairs = /** @type {Pair[]} */ ([['n', '5000000']]);
  assert.equal(oldFigures(state({ run, config: other, pairs })), null, 'a short run makes nothing flicker');
  const progress = { finishedRequests: 1, totalRequests: 2, simulatedSeconds: 3 };
  assert.equal(
    oldFigures(state({ run, config: other, pairs, progress: /** @type {any} */ (progress) })),
    'These figures are from the last valid run, with 1,000 requests.',
  );
  assert.equal(oldFigures(state({ run: null, config, problems })), null);
  assert.equal(oldFigures(state({ run, config, unfit: true })), 'These figures are from the last valid run.');
});

test('after a cancelled run the notice says whose the figures are and what could be run', () => {
  const config = /** @type {any} */ ({});
  const run = /** @type {any} */ ({ config, pairs: [['n', '1000']] });
  const cancelled = { pairs: /** @type {Pair[]} */ ([['n', '5000000']]), importedName: '' };
  assert.deepEqual(notices(state({ run, config, cancelled }), []), [
    'Cancelled: settings and figures are those of the run with 1,000 requests.',
  ]);
  assert.equal(cancelledWords(state({ run, config, cancelled })), 'Run with 5,000,000 requests');
  assert.deepEqual(notices(state({ run: null, cancelled }), []), ['Cancelled: there are no figures yet.']);
});

test('an imported workload is named after its file, and counted', () => {
  const imported = { kind: /** @type {const} */ ('trace'), requests: 2000, rate: 20.12 };
  assert.equal(cardWords(imported), '2,000 requests · 20.1 requests/s');
  assert.equal(cardName({ imported, importedName: 'day.csv' }), 'day.csv');
  assert.equal(cardName({ imported, importedName: '' }), 'Imported requests');
  assert.equal(cardWords({ ...imported, rate: null }), '2,000 requests');
});
