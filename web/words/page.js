// What the frame of the page says: its places, its tools, and what is done to all settings at once.

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

/** @param {string} what is missing, as a sentence begins with it @param {unknown} error */
export function missing(what, error) {
  return `${what} could not be shown (${error}). Choose it again, or reload the page.`;
}
