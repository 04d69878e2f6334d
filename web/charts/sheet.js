// A sheet with a picture to be taken away: title and sentence over it, and below it what was simulated. Away from the
// page, a picture has to say that by itself.

import { SMALL_PX } from '../ui/type.js';
import { captionLines } from './caption.js';
import { textWidth } from './measure.js';
import { label, moved, shape, svgText } from './shapes.js';

/** @import {Colours, Shape} from './shapes.js' */

/**
 * @typedef {object} SheetWords
 * @property {string} title
 * @property {string} summary
 * @property {string[]} simulated what the picture is about
 */

/**
 * @typedef {object} Sheet
 * @property {number} width CSS pixels
 * @property {number} height
 * @property {number} top where the picture begins
 * @property {Shape} shape
 */

/** Room around everything, and height of a line. */
const MARGIN = 16;
const LINE = 20;

const TITLE_PX = 20;

/** From the top of a line to the feet of its letters. */
const BASE = 15;

/**
 * @param {SheetWords & {width: number, colours: Colours}} words
 * @param {{height: number, parts: Shape[]}} picture whose places count from its own top
 * @returns {Sheet}
 */
export function sheetOf({ width, title, summary, simulated, colours }, picture) {
  const room = width - 2 * MARGIN;
  const wrapped = (/** @type {string[]} */ statements, px = SMALL_PX, weight = 'normal') =>
    captionLines(statements, room, (text) => textWidth(text, px, weight));
  const heads = wrapped([title], TITLE_PX, '600');
  const sentences = wrapped([summary]);
  const caption = wrapped(simulated);
  const grey = { x: MARGIN, fill: colours('--muted') };
  const headsEnd = MARGIN + heads.length * (TITLE_PX + 4);
  const top = headsEnd + 4 + sentences.length * LINE + 8;
  const bottom = top + picture.height + 8;
  const height = bottom + caption.length * LINE + MARGIN / 2;
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': 'system-ui, sans-serif',
    'font-size': SMALL_PX,
  };
  const headStyle = { x: MARGIN, 'font-size': TITLE_PX, 'font-weight': 600, fill: colours('--ink') };
  const sheet = shape(
    'svg',
    attributes,
    shape('title', {}, title),
    shape('desc', {}, [summary, ...simulated].join(' ')),
    shape('rect', { width, height, fill: colours('--paper') }),
    ...heads.map((line, i) => label(line, { ...headStyle, y: MARGIN + i * (TITLE_PX + 4) + TITLE_PX - 3 })),
    ...sentences.map((line, i) => label(line, { ...grey, y: headsEnd + 4 + i * LINE + BASE })),
    moved(top, picture.parts),
    ...caption.map((line, i) => label(line, { ...grey, y: bottom + i * LINE + BASE })),
  );
  return { width, height, top, shape: sheet };
}

/**
 * The text of an SVG file.
 * @param {Sheet} sheet
 */
export function sheetFile(sheet) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svgText(sheet.shape)}\n`;
}
