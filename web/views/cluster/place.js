// Where the picture stands: whole on its own tab, small on the overview, and as the picture of the Story.

import { isOverview } from '../../shared/places.js';

/** The name of its own tab, and that of the Story. */
export const TAB = 'cluster';

export const STORY_TAB = 'story';

/** @typedef {{panel: HTMLElement, overview: HTMLElement, story: HTMLElement|null}} Places */

/**
 * @param {string} tab
 * @param {Places} places
 * @returns {keyof Places|null} null where there is no picture
 */
export function placeFor(tab, { story }) {
  if (tab === TAB) return 'panel';
  if (tab === STORY_TAB && story !== null) return 'story';
  return isOverview(tab) ? 'overview' : null;
}
