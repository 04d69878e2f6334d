// The worker's part of files in and out: settings, traces and workload specifications.

import * as engine from '#engine';

/** @import {Config, Proposal} from '../shared/types.d.ts' */

/**
 * @param {Config} config
 * @returns {Pick<Proposal, 'config'|'problems'>}
 */
function proposal(config) {
  return { config, problems: engine.validate(config) };
}

/** The conversions that the page can request. */
export const FORMATS = {
  /** @param {{text: string, config: Config}} wanted */
  importSettings: ({ text, config }) => engine.importSettings(text, config),

  /** @param {{text: string, config: Config}} wanted */
  importSpecification: ({ text, config }) => proposal(engine.importWorkloadSpec(text, config)),

  /** @param {{text: string, config: Config}} wanted */
  importPolicy({ text, config }) {
    const { config: imported, remarks } = engine.importPolicy(text, config);
    return { ...proposal(imported), remarks };
  },

  /** @param {{text: string}} wanted */
  checkLesson: ({ text }) => engine.checkLesson(text),

  /**
   * @param {Config} config
   * @returns {{header: string, data: string}}
   */
  exportTrace: (config) => engine.exportTrace(config),

  /**
   * The settings with their requests row by row, where they only name a list.
   * @param {Config} config
   */
  withRows(config) {
    const complete = engine.withRows(config);
    return { config: complete, pairs: engine.configToPairs(complete) };
  },

  /**
   * What the instances of some settings can hold.
   * @param {Config} config
   */
  serving: (config) => engine.serving(config),

  /**
   * Which models fit on which GPUs, with all else as in the settings.
   * @param {Config} config
   */
  fits: (config) => engine.fits(config),

  /**
   * @param {Config} config
   * @returns {string|null} null if the workload is not a specification
   */
  exportSpecification: (config) => engine.exportWorkloadSpec(config) ?? null,
};
