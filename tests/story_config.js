// The opening story as a configuration.

import * as engine from '../pkg/blis_playground.js';
import { storyPairs } from '../web/address/opening.js';

/** @import {Config} from '../web/shared/types.d.ts' */

/**
 * The engine has to be there already.
 * @param {number} [instances]
 */
export function storyConfig(instances) {
  return /** @type {Config} */ (engine.configFromPairs(storyPairs(instances)).config);
}
