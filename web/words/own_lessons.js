// Words of the lessons that a person brings along: a file or a link, what is wrong with it, and whether it is true.

import { count, plural } from '../shared/format.js';

export const OWN = {
  title: 'Your own lessons',
  all: 'All lessons',
  line: 'Where you are',
  yours: 'Your own lesson',
  intro:
    'A lesson is a file (JSON). Start from one of ours: change the texts and the settings, and open it here. It is ' +
    'checked as ours are, and stays in this tab until you close it.',
  open: 'Open a lesson (JSON)',
  template: 'Start from',
  save: 'Save as a file',
  drop: 'You can also drop the file here.',
  format: 'What stands in a lesson',
  remove: 'Remove',
  link: 'Link',
  copy: 'Copy the link',
  tooLong: 'This lesson is too long for a link (at most 16,000 characters): give its file.',
  linkHolds: 'The link holds the whole lesson: whoever opens it needs no file.',
  tryClaims: 'Try its claims on 20 seeds',
  cancel: 'Cancel',
  progress: 'Seeds that are done',
  problems: 'What is wrong',
};

/** How the link of a lesson gets shorter. */
export const SHORTER = 'A lesson with fewer words has a shorter link; its file can be given as well.';

/** @param {number} length of the link @param {number} most characters of a code */
export const noCodeWords = (length, most) =>
  `Its link has ${count(length)} characters, too many for a QR code (at most ${count(most)}).`;

export const OWN_FAILURES = {
  long: 'it is longer than a lesson may be',
  damaged: 'it is cut or damaged: copy the whole link again',
};

/** @param {string} title */
export const removeWords = (title) => `Remove “${title}”`;

/** @param {string} title */
export const tryWords = (title) => `Try the claims of “${title}” on 20 seeds`;

/** @param {string} title */
export const copyWords = (title) => `Copy the link to “${title}”`;

/** @param {string} title */
export const takenWords = (title) => `“${title}” is on your list.`;

/** @param {string} name of a file, or where else it came from @param {number} problems */
export const refusedWords = (name, problems) =>
  `${name} cannot be used yet: ${problems === 1 ? 'one thing is' : `${count(problems)} things are`} wrong.`;

/** @param {string} name @param {string} reason */
export const unreadableWords = (name, reason) => `${name} could not be read: ${reason}.`;

/** @param {number} more */
export const moreWords = (more) => `and ${count(more)} more`;

/** What a lesson from a link is called while it is not known to be one. */
export const LINKED = 'The lesson of this link';

/** The name of a lesson that this tab has not. */
export const OWN_GONE = 'This lesson was opened from a file in another tab: open the file again, or ask for its link.';

export const COPIED = 'The link is copied.';
export const NOT_COPIED = 'The browser does not allow copying. Open the lesson: its address is the link.';

/** @param {number} seeds @param {number} all */
export const seedsWords = (seeds, all) => `${seeds} of ${plural(all, 'seed')} done`;

/** @param {number} held @param {number} seeds @param {boolean} enough */
export const heldWords = (held, seeds, enough) => `${enough ? '✓' : '✗'} ${held} of ${seeds}`;

/** @param {string[]} figures */
export const missingWords = (figures) => `No run has these figures: ${figures.join(', ')}.`;

/** @param {boolean} all @param {number} must @param {number} seeds */
export const trialWords = (all, must, seeds) =>
  all
    ? `Every claim holds for at least ${must} of ${seeds} seeds, as those of our lessons do.`
    : `A claim that holds for fewer than ${must} of ${seeds} seeds is luck: say less, or make the difference larger.`;

/** @param {string} reason */
export const trialFailed = (reason) => `The runs could not be made: ${reason}.`;
