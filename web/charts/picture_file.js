// Pictures that are taken away: as a PNG file, or to the clipboard.
//
// A picture is a size in CSS pixels and a function that draws it on a context, which is scaled already:
//
//     const blob = async () => {
//       const { framed } = await import('../../charts/framed.js');
//       const picture = { width: 640, height: 280, draw: (context) => drawCluster(context, 640, 280) };
//       const words = { title: 'Cluster at 1.2 s', summary: '178 requests wait.', simulated: runWords(store.state) };
//       return pictureBlob(framed(picture, words, (name) => colour(host, name)));
//     };
//     savePicture('cluster.png', await blob());    // a file
//     await copyPicture(blob());                   // in the listener of a click, with nothing awaited before
//
// `framed` puts the words around it. `canCopyPictures()` tells whether to offer a copy: on a page without a secure origin,
// browsers have no clipboard. What is drawn must be drawn anew, not copied from a canvas on the screen: the scale is at
// least 2, and as large as 1600 pixels of width need. `saveMenu`, `saveButton` and `copyButton` of save_menu.js are the
// buttons.

import { download } from '../ui/download.js';

/** Pixels of a CSS pixel, at least; a screen may have one only. */
const LEAST_SCALE = 2;

/** Pixels in the width, at least: enough for a slide. */
const LEAST_WIDTH = 1600;

const PNG = 'image/png';

/**
 * @typedef {object} Picture
 * @property {number} width CSS pixels
 * @property {number} height
 * @property {(context: CanvasRenderingContext2D) => void} draw on a context that is scaled to CSS pixels
 */

/**
 * How many pixels a CSS pixel of a saved picture has.
 * @param {number} width of the picture
 */
export function scaleOf(width) {
  return Math.max(LEAST_SCALE, LEAST_WIDTH / width);
}

/**
 * @param {Picture} picture
 * @returns {Promise<Blob>} a PNG
 */
export async function pictureBlob({ width, height, draw }) {
  const canvas = document.createElement('canvas');
  const scale = scaleOf(width);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser gives no canvas to draw on');
  context.scale(scale, scale);
  draw(context);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser could not make a PNG'))), PNG);
  });
}

/**
 * @param {string} name of the file
 * @param {Blob} blob
 */
export function savePicture(name, blob) {
  download(name, blob, PNG);
}

/** Whether this browser has a clipboard for pictures. */
export function canCopyPictures() {
  return typeof ClipboardItem === 'function' && typeof navigator.clipboard?.write === 'function';
}

/**
 * Puts a picture on the clipboard. Safari and Firefox take it only while they handle the click, so that the picture is
 * given to them before it is made.
 * @param {Promise<Blob>} blob
 */
export function copyPicture(blob) {
  return navigator.clipboard.write([new ClipboardItem({ [PNG]: blob })]);
}
