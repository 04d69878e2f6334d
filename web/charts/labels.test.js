import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlap, placeLabels } from './labels.js';

/** @import {Box, MarkedLine} from './labels.js' */

const SIZES = { height: 18, gap: 4 };

/** @type {Box} */
const PHONE = { left: 56, top: 14, right: 310, bottom: 150 };

/** @param {number} place @param {number} width @returns {MarkedLine} */
const upright = (place, width) => ({ axis: 'x', place, width });

/** @param {number} place @param {number} width @returns {MarkedLine} */
const level = (place, width) => ({ axis: 'y', place, width });

/** @param {(Box|null)[]} boxes @param {Box} plot */
function expectApart(boxes, plot) {
  const placed = boxes.filter((box) => box !== null);
  placed.forEach((box, i) => {
    assert.ok(box.left >= plot.left && box.right <= plot.right && box.top >= plot.top && box.bottom <= plot.bottom);
    for (const other of placed.slice(i + 1)) assert.equal(overlap(box, other), false);
  });
  return placed.length;
}

test('a label stands to the right of its line, or to the left where there is no room', () => {
  const [first, last] = placeLabels([upright(100, 40), upright(300, 40)], PHONE, SIZES);
  assert.deepEqual(first, { left: 104, top: 14, right: 144, bottom: 32 });
  assert.deepEqual(last, { left: 256, top: 14, right: 296, bottom: 32 });
});

test('no line goes through a label that could stand elsewhere', () => {
  const [theory, now] = placeLabels([upright(200, 60), upright(215, 50)], PHONE, SIZES);
  assert.equal(theory?.right, 196);
  assert.equal(now?.left, 219);
});

test('labels of lines in one place have rows of their own', () => {
  const boxes = placeLabels([upright(150, 60), upright(150, 60), upright(151, 60), upright(152, 60)], PHONE, SIZES);
  assert.equal(expectApart(boxes, PHONE), 4);
});

test('labels of upright and level lines keep clear of one another', () => {
  const lines = [upright(290, 80), upright(292, 80), level(30, 120), level(34, 90), level(149, 90)];
  assert.equal(expectApart(placeLabels(lines, PHONE, SIZES), PHONE), 5);
});

test('whatever is marked on a phone, no two labels have a pixel in common', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  for (let round = 0; round < 300; round += 1) {
    const lines = Array.from({ length: 1 + Math.floor(random() * 6) }, () =>
      random() < 0.7 ? upright(40 + random() * 290, 20 + random() * 180) : level(random() * 160, 20 + random() * 180),
    );
    expectApart(placeLabels(lines, PHONE, SIZES), PHONE);
  }
});

test('a line beyond the plot has no label', () => {
  assert.deepEqual(placeLabels([upright(20, 30), level(200, 30)], PHONE, SIZES), [null, null]);
});
