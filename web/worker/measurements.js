// In the worker of the dialogs: reads results of benchmarks, and fits coefficients of the latency model to them in slices.

import * as engine from '#engine';
import { holding, inSlices, takeOver } from './slices.js';

/** @import {FitProgress, FittedLatency, Measured, MeasurementOptions} from '#engine' */
/** @import {BroughtBytes, Config} from '../shared/types.d.ts' */

/** Time between two reports, ms. */
const REPORT_MS = 100;

/** What is fitted, and to what. @typedef {{config: Config, rows: Partial<Measured>[], name: string}} FitWork */

/**
 * @param {number} id
 * @param {FitWork} work
 * @returns {Promise<FittedLatency|null>} null if something newer has replaced it
 */
async function fit(id, { config, rows, name }) {
  const running = new engine.LatencyFit(config, rows, name);
  try {
    /** @type {FitProgress|null} */
    let progress = null;
    let last = performance.now();
    const ended = await inSlices(
      id,
      (steps) => {
        progress = running.advance(steps);
        return progress.done;
      },
      () => {
        if (performance.now() - last < REPORT_MS) return;
        last = performance.now();
        self.postMessage({ id, progress });
      },
    );
    return ended ? running.result() : null;
  } finally {
    running.free();
  }
}

/** What can be asked, by its name. */
export const MEASUREMENTS = {
  readMeasurements: async (
    /** @type {number} */ _id,
    /** @type {{files: BroughtBytes[], options: Partial<MeasurementOptions>}} */ { files, options },
  ) => engine.readMeasurements(files, options),
  fitLatency: async (/** @type {number} */ id, /** @type {FitWork} */ work) =>
    (await takeOver(id)) ? holding(() => fit(id, work)) : null,
};
