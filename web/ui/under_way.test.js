import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underWay } from './under_way.js';

test('what is shown stands until the last of the tasks has ended, however they end', async () => {
  /** @type {string[][]} */
  const shown = [];
  const run = underWay((names) => shown.push(names));
  let end = () => {};
  const file = run('import', () => new Promise((resolve) => (end = () => resolve(undefined))));
  const failing = run('export', () => Promise.reject(new Error('no')));
  await assert.rejects(failing, /no/);
  assert.deepEqual(shown, [['import'], ['import', 'export'], ['import']]);
  end();
  await file;
  assert.deepEqual(shown.at(-1), []);
});
