// The inspector comes with the first visit of the picture's own tab: nothing else needs it.

import { fileMissing } from '../../shared/builds.js';

/** @import {Pool} from '../../engine/pool.js' */
/** @import {Inspector} from './inspector/inspector.js' */

/**
 * @param {HTMLElement} panel
 * @param {Pool} pool
 * @param {(request: number|null) => void} onChoose
 * @returns {() => Promise<Inspector|null>} gives it; null if it could not be fetched
 */
export function lazyInspector(panel, pool, onChoose) {
  /** @type {Promise<Inspector|null>|null} */
  let coming = null;
  const fetched = async () => {
    try {
      const { Inspector } = await import('./inspector/inspector.js');
      const inspector = new Inspector(pool, onChoose);
      panel.append(inspector.root);
      return inspector;
    } catch (error) {
      // The next visit tries again.
      coming = null;
      reportError(error);
      fileMissing();
      return null;
    }
  };
  return () => (coming ??= fetched());
}
