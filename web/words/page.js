// What the frame of the page says: its places, its tools, and what is done to all settings at once.

import { plural } from '../shared/format.js';

export const PIN = 'Pin';
export const PIN_HELP = 'Keep this run to compare with';

export const NEW_SEED = 'New seed';
export const START_OVER = 'Start over';
export const STARTED_OVER = 'Started over.';

/** A view on its way. */
export const LOADING = 'Loading …';

/** @param {string} name of a workload that has been taken away */
export function removed(name) {
  return `${name} removed.`;
}

/** A view that did not come. @param {unknown} error */
export function viewMissing(error) {
  return `This view could not be shown (${error}). Choose it again, or reload the page.`;
}

/** @param {string} reason */
export function notStarted(reason) {
  return `The engine could not be started (${reason}). Reload the page to try again.`;
}

/** @param {string} reason */
export function stopped(reason) {
  return `The engine stopped (${reason}). The next change restarts it.`;
}

export const OUT_OF_MEMORY = 'The run needed more memory than the browser gives; fewer requests help.';

export const RELOAD = 'Reload';
export const DISMISS = 'Dismiss';
export const UNDO = 'Undo';

/**
 * A newer build has been published: what a reload brings, and what it costs.
 * @param {boolean} inLink whether the address holds all settings
 */
export function newerBuild(inLink) {
  const kept = inLink
    ? 'your settings are in the address'
    : 'your settings are in the address, but the imported requests are not; save them under Share first';
  return `A newer version of the playground has been published. Reload: ${kept}.`;
}

/** @param {unknown} error */
export const dialogFailed = (error) => `This dialog could not be loaded (${error}). Try again.`;

// --- What a link asks of the page ---

/** A locked link, in one line; it is said honestly how little that is. */
export const LOCKED = 'This link is locked: its settings stay as they are. Without lock=1 in the address it is open.';

/** @param {number} many */
export const hiddenPartsWords = (many) =>
  `This link hides ${many === 1 ? 'one part' : plural(many, 'part')} of the page.`;

export const SHOW_PARTS = 'Show them';
