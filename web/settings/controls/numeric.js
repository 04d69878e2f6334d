// A number: typed, or moved by a slider over the range that is interesting.

import { duration, number } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';
import { AUTO, AUTOMATIC_VALUE, MS, sliderName } from '../../words/settings.js';
import { isOptional } from '../settings.js';
import { field, onTyped, patientInput } from './field.js';
import { plainNumber } from './number_text.js';
import { sliderScale } from './slider.js';

/** @import {Setting} from '../../shared/types.d.ts' */
/** @import {Control, OnEdit} from './field.js' */

/**
 * @param {Setting} setting
 * @param {OnEdit} onEdit
 * @returns {Control & {input: HTMLInputElement, note: HTMLElement}}
 */
export function numericControl(setting, onEdit) {
  const input = element('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
    class: 'number',
    placeholder: isOptional(setting) ? AUTO : null,
  });
  const slider = makeSlider(setting);
  const { root, explain, unit, offer, note } = field(setting, input, slider ? [input, slider.input] : [input]);
  if (!slider) root.classList.add('without-slider');
  const patient = patientInput(input);

  onTyped(input, () => {
    patient.typed();
    onEdit(setting.key, asSetting(setting, plainNumber(input.value.trim())));
  });
  slider?.input.addEventListener('input', () => {
    const text = String(slider.scale.value(Number(slider.input.value)));
    patient.show(asShown(setting, text));
    onEdit(setting.key, text);
  });
  return {
    root,
    explain,
    offer,
    input,
    note,
    show(text) {
      patient.show(asShown(setting, text));
      const value = Number(text);
      if (slider) showOnSlider(setting, slider, text, value);
      if (isTime(setting)) setWords(unit, value >= 1e6 ? ` (${MS}) = ${duration(value / 1000)}` : ` (${MS})`);
    },
  };
}

/**
 * Microseconds are what the engine counts in, but not what people think in.
 * @param {Setting} setting
 */
function isTime({ unit }) {
  return unit === 'µs';
}

/**
 * What stands in the field for a value: times are in ms. What is no number stays as it was entered.
 * @param {Setting} setting
 * @param {string} text
 */
export function asShown(setting, text) {
  const value = Number(text);
  return isTime(setting) && text !== '' && Number.isFinite(value) ? String(value / 1000) : text;
}

/**
 * The value of the setting for what stands in the field.
 * @param {Setting} setting
 * @param {string} text
 */
export function asSetting(setting, text) {
  const value = Number(text);
  return isTime(setting) && text !== '' && Number.isFinite(value) ? String(Math.round(value * 1000)) : text;
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
    'aria-label': sliderName(label),
    id: `setting-${key}-slider`,
  });
  return { input, scale };
}

/**
 * @param {Setting} setting
 * @param {NonNullable<ReturnType<typeof makeSlider>>} slider
 * @param {string} text
 * @param {number} value
 */
function showOnSlider(setting, { input, scale }, text, value) {
  if (!Number.isFinite(value)) return;
  if (document.activeElement !== input || text !== String(scale.value(Number(input.value)))) {
    input.value = String(text === '' ? scale.min : scale.position(value));
  }
  const words = isTime(setting) ? duration(value / 1000) : number(value);
  input.setAttribute('aria-valuetext', text === '' ? AUTOMATIC_VALUE : words);
}
