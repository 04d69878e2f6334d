// In the worker: a search for a cluster or a rate, cut into slices.

import * as engine from '#engine';
import { holding, inSlices, takeOver } from './slices.js';

/** @import {SearchProgress} from '#engine' */
/** @import {SizeReport, SizeWork} from '../shared/types.d.ts' */

/** Time between two reports, ms. */
const REPORT_MS = 100;

/**
 * @param {number} id
 * @param {SizeWork} work
 * @returns {Promise<SizeReport|null>} null if something newer has replaced it
 */
export async function size(id, work) {
  return (await takeOver(id)) ? holding(() => search(id, work)) : null;
}

/**
 * @param {number} id
 * @param {SizeWork} work
 * @returns {Promise<SizeReport|null>}
 */
async function search(id, { config, tp, targets, budget }) {
  const run = new engine.SizeSearch(config, tp, targets);
  /** @type {SearchProgress|null} */
  let progress = null;
  const report = () => ({ row: run.row(), progress: /** @type {SearchProgress} */ (progress) });
  let last = performance.now();
  const ended = await inSlices(
    id,
    (steps) => {
      progress = run.advance(steps);
      return progress.done || (budget !== null && (progress.expected_requests ?? 0) > budget);
    },
    () => {
      if (performance.now() - last < REPORT_MS) return;
      last = performance.now();
      self.postMessage({ id, progress: report() });
    },
  );
  const result = ended ? report() : null;
  run.free();
  return result;
}
