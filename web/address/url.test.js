import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debouncedWriter, formatHash, parseHash } from './url.js';

test('an empty address asks for nothing', () => {
  assert.equal(parseHash(''), null);
  assert.equal(parseHash('#'), null);
});

test('a link is read into its pairs, the version aside', () => {
  assert.deepEqual(parseHash('#v=2&k=4&rate=200'), {
    pairs: [
      ['k', '4'],
      ['rate', '200'],
    ],
    rejected: [],
  });
});

test('a link without version or of an unknown version is not read, and says so', () => {
  assert.match(parseHash('#k=4')?.rejected[0] ?? '', /no version/);
  assert.match(parseHash('#v=7&k=4')?.rejected[0] ?? '', /version 7 .* unknown/);
  assert.match(parseHash('#v=7&k=4')?.rejected[0] ?? '', /known: 1 and 2/);
  assert.deepEqual(parseHash('#v=7&k=4')?.pairs, []);
  for (const name of ['constructor', '__proto__', ''])
    assert.match(parseHash(`#v=${name}`)?.rejected[0] ?? '', /unknown/);
});

test('a link of version 1 has independent streams, unless it says otherwise', () => {
  assert.deepEqual(parseHash('#v=1&k=4')?.pairs, [
    ['streams', 'independent'],
    ['k', '4'],
  ]);
  assert.deepEqual(parseHash('#v=1')?.pairs, [['streams', 'independent']]);
  assert.deepEqual(parseHash('#v=1&streams=reference&tab=plan')?.pairs, [['streams', 'reference']]);
  // What is written from it means the same.
  const { pairs } = /** @type {{pairs: [string, string][]}} */ (parseHash('#v=1&k=4'));
  assert.equal(formatHash(pairs), '#v=2&streams=independent&k=4');
});

test('what is written is read back, special characters included', () => {
  /** @type {[string, string][]} */
  const pairs = [
    ['model', 'qwen/qwen3-14b'],
    ['scorers', 'queue-depth:2,kv-utilization:1'],
    ['priorities', 'a&b=1,c#d= 2'],
  ];
  assert.deepEqual(parseHash(formatHash(pairs))?.pairs, pairs);
});

test('lists and names stay readable in the address', () => {
  assert.equal(formatHash([['scorers', 'queue-depth:2,load-aware:1']]), '#v=2&scorers=queue-depth:2,load-aware:1');
});

test('of several changes only the last is written', async () => {
  /** @type {string[]} */
  const written = [];
  const write = debouncedWriter((hash) => written.push(hash), 5);
  write('#1');
  write('#2');
  await new Promise((done) => setTimeout(done, 30));
  assert.deepEqual(written, ['#2']);
});

test('a write that the browser refuses is tried again with the latest', async () => {
  /** @type {string[]} */
  const written = [];
  let refusals = 1;
  const write = debouncedWriter(
    (hash) => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('SecurityError');
      written.push(hash);
    },
    1,
    10,
  );
  write('#1');
  await new Promise((done) => setTimeout(done, 60));
  assert.deepEqual(written, ['#1']);
});
