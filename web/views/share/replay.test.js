import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import * as engine from '#engine';
import { replayLine, replayWords } from './replay.js';

/** @import {Pair, Setting} from '../../shared/types.d.ts' */
/** @import {Recipe} from '../../shared/recipe.js' */

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

const NAMED = { digest: 'd1', name: 'noon', requests: 3 };
const LIST = /** @type {Pair} */ (['requests', JSON.stringify(NAMED)]);

/** @param {Partial<Recipe>} recipe @param {Pair[]} pairs */
function commandOf(recipe, pairs = []) {
  const schema = /** @type {Setting[]} */ (engine.schema());
  const whole = { file: 'my log.csv', header: false, options: {}, slices: {}, ...recipe };
  const { words, note } = replayWords(NAMED, whole, [LIST, ...pairs], schema);
  return { line: replayLine(words), words: note };
}

test('the command names the file, and leaves out what only made requests have', () => {
  const { line, words } = commandOf({}, [
    ['instances', '3'],
    ['rate', '70'],
  ]);
  assert.match(line, /^blis replay --trace-data 'my log\.csv' --model .*--num-instances 3 /);
  assert.ok(!line.includes('--rate') && !line.includes('--num-requests'), line);
  assert.match(words, /my log\.csv/);
});

test('how the file was read and cut is said in flags', () => {
  const { line } = commandOf({
    header: true,
    options: {
      format: 'generic',
      mapping: [
        { column: 'when', role: 'arrival', unit: 's' },
        { column: 'prompt', role: 'input', unit: null },
      ],
      shape: { delimiter: '\t', decimal: ',', header: true },
      answers: { keep_failures: 'yes' },
    },
    slices: {
      from_us: 0,
      to_us: 1_500_000,
      filters: [{ field: 'input', is: '<=', value: '8000' }],
      sample: 0.5,
      seed: 7,
      spread: true,
      speed: 2,
      repeat: 2,
      repeat_fresh: true,
    },
  });
  for (const part of [
    '--trace-header trace.yaml',
    '--trace-map arrival=when:s,input=prompt',
    '--trace-delimiter tab --trace-decimal , --trace-names true',
    '--trace-answer keep_failures=yes',
    "--trace-from 0s --trace-to 1.5s --trace-filter 'input<=8000'",
    '--trace-sample 0.5 --trace-sample-seed 7',
    '--trace-spread --trace-speed 2 --trace-repeat 2 --trace-repeat-fresh',
  ])
    assert.ok(line.includes(part), `${part} is not in ${line}`);
  assert.ok(!line.includes('--trace-format'), line);
});

test('what no flag can say is said in words', () => {
  const schema = /** @type {Setting[]} */ (engine.schema());
  assert.match(replayWords(NAMED, null, [LIST], schema).note, /not known here/);
  const mapping = [{ column: 'a,b', role: /** @type {const} */ ('input'), unit: null }];
  assert.match(commandOf({ options: { mapping } }).words, /not known here/);
});
