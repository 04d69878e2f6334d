// Words on the picture.

import { font } from '../../ui/type.js';

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} fill
 * @param {string} words
 * @param {number} x
 * @param {number} y of the line the words stand on
 * @param {string} [weight]
 * @param {number} [px]
 */
export function text(ctx, fill, words, x, y, weight, px) {
  ctx.font = font(weight, px);
  ctx.fillStyle = fill;
  ctx.fillText(words, x, y);
}
