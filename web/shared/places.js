// Where a person can be: four places, and the views of each by the name that stands in the address as `tab`.

/** @typedef {'story'|'lessons'|'explore'|'plan'} Place */

/** The views of Explore besides the first, the overview. */
export const EXPLORE_VIEWS = ['cluster', 'details', 'compare', 'theory'];

/** The places that are one view of their own name. @type {Place[]} */
const SINGLE = ['story', 'lessons', 'plan'];

/**
 * The place that a view belongs to. Links of before there were places name no view for the overview, which is Explore's first;
 * so does every name that there is no view of.
 * @param {string} tab
 * @returns {Place}
 */
export function placeOf(tab) {
  return SINGLE.find((place) => place === tab) ?? 'explore';
}

/**
 * Whether a name of a view leads to the overview.
 * @param {string} tab
 */
export function isOverview(tab) {
  return placeOf(tab) === 'explore' && !EXPLORE_VIEWS.includes(tab);
}

/**
 * Whether a view stands beside the settings.
 * @param {string} tab
 */
export function hasSettings(tab) {
  return ['explore', 'plan'].includes(placeOf(tab));
}

/**
 * Whether the settings can be seen: a page within another one does not show them.
 * @param {{tab: string, embed: string}} state
 */
export function showsSettings({ tab, embed }) {
  return hasSettings(tab) && embed !== '1';
}

/**
 * Whether a lesson is presented to a class, and nothing else is to be seen.
 * @param {{tab?: string, lesson?: string, room?: string, present?: string}} state
 */
export function isPresented({ tab = '', lesson = '', room = '', present = '' }) {
  return placeOf(tab) === 'lessons' && lesson !== '' && room === '' && present === '1';
}
