// The page's opening as a configuration.

import * as engine from '#engine';
import { openingPairs } from '../web/address/opening.js';

/** @import {Config} from '../web/shared/types.d.ts' */

/**
 * The engine has to be there already.
 * @param {number} [instances]
 */
export function openingConfig(instances) {
  return /** @type {Config} */ (engine.configFromPairs(openingPairs(instances)).config);
}
