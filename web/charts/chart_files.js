// What a chart can be saved as: its data, and its picture in two kinds of file or on the clipboard. What makes them is
// loaded when it is asked for.

import { download } from '../ui/download.js';
import { pictureBlob, savePicture } from './picture_file.js';
import { copyButton, saveButton, saveMenu } from './save_menu.js';

/** @import {Sheet} from './sheet.js' */

/**
 * @template Spec
 * @param {object} of
 * @param {() => Spec|null} of.shown
 * @param {(spec: Spec) => string} of.title
 * @param {(spec: Spec) => Promise<string>} of.csv
 * @param {(spec: Spec) => Promise<Sheet>} of.sheet
 * @param {import('./save_menu.js').Tell} of.tell
 */
export function filesMenu({ shown, title, csv, sheet, tell }) {
  const named = (/** @type {string} */ kind, /** @type {(spec: Spec) => Promise<void>} */ save) =>
    saveButton(kind, shown, save, tell);
  const nameOf = async (/** @type {Spec} */ spec, /** @type {string} */ extension) =>
    (await import('./export.js')).fileName(title(spec), extension);
  const png = async (/** @type {Spec} */ spec) => {
    const [drawn, { sheetPicture }] = await Promise.all([sheet(spec), import('./framed.js')]);
    return pictureBlob(sheetPicture(drawn));
  };
  return saveMenu(
    copyButton(shown, png, tell),
    named('PNG', async (spec) => savePicture(await nameOf(spec, 'png'), await png(spec))),
    named('SVG', async (spec) => {
      const [drawn, { sheetFile }] = await Promise.all([sheet(spec), import('./sheet.js')]);
      download(await nameOf(spec, 'svg'), sheetFile(drawn), 'image/svg+xml');
    }),
    named('CSV', async (spec) => download(await nameOf(spec, 'csv'), await csv(spec), 'text/csv')),
  );
}
