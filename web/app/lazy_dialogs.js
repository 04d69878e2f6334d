// The dialogs come when one of them is first opened.

import { fileMissing } from '../shared/builds.js';
import { dialogFailed } from '../words/page.js';

/** @import {Dialogs, DialogParts} from './dialogs.js' */

/** @type {(keyof Dialogs)[]} */
const NAMES = ['traffic', 'choose', 'model', 'gpu', 'measured'];

/**
 * @param {DialogParts} parts
 * @returns {Dialogs}
 */
export function dialogsWhenOpened(parts) {
  const open = (/** @type {keyof Dialogs} */ name) => async (/** @type {any} */ given) => {
    try {
      const { openDialog } = await import('./dialogs.js');
      await openDialog(name, given, { ...parts, dialogs });
    } catch (error) {
      reportError(error);
      fileMissing();
      parts.store.change({ failure: dialogFailed(error) });
    }
  };
  /** @type {any} */
  const dialogs = Object.fromEntries(NAMES.map((name) => [name, open(name)]));
  return dialogs;
}
