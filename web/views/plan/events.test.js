// A plan for settings in which something happens to the cluster.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as engine from '#engine';
import { openingPairs } from '../../address/opening.js';
import { captionWords } from '../../words/plan.js';
import { plannedPairs } from './planner.js';
import { withOwnNotes } from './results.js';
import { DEFAULT_TARGETS, engineTargets } from './targets.js';

/** @import {Config, Pair} from '../../shared/types.d.ts' */

engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });

test('what a plan leaves out is said once, above all rows', () => {
  const { config } = engine.configFromPairs([...openingPairs(4), ['kill', '0@1s']]);
  const search = new engine.SizeSearch(/** @type {Config} */ (config), 1, engineTargets(DEFAULT_TARGETS));
  const row = search.row();
  search.free();
  assert.equal(row.notes.length, 1);
  const noted = { ...row, notes: [...row.notes, 'optimistic'] };
  assert.deepEqual(withOwnNotes({ gpu: null, tp: 1, row: noted, progress: null }).row?.notes, ['optimistic']);
  assert.equal(withOwnNotes({ gpu: null, tp: 1, row: null, progress: null }).row, null);
  const caption = captionWords('TTFT', 5, true);
  assert.ok(caption.toLowerCase().endsWith(` ${row.notes[0]}.`), caption);
  assert.ok(!captionWords('TTFT', 5, false).includes('without'));
});

test('the subject of a plan has no kills and no bursts', () => {
  const pairs = /** @type {Pair[]} */ ([
    ['rate', '200'],
    ['kill', '0@1s'],
    ['burst', '300@2s'],
  ]);
  assert.deepEqual(plannedPairs(pairs, engine.schema()), [['rate', '200']]);
});
