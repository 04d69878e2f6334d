// Words on the picture.

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} fill
 * @param {string} words
 * @param {number} x
 * @param {number} y of the line the words stand on
 * @param {string} font weight and size
 */
export function text(ctx, fill, words, x, y, font = '11px') {
  ctx.font = `${font} system-ui, sans-serif`;
  ctx.fillStyle = fill;
  ctx.fillText(words, x, y);
}
