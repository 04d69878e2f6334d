// In the worker: a finished run beside the closed forms, for lessons and for the view of theory.

/** @import * as Engine from '#engine' */
/** @import {Config, Study} from '../shared/types.d.ts' */

/**
 * Measures the constants for these settings and holds the closed forms beside the run.
 * @param {typeof Engine} engine
 * @param {Engine.Result} result
 * @param {Config} config
 * @returns {Study}
 */
export function study(engine, result, config) {
  const calibration = engine.calibrate(config);
  try {
    return {
      digest: result.digest,
      figures: { ...result.figures(calibration) },
      overlays: result.overlays(calibration),
    };
  } finally {
    calibration.free();
  }
}
