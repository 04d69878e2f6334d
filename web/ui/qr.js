// A link as a QR code: the modules by a library, the drawing by us.

import { correction, generate } from 'lean-qr';
import { MOST_CHARACTERS } from './code_limits.js';
import { svgElement } from './dom.js';

/** White modules around a code, which readers need to find it (ISO/IEC 18004). */
export const QUIET = 4;

/**
 * Most modules a side that a phone reads from the back of a room: version 10. A picture 1 m high, seen from 8 m by a camera
 * with 1,920 points over 70°, has about 170 points: 3 a module, with the quiet zone.
 */
export const FAR_MODULES = 57;

/** Most modules a side that are drawn at all: version 25, to be read from close by. */
export const MOST_MODULES = 117;

/**
 * A code: its modules a side, where it is dark, and whether it can be read from afar.
 * @typedef {object} Code
 * @property {number} size
 * @property {(x: number, y: number) => boolean} dark
 * @property {boolean} far
 */

/**
 * The code of a link; null if it is too long for one. A seventh of it may be unreadable (level M), unless only the lower
 * level, a fourteenth (L), keeps it readable from afar or possible.
 * @param {string} link as addresses are: without a character that is not ASCII
 * @returns {Code|null}
 */
export function codeOf(link) {
  // More than that is refused before the library tries every version.
  if (link.length > MOST_CHARACTERS) return null;
  const at = (/** @type {typeof correction.M} */ level) =>
    generate(link, { minCorrectionLevel: level, maxCorrectionLevel: level, maxVersion: 40 });
  const [strong, weak] = [at(correction.M), at(correction.L)];
  const limit = weak.size <= FAR_MODULES ? FAR_MODULES : MOST_MODULES;
  const { size, get } = strong.size <= limit ? strong : weak;
  return { size, dark: (x, y) => get(x, y), far: size <= FAR_MODULES };
}

/**
 * The dark modules as one path: a stroke for every run of them in a row.
 * @param {Code} code
 */
export function codePath({ size, dark }) {
  let path = '';
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const start = x;
      while (x < size && dark(x, y)) x += 1;
      if (x > start) path += `M${start + QUIET} ${y + QUIET}h${x - start}v1h${start - x}z`;
    }
  }
  return path;
}

/**
 * The code as a picture, black on white whatever the colours of the page are.
 * @param {Code} code
 * @param {string} name what a screen reader says
 */
export function codePicture(code, name) {
  const side = code.size + 2 * QUIET;
  return svgElement(
    'svg',
    { viewBox: `0 0 ${side} ${side}`, class: 'qr', role: 'img', 'aria-label': name, 'shape-rendering': 'crispEdges' },
    svgElement('path', { d: `M0 0h${side}v${side}h-${side}z`, class: 'qr-light' }),
    svgElement('path', { d: codePath(code), class: 'qr-dark' }),
  );
}
