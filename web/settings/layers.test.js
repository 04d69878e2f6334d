// The layers of the form.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingPairs } from '../address/opening.js';
import { hasControl } from './controls/make.js';
import { SECTIONS, entriesOf, isChanged, placeOf } from './layers.js';

/** @import {Setting} from '../shared/types.d.ts' */

/** @type {{setting: Setting}[]} */
let entries;

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });
  entries = /** @type {Setting[]} */ (/** @type {any} */ (engine.schema()))
    .filter(hasControl)
    .map((setting) => ({ setting }));
});

/** @param {Parameters<typeof entriesOf>[1]} place */
const keysOf = (place) => entriesOf(entries, place).map(({ setting }) => setting.key);

test('four settings come first; the scorers belong to a policy', () => {
  assert.deepEqual(keysOf('first'), ['instances', 'rate', 'model', 'route', 'scorers']);
});

test('every control stands in one place, and no section is empty or long beyond reading', () => {
  const placed = ['first', ...SECTIONS].flatMap((place) => keysOf(/** @type {any} */ (place)));
  assert.deepEqual([...placed].sort(), entries.map(({ setting }) => setting.key).sort());
  assert.ok(SECTIONS.length >= 5 && SECTIONS.length <= 7);
  for (const section of SECTIONS) assert.ok(keysOf(section).length >= 4 && keysOf(section).length <= 16, section);
});

test('settings stand where they are looked for, what is changed often before the rest', () => {
  const placeOfKey = (/** @type {string} */ key) => {
    const entry = entries.find(({ setting }) => setting.key === key);
    assert.ok(entry, key);
    return placeOf(entry.setting);
  };
  for (const [key, place] of [
    ['n', 'traffic'],
    ['seed', 'traffic'],
    ['horizon', 'traffic'],
    ['workload', 'lengths'],
    ['prompt', 'lengths'],
    ['outputmax', 'lengths'],
    ['tp', 'model'],
    ['admission', 'gateway'],
    ['refresh', 'gateway'],
    ['blocks', 'instance'],
    ['running', 'instance'],
    ['slottft', 'targets'],
    ['k', 'targets'],
  ])
    assert.equal(placeOfKey(key), place, key);
  assert.deepEqual(keysOf('instance').slice(0, 2), ['running', 'budget']);
  assert.ok(keysOf('traffic').indexOf('n') < keysOf('traffic').indexOf('horizon'));
});

test('a setting has been changed if it is neither at its default nor as the page opens', () => {
  const n = { key: 'n', default_text: '100' };
  assert.equal(isChanged(n, '100'), false);
  assert.equal(isChanged(n, String(new Map(openingPairs()).get('n'))), false);
  assert.equal(isChanged(n, '2000'), true);
  assert.equal(isChanged({ key: 'tp', default_text: '' }, '2'), true);
  for (const { setting } of entries) {
    const opening = new Map(openingPairs()).get(setting.key) ?? setting.default_text;
    assert.equal(isChanged(setting, opening), false, setting.key);
  }
});
