// The build that a tab shows, and the notice that one of its files is not there: what misses it tells the page, which
// finds out whether a newer build has taken the place of this one.

import { FOLDER } from './folder.js';

/** Where the page itself lies. */
export const PAGE = new URL('../', FOLDER);

/** The folder of this build; builds are named after their content. */
export const BUILD = FOLDER.pathname.split('/').at(-2) ?? '';

/** Undefined where service workers are denied; in a frame without an origin, asking for them is an error. */
export function serviceWorkers() {
  try {
    return globalThis.navigator.serviceWorker;
  } catch {
    return undefined;
  }
}

/** The event of the window. */
export const MISSING = 'blis-missing';

/** Tells the page that a file of it did not come. */
export function fileMissing() {
  globalThis.dispatchEvent?.(new Event(MISSING));
}
