import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearSteps, logarithmicSteps } from './steps.js';
import { axisSteps, sideBySide, stacked, wrapTo } from './ticks.js';

test('a logarithmic axis over less than a decade has at least two labels', () => {
  for (const [min, max] of [
    [42, 61],
    [46, 54],
    [11, 19],
    [0.21, 0.44],
    [980, 1030],
  ])
    // prettier-ignore
    assert.ok(axisSteps(min, max).length >= 2, `${min} to ${max}`);
  assert.deepEqual(axisSteps(46, 54), [46, 48, 50, 52, 54]);
  assert.deepEqual(axisSteps(42, 61), [45, 50, 55, 60]);
  assert.deepEqual(axisSteps(11.5, 19.6), [12, 14, 16, 18]);
  assert.deepEqual(axisSteps(40, 1500), [50, 100, 200, 500, 1000]);
  assert.deepEqual(axisSteps(0, 1), []);
  assert.deepEqual(axisSteps(1, Infinity), []);
});

test('labels beside each other never overlap, and two are left', () => {
  for (const room of [90, 200, 260, 700]) {
    const [min, max] = [1, 3e6];
    const place = (/** @type {number} */ step) => (room * Math.log(step / min)) / Math.log(max / min);
    const shown = sideBySide(logarithmicSteps(min, max), place, () => 50);
    assert.ok(shown.length >= (room < 100 ? 1 : 2), String(room));
    shown.slice(1).forEach((step, i) => assert.ok(place(step) - place(shown[i]) >= 62, `${room}: ${step}`));
  }
});

test('labels above each other are as many as the height holds', () => {
  assert.deepEqual(stacked([1, 2, 5, 10, 20, 50, 100], 400).length, 7);
  assert.deepEqual(stacked([1, 2, 5, 10, 20, 50, 100], 100), [1, 10, 100]);
  assert.deepEqual(stacked([50, 100, 200], 10), [50, 200]);
});

test('steps between two values are round', () => {
  assert.deepEqual(linearSteps(0, 10, 2), [0, 5, 10]);
});

test('names of bars are wrapped to the room that each has', () => {
  const width = (/** @type {string} */ text) => 7 * text.length;
  assert.equal(wrapTo('4 instances,\n512 slots each', 90, width), '4 instances,\n512 slots\neach');
  assert.equal(wrapTo('4 instances,\n512 slots each', 98, width), '4 instances,\n512 slots each');
  assert.equal(wrapTo('prompts of 64\ntokens', 70, width), 'prompts of\n64 tokens');
  assert.equal(wrapTo('instances', 20, width), 'instances');
  assert.equal(wrapTo('', 20, width), '');
});
