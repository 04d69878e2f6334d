// A number: typed, or moved by a slider over the range that is interesting.

import { element } from '../dom.js';
import { duration, number } from '../format.js';
import { isOptional } from '../settings.js';
import { plainNumber } from './number_text.js';
import { field, onTyped, patientInput } from './field.js';
import { sliderScale } from './slider.js';

/** @import {Setting} from '../types.d.ts' */
/** @import {Control, OnEdit} from './field.js' */

/**
 * @param {Setting} setting
 * @param {OnEdit} onEdit
 * @returns {Control}
 */
export function numericControl(setting, onEdit) {
  const input = element('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
    class: 'number',
    placeholder: isOptional(setting) ? 'auto' : null,
  });
  const slider = makeSlider(setting);
  const { root, explain, unit } = field(setting, input, slider ? [slider.input, input] : [input]);
  if (!slider) root.classList.add('without-slider');
  const patient = patientInput(input);

  onTyped(input, () => {
    patient.typed();
    onEdit(setting.key, plainNumber(input.value.trim()));
  });
  slider?.input.addEventListener('input', () => {
    const text = String(slider.scale.value(Number(slider.input.value)));
    patient.show(text);
    onEdit(setting.key, text);
  });
  return {
    root,
    explain,
    show(text) {
      patient.show(text);
      const value = Number(text);
      if (slider) showOnSlider(slider, text, value);
      // Microseconds are what the engine counts in, but not what people think in.
      if (setting.unit === 'µs') unit.textContent = value >= 1000 ? ` µs = ${duration(value / 1000)}` : ' µs';
    },
  };
}

/** @param {Setting} setting */
function makeSlider({ key, label, ui_min: min, ui_max: max, ui_step: step, log }) {
  if (typeof min !== 'number' || typeof max !== 'number' || typeof step !== 'number') return null;
  const scale = sliderScale({ min, max, step, log });
  const input = element('input', {
    type: 'range',
    min: scale.min,
    max: scale.max,
    step: scale.step,
    'aria-label': `${label}, slider`,
    id: `setting-${key}-slider`,
  });
  return { input, scale };
}

/**
 * @param {NonNullable<ReturnType<typeof makeSlider>>} slider
 * @param {string} text
 * @param {number} value
 */
function showOnSlider({ input, scale }, text, value) {
  if (!Number.isFinite(value)) return;
  if (document.activeElement !== input || text !== String(scale.value(Number(input.value)))) {
    input.value = String(text === '' ? scale.min : scale.position(value));
  }
  input.setAttribute('aria-valuetext', text === '' ? 'automatic' : number(value));
}
