// Which steps of an axis have a label: enough to read it, and none that runs into another.

import { linearSteps, logarithmicSteps } from './steps.js';

/** Least room between two labels of the x axis, and least height of one of the y axis, px. */
const BETWEEN = 12;
const ROW = 20;

/** About as many steps has an axis that spans too little for powers of ten. */
const FEW = 4;

/**
 * The steps of a logarithmic axis: where it spans less than a decade, round numbers that are evenly apart do.
 * @param {number} min
 * @param {number} max
 */
export function axisSteps(min, max) {
  const steps = logarithmicSteps(min, max);
  if (steps.length > 1 || !(min > 0 && max < Infinity)) return steps;
  const few = linearSteps(min, max, FEW);
  // Of 11.5 to 19.6, fives leave a single one.
  return few.length > 1 ? few : linearSteps(min, max, 2 * FEW);
}

/**
 * Fewer and fewer of some steps, the round ones last.
 * @param {number[]} steps
 */
function choices(steps) {
  const tens = steps.filter((step) => Number.isInteger(Math.log10(step)));
  const fewer = tens.length > 1 ? tens : steps;
  const every = (/** @type {number} */ nth) => fewer.filter((_step, i) => i % nth === 0);
  return [steps, fewer, every(2), every(3), every(4), [steps[0], steps[steps.length - 1]]];
}

/**
 * Steps beside each other, as many as can be read.
 * @param {number[]} steps
 * @param {(step: number) => number} place px
 * @param {(step: number) => number} width px of its label
 */
export function sideBySide(steps, place, width) {
  if (steps.length < 2) return steps;
  const fits = (/** @type {number[]} */ some) =>
    some.length > 1 &&
    some.every(
      (step, i) => i === 0 || place(step) - place(some[i - 1]) >= (width(step) + width(some[i - 1])) / 2 + BETWEEN,
    );
  return choices(steps).find(fits) ?? [steps[0]];
}

/**
 * Steps above each other, as many as an axis of this height can hold.
 * @param {number[]} steps
 * @param {number} height px
 */
export function stacked(steps, height) {
  return choices(steps).find((some) => some.length <= Math.max(height / ROW, 2)) ?? steps;
}

/**
 * How far apart labels of a linear axis have to be.
 * @param {(step: number) => number} width px of a label
 * @param {number} min
 * @param {number} max
 */
export function spaceFor(width, min, max) {
  const samples = [min, max, (min + max) / 2, min + (max - min) / 4];
  return Math.max(...samples.map((step) => width(Number(step.toPrecision(2))))) + 2 * BETWEEN;
}

/**
 * Words in lines that are as wide as their room; a word is never broken.
 * @param {string} label
 * @param {number} room px
 * @param {(text: string) => number} width px
 */
export function wrapTo(label, room, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of label.split(/\s+/)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && width(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}
