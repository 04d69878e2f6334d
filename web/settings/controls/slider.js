// The arithmetic of sliders, linear and logarithmic.

/** Positions of a logarithmic slider. */
const POSITIONS = 400;

/**
 * @typedef {object} SliderScale
 * @property {number} min of the range input
 * @property {number} max of the range input
 * @property {number} step of the range input
 * @property {(position: number) => number} value at a position
 * @property {(value: number) => number} position of a value
 */

/**
 * @param {{min: number, max: number, step: number, log: boolean}} range
 * @returns {SliderScale}
 */
export function sliderScale({ min, max, step, log }) {
  if (!log) {
    return { min, max, step, value: (position) => position, position: (value) => Math.min(Math.max(value, min), max) };
  }
  const low = Math.log(Math.max(min, step));
  const span = Math.log(max) - low;
  return {
    min: 0,
    max: POSITIONS,
    step: 1,
    value: (position) => roundTo(twoDigits(Math.exp(low + (span * position) / POSITIONS)), step, min, max),
    position: (value) => {
      const share = (Math.log(Math.max(value, Number.MIN_VALUE)) - low) / span;
      return Math.round(Math.min(Math.max(share, 0), 1) * POSITIONS);
    },
  };
}

/** @param {number} value */
function twoDigits(value) {
  return Number(value.toPrecision(2));
}

/**
 * @param {number} value
 * @param {number} step
 * @param {number} min
 * @param {number} max
 */
function roundTo(value, step, min, max) {
  const rounded = Number((Math.round(value / step) * step).toPrecision(12));
  return Math.min(Math.max(rounded, min), max);
}
