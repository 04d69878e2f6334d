// In the worker: a search for a cluster or a rate, cut into slices.

import * as engine from '#engine';
import { begin, inSlices } from './slices.js';

/** @import {SearchProgress} from '#engine' */
/** @import {SizeReport, SizeWork} from '../shared/types.d.ts' */

/** Time between two reports, ms. */
const REPORT_MS = 100;

/**
 * @param {number} id
 * @param {SizeWork} work
 * @returns {Promise<SizeReport|null>} null if something newer has replaced it
 */
export async function size(id, { config, tp, targets, budget }) {
  begin(id);
  const search = new engine.SizeSearch(config, tp, targets);
  /** @type {SearchProgress|null} */
  let progress = null;
  const report = () => ({ row: search.row(), progress: /** @type {SearchProgress} */ (progress) });
  let last = performance.now();
  const ended = await inSlices(
    id,
    (steps) => {
      progress = search.advance(steps);
      return progress.done || (budget !== null && (progress.expected_requests ?? 0) > budget);
    },
    () => {
      if (performance.now() - last < REPORT_MS) return;
      last = performance.now();
      self.postMessage({ id, progress: report() });
    },
  );
  const result = ended ? report() : null;
  search.free();
  return result;
}
