import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FittingKills } from './fitting_kills.js';

const description = /** @type {any} */ ({
  schema: [
    { key: 'instances', path: 'cluster.num_instances' },
    { key: 'kill', path: 'cluster.kills' },
  ],
});

const KILLS = [
  { instance: 11, at: 1_000_000, mode: 'drain' },
  { instance: 2, at: 2_000_000, mode: 'crash' },
];

/** @param {object[]} kills @param {[string, string][]} [drafts] */
const state = (kills, drafts = []) => ({
  config: /** @type {any} */ ({ cluster: { kills } }),
  drafts: new Map(drafts),
  description,
});

const ALL = '11@1000000us,2@2000000us:crash';

test('fewer instances leave out the kills that they cannot have', () => {
  const fitted = new FittingKills().fit(state(KILLS), [
    ['tp', '2'],
    ['instances', '4'],
  ]);
  assert.deepEqual(fitted, { pairs: [['kill', '2@2000000us:crash']], dropped: [11] });
  // The last instance stays.
  const last = [{ instance: 0, at: 5, mode: 'drain' }];
  assert.deepEqual(new FittingKills().fit(state(last), [['instances', '1']]), {
    pairs: [['kill', 'none']],
    dropped: [0],
  });
});

test('what was left out on the way to a number comes back with it, until something else is changed', () => {
  const kills = new FittingKills();
  assert.deepEqual(kills.fit(state(KILLS), [['instances', '1']])?.dropped, [11, 2]);
  // Not accepted yet, and then accepted.
  for (const now of [state(KILLS, [['kill', 'none']]), state([])]) {
    assert.deepEqual(kills.fit(now, [['instances', '']]), { pairs: [], dropped: [] });
    assert.deepEqual(kills.fit(now, [['instances', '16']]), { pairs: [['kill', ALL]], dropped: [] });
    kills.fit(state(KILLS), [['instances', '1']]);
  }
  kills.forget();
  assert.deepEqual(kills.fit(state([]), [['instances', '16']]), { pairs: [], dropped: [] });
});

test('other changes, and kills that a person is entering, are left alone', () => {
  const kills = new FittingKills();
  assert.equal(kills.fit(state(KILLS), [['rate', '4']]), null);
  assert.equal(
    kills.fit(state(KILLS), [
      ['instances', '4'],
      ['kill', '3@1s'],
    ]),
    null,
  );
  const entered = state(KILLS, [['kill', '30@1s']]);
  assert.deepEqual(kills.fit(entered, [['instances', '40']]), { pairs: [], dropped: [] });
  assert.equal(kills.fit({ ...state(KILLS), description: null }, [['instances', '4']]), null);
});
