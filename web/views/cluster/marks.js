// Marks in the boxes of a card: how large they are, where each stands, which one is at a point.

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {Box, Layout} from './layout.js' */

/** Sizes of a mark's cell: comfortable, and the least at which shapes can be distinguished. */
const LARGEST_CELL = 18;

const SMALLEST_CELL = 6;

/**
 * @typedef {object} Grid
 * @property {number} cell side of a mark's cell
 * @property {number} columns
 * @property {number} rows
 * @property {number} capacity
 */

/**
 * The largest cells in which that number of marks fits into a box; at the least size not all may.
 * @param {Box} box
 * @param {number} count
 * @returns {Grid}
 */
export function gridFor({ width, height }, count) {
  for (let cell = LARGEST_CELL; ; cell -= 0.5) {
    const columns = Math.floor(width / cell);
    const rows = Math.floor(height / cell);
    if (columns * rows >= count || cell <= SMALLEST_CELL) return { cell, columns, rows, capacity: columns * rows };
  }
}

/**
 * The middle of a mark. Queues fill from the right, where requests leave them; batches from the left.
 * @param {Box} box
 * @param {Grid} grid
 * @param {number} index
 * @param {boolean} fromRight
 */
export function markAt(box, { cell, columns, rows }, index, fromRight) {
  if (fromRight) {
    const column = Math.floor(index / rows);
    return { x: box.x + box.width - (column + 0.5) * cell, y: box.y + ((index % rows) + 0.5) * cell };
  }
  return { x: box.x + ((index % columns) + 0.5) * cell, y: box.y + (Math.floor(index / columns) + 0.5) * cell };
}

/**
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 */
export function inside(box, x, y) {
  return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}

/**
 * The index of the mark at a point, -1 if there is none.
 * @param {Box} box
 * @param {Grid} grid
 * @param {number} count
 * @param {{x: number, y: number}} point
 * @param {boolean} fromRight
 */
export function markUnder(box, grid, count, { x, y }, fromRight) {
  if (!inside(box, x, y) || grid.capacity === 0) return -1;
  const row = Math.floor((y - box.y) / grid.cell);
  const column = Math.floor((fromRight ? box.x + box.width - x : x - box.x) / grid.cell);
  if (row >= grid.rows || column >= grid.columns) return -1;
  const index = fromRight ? column * grid.rows + row : row * grid.columns + column;
  return index < Math.min(count, grid.capacity) ? index : -1;
}

/**
 * How marks stand in all cards of a picture: the fullest card decides, so that the same number looks the same in each.
 * @typedef {object} Marks
 * @property {number} waiting most requests in a queue
 * @property {number} running most requests in a batch
 * @property {boolean} areas whether batches are drawn as areas, because one of them has more requests than can be told apart
 */

/**
 * @param {Layout} layout
 * @param {MomentView} moment
 * @returns {Marks}
 */
export function marksOf({ cards }, { instances, batches }) {
  const waiting = instances.waiting.reduce((most, value) => Math.max(most, value), 0);
  const running = instances.prefill.reduce((most, value, at) => Math.max(most, value + instances.decode[at]), 0);
  const listed = batches.every((batch, at) => batch.length >= instances.prefill[at] + instances.decode[at]);
  const room = cards.length > 0 ? gridFor(cards[0].batch, running).capacity : 0;
  return { waiting, running, areas: !listed || running > room };
}
