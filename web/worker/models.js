// In the worker of the dialogs: reads a model from its public files.

import * as engine from '#engine';

/** @import {Model, ModelDescription} from '#engine' */

/** @typedef {{name: string, text: string, quant: string|null}} ModelFiles the second is that of `hf_quant_config.json` */

/** What can be asked, by its name. */
export const MODELS = {
  /** @returns {Promise<{model: Model, description: ModelDescription}>} */
  readModel: async (/** @type {number} */ _id, /** @type {ModelFiles} */ { name, text, quant }) => {
    const model = engine.readModel(name, text, quant);
    return { model, description: engine.describeModel(model) };
  },
};
