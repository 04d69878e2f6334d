import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alikeLayouts, rowsOfDots, slotsLine, storyLayout } from './story_layout.js';

const SIZES = [
  [340, 180],
  [304, 180],
  [640, 220],
];

test('the cards of the Story have room for a number and for dots at every number of servers that its slider offers', () => {
  for (const [width, height] of SIZES) {
    for (let instances = 1; instances <= 16; instances += 1) {
      const { cards, grid } = storyLayout(width, height, instances, 63);
      for (const { box, dots } of cards) {
        assert.ok(box.x >= 0 && box.x + box.width <= width + 1e-6, `${instances} at ${width}`);
        assert.ok(box.y + box.height <= height + 1e-6, `${instances} at ${width}`);
        assert.ok(dots.y >= box.y + 19 && box.width >= 58, `${instances} at ${width}: no room for the number`);
        assert.ok(dots.y + dots.height <= box.y + box.height, `${instances} at ${width}`);
      }
      assert.ok(grid.rows >= 2 && grid.capacity >= 12, `${instances} at ${width}: ${grid.capacity} dots`);
    }
  }
});

test('four servers stand two by two on a phone, and no row is left half empty where it need not be', () => {
  assert.equal(storyLayout(340, 180, 4, 250).columns, 2);
  for (const [width, height] of SIZES) {
    for (const instances of [4, 8, 12, 16])
      assert.equal(instances % storyLayout(width, height, instances, 63).columns, 0, `${instances} at ${width}`);
  }
});

test('the fullest server of a run fits into its card, whatever a dot stands for', () => {
  for (const [width, height] of SIZES) {
    for (const [instances, fullest] of [
      [1, 1000],
      [4, 250],
      [8, 126],
      [16, 63],
      [16, 900],
    ]) {
      const { grid, each } = storyLayout(width, height, instances, fullest);
      for (const waiting of [0, 1, Math.floor(fullest / 3), fullest]) {
        const rowsOf = (/** @type {number} */ requests) => Math.ceil(Math.ceil(requests / each) / grid.columns);
        const rows = rowsOf(waiting) + rowsOf(fullest - waiting);
        assert.ok(rows <= grid.rows, `${instances} with ${fullest} at ${width}: ${rows} of ${grid.rows}`);
      }
    }
  }
});

test('where there is room, a dot is a request', () => {
  assert.equal(storyLayout(640, 220, 4, 250).each, 1);
  assert.equal(storyLayout(340, 180, 4, 250).each, 2);
});

test('what waits hangs from the top and what is answered stands on the ground', () => {
  const box = { x: 10, y: 20, width: 70, height: 70 };
  const grid = { cell: 7, columns: 10, rows: 10, capacity: 100 };
  assert.deepEqual(rowsOfDots(box, grid, 12, true), [
    { x: 10, y: 20, length: 10 },
    { x: 10, y: 27, length: 2 },
  ]);
  assert.deepEqual(rowsOfDots(box, grid, 12, false), [
    { x: 10, y: 83, length: 10 },
    { x: 10, y: 76, length: 2 },
  ]);
  assert.equal(rowsOfDots(box, grid, 0, true).length, 0);
  assert.equal(rowsOfDots(box, grid, 500, true).length, 10);
  assert.equal(rowsOfDots(box, grid, 500, true, 3).length, 3);
});

test('side by side a dot is the same: as large, and as many requests', () => {
  const [few, many] = alikeLayouts(560, 260, [
    { instances: 4, fullest: 900 },
    { instances: 12, fullest: 40 },
  ]);
  assert.equal(few.each, many.each);
  assert.equal(few.grid.cell, many.grid.cell);
  assert.deepEqual([few.cards.length, many.cards.length], [4, 12]);
  const rows = Math.ceil(900 / few.each / few.grid.columns);
  assert.ok(rows <= few.grid.rows, 'the fullest instance fits');
});

test('a line stands above the place of the last slot, with a step where its row is not full', () => {
  const box = { x: 10, y: 20, width: 70, height: 70 };
  const grid = { cell: 7, columns: 10, rows: 10, capacity: 100 };
  assert.deepEqual(slotsLine(box, { grid, each: 1 }, 20), [
    { x: 10, y: 75.5 },
    { x: 80, y: 75.5 },
  ]);
  assert.deepEqual(slotsLine(box, { grid, each: 2 }, 50), [
    { x: 10, y: 68.5 },
    { x: 45, y: 68.5 },
    { x: 45, y: 75.5 },
    { x: 80, y: 75.5 },
  ]);
  assert.equal(slotsLine(box, { grid, each: 1 }, 101), null, 'no room');
  assert.equal(slotsLine(box, { grid, each: 100 }, 256), null, 'three dots');
});
