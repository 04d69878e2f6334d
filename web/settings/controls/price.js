// What a GPU costs per hour: as long as nothing is entered, the usual price of the GPU, with where it comes from.

import { setWords } from '../../ui/dom.js';
import { NO_PRICE, usualPrice } from '../../words/catalogue.js';
import { called, gpusOf, modelsOf } from '../catalogue.js';
import { numericControl } from './numeric.js';

/** @import {Catalog, Setting} from '../../shared/types.d.ts' */
/** @import {OnEdit} from './field.js' */

/**
 * @param {Setting} setting
 * @param {Catalog} catalog
 * @param {OnEdit} onEdit
 * @returns {import('./field.js').Control}
 */
export function priceControl(setting, catalog, onEdit) {
  const control = numericControl(setting, onEdit);
  return {
    ...control,
    follow(_text, { config }) {
      const model = called(config?.model.name ?? '', modelsOf(config, catalog));
      const gpu = called(config?.model.hardware ?? model?.hardware ?? '', gpusOf(config, catalog));
      const price = gpu?.price ?? null;
      control.input.placeholder = price === null ? '' : price.toFixed(2);
      control.note.hidden = false;
      setWords(control.note, price === null ? NO_PRICE : usualPrice(gpu?.name ?? '', price, gpu?.priceSource ?? ''));
    },
  };
}
