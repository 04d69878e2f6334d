// Words of a lesson in front of a class: the presentation, the bets of the class, the teacher's page, the worksheets.

import { count, plural } from '../shared/format.js';

// --- The presentation ---

export const PRESENT = {
  start: 'Present',
  startHelp: 'Fill the window with one step at a time, in large type, for a projector',
  startPath: 'Present the class path',
  region: 'Presentation',
  bar: 'Controls of the presentation',
  steps: 'Steps of this lesson',
  back: 'Back',
  next: 'Next',
  reveal: 'Reveal',
  full: 'Full screen',
  fullHelp: 'Full screen (key F)',
  notFull: 'Leave full screen',
  leave: 'Leave',
  leaveHelp: 'Leave the presentation (Esc)',
  hideClock: 'Hide the time',
  showClock: 'Show the time',
  blank: 'The screen is blank. Press any key to go on.',
  nextLesson: 'Next lesson',
  end: 'The end',
};

/** What the steps of a lesson are called, by their id. @type {Record<string, string>} */
export const STEP_NAMES = {
  question: 'Question',
  bet: 'Bet',
  reveal: 'Reveal',
  pictures: 'Pictures',
  chart: 'Chart',
  why: 'Why',
  change: 'Change',
};

/** Read aloud when the step changes. @param {number} number @param {number} all @param {string} name */
export const stepWords = (number, all, name) => `Step ${number} of ${all}: ${name}`;

/** Where a lesson is on its path. @param {number} number @param {number} all */
export const pathWords = (number, all) => `${number} of ${all}`;

/**
 * How long it has been, in whole minutes.
 * @param {{lesson: number, class: number}} gone minutes
 * @param {{lesson: number|null, class: number|null}} planned minutes, null where nothing is planned
 */
export function clockWords(gone, planned) {
  const part = (/** @type {number} */ minutes, /** @type {number|null} */ all) =>
    all === null ? `${minutes} min` : `${minutes} of ${all} min`;
  return `${part(gone.lesson, planned.lesson)}, class ${part(gone.class, planned.class)}`;
}

// --- The bets of the class ---

export const BETS = {
  showBars: 'Show bars',
  hideBars: 'Hide bars',
  clear: 'Clear',
  keys: 'Keys 1, 2, 3 add a hand; with Shift they take one away.',
  wrong: 'Enter a whole number from 0 to 9,999.',
  region: 'Bets of the class',
  right: '✓ Right: ',
  bets: 'bets',
};

/** An answer by its letter. @param {number} index from 0 */
export const answerLetter = (index) => String.fromCharCode(65 + index);

/** @param {string} letter of the answer */
export const handsWords = (letter) => `Hands for answer ${letter}`;

/** @param {string} letter */
export const oneMoreWords = (letter) => `One hand more for answer ${letter}`;

/** @param {string} letter */
export const oneLessWords = (letter) => `One hand fewer for answer ${letter}`;

/** @param {number} total */
export const totalWords = (total) => (total === 0 ? 'No hands counted yet' : `${plural(total, 'hand')} in all`);

/**
 * How the class has bet; empty where nobody has.
 * @param {number} right hands for the right answer
 * @param {number} total
 */
export function rightWords(right, total) {
  if (total === 0) return '';
  if (right === 0) return total === 1 ? 'The only bet was wrong.' : `None of ${count(total)} was right.`;
  if (right === total) return total === 1 ? 'The only bet was right.' : `All ${count(total)} were right.`;
  return `${count(right)} of ${count(total)} ${right === 1 ? 'was' : 'were'} right.`;
}
