// Explore and the settings beside it and beside Plan: they come when a person is first where they are shown.

import { hasSettings } from '../shared/places.js';
import { byId } from '../ui/dom.js';

/** @import {Form} from '../settings/form.js' */
/** @import {Description} from '../shared/types.d.ts' */
/** @import {ExploreParts} from './explore.js' */
/** @import {NewerBuild} from './newer.js' */
/** @import {State} from './state.js' */

/**
 * Starts Explore when it or Plan is first shown, and again at the next visit if it did not come.
 * @param {ExploreParts} page
 * @param {Promise<Description>} described
 * @param {NewerBuild} newer
 * @param {(form: Form) => void} onForm
 * @returns {Promise<void>} when that is done, if it is wanted at once; whether or not it came
 */
export function startExploreWhenShown(page, described, newer, onForm) {
  const places = ['form', 'headline'].map(byId);
  let started = false;
  const fail = (/** @type {unknown} */ error) => {
    reportError(error);
    return newer.sayMissing(error, ...places);
  };
  const start = async (/** @type {Readonly<State>} */ { tab }) => {
    if (started || !hasSettings(tab)) return;
    started = true;
    const explore = await import('./explore.js').catch(fail);
    if (!explore) {
      started = false;
      return;
    }
    try {
      for (const place of places) place.replaceChildren();
      explore.buildViews(page);
      // Without it the engine has not started, which the notice says.
      const description = await described.catch(() => null);
      if (description !== null) onForm(explore.buildForm(page, description));
    } catch (error) {
      // A defect: what has been built of it is not built again.
      await fail(error);
    }
  };
  page.store.watch(['tab'], start);
  // Choosing the place where one is already changes no state.
  byId('places').addEventListener('click', () => start(page.store.state));
  return start(page.store.state);
}
