import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { BadPackage, LONGEST_PACKED, MAX_BYTES, pack, unpack } from './packed.js';
import { Shelf } from './shelf.js';
import { MUST_HOLD, SEEDS, tryClaims } from './trial.js';

/** @import {Lesson} from '../types.d.ts' */

const COURSE = new URL('../course/', import.meta.url);
const textOf = (/** @type {string} */ id) => readFileSync(new URL(`${id}.json`, COURSE), 'utf8');

/** @type {string[]} */
const IDS = JSON.parse(textOf('course')).lessons;

test('every lesson of ours goes through a link as it is', async () => {
  for (const id of IDS) {
    const packed = await pack(textOf(id));
    assert.ok(packed.length > 0 && packed.length <= LONGEST_PACKED, `${id}: ${packed.length}`);
    assert.match(packed, /^[\w-]+$/);
    assert.deepEqual(JSON.parse(await unpack(packed)), JSON.parse(textOf(id)));
  }
});

test('a lesson that does not compress is not put into a link', async () => {
  const noise = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 104_729).toString(36)).join('');
  assert.equal(await pack(JSON.stringify({ noise })), '');
});

test('a link that is cut, spoilt or hostile is refused with the reason', async () => {
  const packed = await pack(textOf(IDS[0]));
  for (const bad of [packed.slice(0, -20), packed.slice(20), `${packed}!`, 'AAAA', 'x'])
    await assert.rejects(
      unpack(bad),
      (error) => error instanceof BadPackage && /cut or damaged/.test(error.message),
      bad,
    );
  const bomb = deflateRawSync(Buffer.alloc(50_000_000)).toString('base64url');
  await assert.rejects(unpack(bomb.slice(0, LONGEST_PACKED)), /longer than a lesson may be/);
  const large = deflateRawSync(Buffer.alloc(MAX_BYTES + 1)).toString('base64url');
  await assert.rejects(unpack(large), /longer than a lesson may be/);
  await assert.rejects(unpack('A'.repeat(LONGEST_PACKED + 1)), /longer than a lesson may be/);
});

/** A storage of a tab. */
function storage() {
  /** @type {Map<string, string>} */
  const held = new Map();
  return {
    getItem: (/** @type {string} */ key) => held.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => void held.set(key, text),
  };
}

test('own lessons stay on the shelf beyond a reload, newer ones replace older ones, and links replace none', async () => {
  const tab = storage();
  const shelf = new Shelf(() => tab);
  const text = textOf('regret');
  assert.equal(await shelf.put(text, true), 'own:regret');
  assert.equal(await shelf.put(text.replace('"title": "', '"title": "New: '), true), 'own:regret');
  const reloaded = new Shelf(() => tab);
  assert.deepEqual(
    reloaded.entries.map(({ id, title }) => [id, title.startsWith('New: ')]),
    [['own:regret', true]],
  );
  assert.equal(reloaded.lesson('own:regret').id, 'own:regret');
  assert.equal(await reloaded.put(text, false), 'own:regret-2');
  assert.equal(await reloaded.put(text, false), 'own:regret-2');
  assert.ok(reloaded.holds(await pack(text)));
  reloaded.remove('own:regret-2');
  assert.ok(!reloaded.has('own:regret-2') && reloaded.has('own:regret'));
});

test('a storage that is denied or spoilt leaves the shelf to memory', async () => {
  const denied = new Shelf(() => {
    throw new Error('denied');
  });
  assert.equal(await denied.put(textOf('regret'), true), 'own:regret');
  assert.ok(denied.has('own:regret'));
  for (const text of ['{', '{}', '[["own:x", {}], ["regret", {"text": "", "packed": ""}], 5]'])
    assert.deepEqual(new Shelf(() => ({ getItem: () => text, setItem() {} })).entries, []);
});

/** @type {Lesson} */
const LESSON = {
  ...JSON.parse(textOf('regret')),
  scenes: [{ name: 'a', label: 'A', pairs: {} }],
  metrics: ['rejected'],
  claims: [
    { says: 'always', that: { greater: ['a.seed', 1, 0] } },
    { says: 'but for the first two', that: { greater: ['a.seed', 1, 2] } },
  ],
  reveal: '{{a.seed}}',
  why: '',
  teacher: undefined,
};

test('a trial counts for each claim on how many seeds it holds', async () => {
  /** @type {number[]} */
  const seen = [];
  const run = (/** @type {Lesson} */ _lesson, /** @type {number} */ seed) =>
    Promise.resolve({ a: { seed, rejected: 0 } });
  const trial = await tryClaims(LESSON, run, ({ seeds }) => seen.push(seeds));
  assert.deepEqual(trial, { seeds: SEEDS, held: [20, 18], missing: [] });
  assert.equal(seen.at(-1), SEEDS);
  assert.ok(18 < MUST_HOLD && MUST_HOLD <= 20);
});

test('a trial ends at once where a figure does not exist, and when it is cancelled', async () => {
  let runs = 0;
  const run = () => {
    runs += 1;
    return Promise.resolve({ a: { seed: 1 } });
  };
  const trial = await tryClaims({ ...LESSON, reveal: '{{a.nothing}}' }, run, () => {});
  assert.deepEqual([trial?.missing, runs], [['a.nothing', 'a.rejected'], 1]);
  assert.equal(
    await tryClaims(
      LESSON,
      () => Promise.resolve(null),
      () => {},
    ),
    null,
  );
});
