// Words on the picture.

import { font } from '../../ui/type.js';

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} fill
 * @param {string} words
 * @param {number} x
 * @param {number} y of the line the words stand on
 * @param {string} [weight]
 */
export function text(ctx, fill, words, x, y, weight) {
  ctx.font = font(weight);
  ctx.fillStyle = fill;
  ctx.fillText(words, x, y);
}

/**
 * The first of some wordings that fits into a width; empty if none does.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string[]} wordings longest first
 * @param {number} width
 * @param {string} [weight]
 */
export function fitting(ctx, wordings, width, weight) {
  ctx.font = font(weight);
  return wordings.find((words) => ctx.measureText(words).width <= width) ?? '';
}
