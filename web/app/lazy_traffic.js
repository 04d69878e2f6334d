// "Your traffic": its dialog comes, with its styles, when it is first opened.

import { fileMissing } from '../shared/builds.js';
import { dialogFailed } from '../words/page.js';
import { loadStyle } from './lazy_views.js';

/** @import {PageParts} from './lazy_views.js' */
/** @import {TrafficDialog} from '../views/traffic/view.js' */
/** @import {Brought} from '../shared/types.d.ts' */

/** What opens the dialog, with a file if one was brought. @typedef {(brought: Brought|null) => Promise<void>} OpenTraffic */

/**
 * @param {Pick<PageParts, 'store'|'session'|'pool'>} page
 * @param {() => void} onStep before the workload is another one
 * @param {(files: File[]) => void} onBring what is done with any file
 * @returns {OpenTraffic}
 */
export function trafficWhenOpened(page, onStep, onBring) {
  /** @type {Promise<TrafficDialog>|null} */
  let coming = null;
  const load = async () => {
    const [{ TrafficDialog }, ...styled] = await Promise.all([
      import('../views/traffic/view.js'),
      loadStyle('traffic/traffic.css'),
      loadStyle('traffic/found.css'),
    ]);
    // Without its styles it is plain, and works.
    if (styled.includes(false)) fileMissing();
    return new TrafficDialog(page, onStep, onBring);
  };
  return async (brought) => {
    try {
      coming ??= load();
      const dialog = await coming;
      await dialog.open(brought);
    } catch (error) {
      reportError(error);
      // As after a loss of the connection: it is fetched anew at the next press.
      coming = null;
      fileMissing();
      page.store.change({ failure: dialogFailed(error) });
    }
  };
}
