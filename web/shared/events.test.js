import assert from 'node:assert/strict';
import { test } from 'node:test';
import { burstsText, killsText, killsThatFit } from './events.js';

test('lists are written as the engine reads them', () => {
  const kills = /** @type {const} */ ([
    { instance: 2, at: 1_500_000, mode: 'drain' },
    { instance: 0, at: 7, mode: 'crash' },
  ]);
  assert.equal(killsText(kills), '2@1500000us,0@7us:crash');
  assert.equal(killsText([]), 'none');
  assert.equal(burstsText([{ requests: 300, at: 2_000_000 }]), '300@2000000us');
  assert.equal(burstsText([]), 'none');
});

test('a smaller cluster keeps what still fits, and one instance', () => {
  const kills = [3, 0, 1].map((instance) => ({ instance, at: 5, mode: /** @type {const} */ ('drain') }));
  assert.deepEqual(killsThatFit(kills, 4), kills);
  assert.deepEqual(
    killsThatFit(kills, 3).map(({ instance }) => instance),
    [0, 1],
  );
  assert.deepEqual(
    killsThatFit(kills, 2).map(({ instance }) => instance),
    [0],
  );
  assert.deepEqual(killsThatFit(kills, 1), []);
});
