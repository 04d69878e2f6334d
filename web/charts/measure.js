// How wide words are when they are drawn, in a browser to the pixel; elsewhere, as in a unit test, about.

import { font, SMALL_PX } from '../ui/type.js';

/** About so wide is a letter, in parts of the size of the type. */
const LETTER = 0.53;

/** @type {CanvasRenderingContext2D|null|undefined} */
let context;

/**
 * @param {string} text
 * @param {number} [px] size of the type
 * @param {string} [weight]
 * @returns {number} px
 */
export function textWidth(text, px = SMALL_PX, weight = 'normal') {
  if (context === undefined)
    context = typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d');
  if (context === null) return text.length * px * LETTER;
  context.font = font(weight, px);
  return context.measureText(text).width;
}
