// The control of each kind of setting.

import { BUNDLED } from '../../words/settings.js';
import { called, gpuInWords, gpusOf, modelInWords, modelsOf } from '../catalogue.js';
import { choiceControl, switchControl } from './choice.js';
import { chooserControl } from './chooser.js';
import { latencyControl } from './latency.js';
import { numericControl } from './numeric.js';
import { priceControl } from './price.js';
import { scorersControl } from './scorers.js';
import { textControl } from './text.js';

/** @import {Description, Setting} from '../../shared/types.d.ts' */
/** @import {Control, OnEdit} from './field.js' */

/**
 * @param {Setting} setting
 * @param {Description} description
 * @param {OnEdit} onEdit
 * @returns {Control}
 */
export function makeControl(setting, { catalog }, onEdit) {
  const { kind } = setting;
  if (setting.path === 'model.name') {
    return chooserControl(setting, 'model', (text, { config }) => modelInWords(text, modelsOf(config, catalog)));
  }
  if (setting.path === 'model.hardware') {
    return chooserControl(setting, 'gpu', (text, { config }) =>
      gpuInWords(text, gpusOf(config, catalog), called(config?.model.name ?? '', modelsOf(config, catalog))),
    );
  }
  if (setting.path === 'model.latency_model' && kind.type === 'choice')
    return latencyControl(setting, kind.choices, onEdit);
  if (setting.path === 'model.gpu_price') return priceControl(setting, catalog, onEdit);
  switch (kind.type) {
    case 'integer':
    case 'number':
      return numericControl(setting, onEdit);
    case 'choice':
      return choiceControl(setting, kind.choices, onEdit);
    case 'scorers':
      return scorersControl(setting, kind.choices, onEdit);
    case 'boolean':
      return switchControl(setting, onEdit);
    case 'targets':
      return textControl(setting, 'default=500ms', onEdit);
    case 'class-priorities':
      return textControl(setting, 'critical=4,batch=-1', onEdit);
    case 'tenant-budgets':
      return textControl(setting, 'alice=0.25,bob=0', onEdit);
    case 'kills':
      return textControl(setting, '2@1.5s,3@2s:crash', onEdit);
    case 'bursts':
      return textControl(setting, '300@2s', onEdit);
    case 'floats':
      return textControl(setting, BUNDLED, onEdit);
    default:
      return textControl(setting, '', onEdit);
  }
}

/** Documents come from files, not from a line of text; settings without effect on the page are left out. */
export const hasControl = (/** @type {Setting} */ { kind, in_page: inPage }) => kind.type !== 'document' && inPage;
