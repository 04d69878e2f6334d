import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAY_MS, frameAt, framesOf, framesToPlay, fullestOf, placeAfter, pointsFor } from './frames.js';

test('a run is looked at often enough for the part that is played, however late it is', () => {
  assert.equal(pointsFor([0, 5]), 201);
  assert.equal(pointsFor([5, 10]), 401);
  assert.equal(pointsFor([1000, 1001]), 4000);
});

test('frames are those of the part that is played, instance by instance', () => {
  const run = {
    seconds: Float64Array.of(0, 1, 2, 3),
    instanceCount: 2,
    waiting: Uint32Array.of(0, 0, 1, 2, 3, 4, 5, 6),
    running: Uint32Array.of(9, 9, 8, 8, 7, 7, 6, 6),
  };
  const frames = framesOf(run, [2, 3]);
  assert.deepEqual(
    frames.map(({ seconds }) => seconds),
    [2, 3],
  );
  assert.deepEqual([...frames[0].waiting], [3, 4]);
  assert.deepEqual([frames[1].allWaiting, frames[1].allRunning], [11, 12]);
  assert.equal(fullestOf(frames), 12);
  assert.equal(framesOf(run, [7, 9]).length, 4, 'a part that never comes is replaced by the run');
});

test('a play lasts its time, and ends on its last frame', () => {
  assert.equal(placeAfter(0, PLAY_MS / 2), 0.5);
  assert.equal(placeAfter(0.9, PLAY_MS), 1);
  assert.equal(placeAfter(0.5, -5), 0.5);
  assert.equal(frameAt(0, 201), 0);
  assert.equal(frameAt(0.5, 201), 100);
  assert.equal(frameAt(1, 201), 200);
});

test('a play ends at the fullest queue where after it both runs only empty', () => {
  const run = (/** @type {[number, number][]} */ frames) =>
    frames.map(([allWaiting, allRunning]) => ({ allWaiting, allRunning }));
  const emptied = run([
    [0, 5],
    [8, 50],
    [9, 50],
    [0, 1],
  ]);
  const full = run([
    [0, 5],
    [8, 50],
    [9, 50],
    [7, 50],
  ]);
  assert.equal(framesToPlay([emptied, emptied]), 3);
  assert.equal(framesToPlay([emptied, full]), 4, 'one that has emptied is what there is to see');
  const idle = run([
    [0, 1],
    [0, 3],
    [0, 0],
  ]);
  assert.equal(framesToPlay([idle, idle]), 2, 'where nothing waits, where most is answered');
});
