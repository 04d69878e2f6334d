import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../tests/opening_config.js';

/** As the browser's, but without a port that would keep this program alive. */
class Channel {
  port1 = { onmessage: () => {} };

  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage()) };
}
/** @type {any} */ (globalThis).MessageChannel = Channel;

const { begin, holding } = await import('./slices.js');
const { sweep } = await import('./sweep_runs.js');

const MODULE = readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url));

/** @type {any[]} */
const results = [];

before(() => {
  engine.initSync({ module: MODULE });
  /** @type {any} */ (globalThis).self = {
    postMessage: (/** @type {any} */ { progress }) => results.push(...progress),
  };
});

const tasks = [{ variant: 0, seed: 42 }];

test('a portion finds the variants that came with one that was given up before its turn', async () => {
  const variants = /** @type {any} */ ([openingConfig()]);
  let release = () => {};
  const former = holding(() => new Promise((resolve) => (release = () => resolve(undefined))));
  const first = sweep(1, { sweep: 1, variants, tasks });
  begin(0);
  release();
  await former;
  assert.equal(await first, null);
  results.push(...((await sweep(2, { sweep: 1, variants: [], tasks })) ?? []));
  assert.equal(results.length, 1);
  assert.ok(results[0].figures !== null, 'it was not refused');
});

test('a portion whose variants are not known fails, instead of being taken for refused', async () => {
  await assert.rejects(sweep(3, { sweep: 2, variants: [], tasks }), /variants of sweep 2/);
});
