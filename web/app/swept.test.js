// What the pictures of the sweep say they are about: its own settings, whatever is shown beside it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as engine from '#engine';
import { Store } from './state.js';
import { keepSubjects, sweepWords } from './swept.js';

/** @import {Config, Pair, Sweep} from '../shared/types.d.ts' */

engine.initSync({ module: readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url)) });
const description = /** @type {any} */ ({ schema: engine.schema(), catalog: engine.catalog() });

/** @param {Pair[]} pairs @param {string} importedName */
const settings = (pairs, importedName = '') => ({
  config: /** @type {Config} */ (/** @type {any} */ ({})),
  pairs,
  imported: null,
  importedName,
  withoutEffect: [],
});

test('the sweep is described by the settings that it is around, and not by those that came after it', () => {
  const store = new Store();
  const subjectOf = keepSubjects(store);
  const swept = settings([['rate', '7'], ['requests', '{}']], 'day.csv'); // prettier-ignore
  store.change(swept);
  const sweep = /** @type {Sweep} */ ({ config: swept.config, axis: 'instances' });
  store.change(settings([['rate', '900']]));
  const [words] = sweepWords({ sweep, description }, subjectOf(sweep.config));
  assert.match(words, / · imported requests “day\.csv” · BLIS streams · varied: Instances/);
});

test('without a sweep, or settings that it is around, nothing is claimed', () => {
  const subjectOf = keepSubjects(new Store());
  assert.deepEqual(sweepWords({ sweep: null, description }, subjectOf(undefined)), []);
  const sweep = /** @type {Sweep} */ ({ config: settings([]).config, axis: 'rate' });
  assert.deepEqual(sweepWords({ sweep, description }, subjectOf(sweep.config)), []);
});
