// Sheets as pictures, and pictures with words around them. Loaded when a picture is taken away.

import { paint } from './paint.js';
import { sheetOf } from './sheet.js';

/** @import {Picture} from './picture_file.js' */
/** @import {Sheet, SheetWords} from './sheet.js' */
/** @import {Colours} from './shapes.js' */

/**
 * A sheet of shapes as a picture.
 * @param {Sheet} sheet
 * @returns {Picture}
 */
export function sheetPicture({ width, height, shape }) {
  return { width, height, draw: (context) => paint(context, shape) };
}

/** Room beside a picture on its sheet. */
const MARGIN = 16;

/**
 * A picture with title and summary over it, and what was simulated below.
 * @param {Picture} picture
 * @param {SheetWords} words
 * @param {Colours} colours
 * @returns {Picture}
 */
export function framed(picture, words, colours) {
  const width = picture.width + 2 * MARGIN;
  const sheet = sheetOf({ ...words, width, colours }, { height: picture.height, parts: [] });
  const around = sheetPicture(sheet);
  return {
    ...around,
    draw(context) {
      around.draw(context);
      context.save();
      context.translate(MARGIN, sheet.top);
      picture.draw(context);
      context.restore();
    },
  };
}
