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
  rests: 'Evidence',
  reveal: 'Reveal',
  full: 'Full screen',
  fullHelp: 'Full screen (key F)',
  notFull: 'Leave full screen',
  leave: 'Leave',
  leaveHelp: 'Leave the presentation (Esc)',
  clock: 'Minutes of this lesson · of the class; a press hides them (key T)',
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
export const pathWords = (number, all) => `${number}/${all}`;

/**
 * How long it has been, in whole minutes.
 * @param {{lesson: number, class: number}} gone minutes
 * @param {{lesson: number|null, class: number|null}} planned minutes, null where nothing is planned
 */
export function clockWords(gone, planned) {
  const part = (/** @type {number} */ minutes, /** @type {number|null} */ all) =>
    all === null ? `${minutes} min` : `${minutes} of ${all} min`;
  const whole = planned.class === null ? `${gone.class} min` : `${gone.class} of ${planned.class}`;
  return `${part(gone.lesson, planned.lesson)} · class ${whole}`;
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

// --- The teacher's page ---

export const GUIDE = {
  title: 'For teachers',
  link: 'For teachers',
  intro:
    'All you need for a class of 45 minutes: this page on a projector and, if you like, on the phones of your students. ' +
    'There is nothing to install and no account. Every number is computed on the device in front of you, and the same ' +
    'lesson gives the same numbers on all of them.',
  path: 'The class path',
  lesson: 'Lesson',
  from: 'From minute',
  minutes: 'Minutes',
  open: 'Open',
  present: 'Present',
  worksheet: 'Worksheet',
  goes: 'How a lesson goes',
  keys: 'Keys',
  key: 'Key',
  does: 'What it does',
  clicker: 'A presenter’s clicker works, too: it sends Page Down, Page Up and, for the blank screen, a full stop.',
  notes: 'Notes on each lesson',
  notesIntro:
    'What to say first, what most people bet and why, what is right, and what to ask afterwards. First those of the class ' +
    'path, in its order.',
  print: 'Print this page',
  others: 'The other lessons of the course',
  students: 'How students open it',
  own: 'Your own lesson',
  ownIntro:
    'A lesson is a file of JSON in the same format as ours, with the same checks. Below the list of lessons you start ' +
    'from one of ours, open your file and are told what is wrong with it, and get a link that carries all of it.',
  format: 'The format of a lesson',
  before: 'Before the bet',
  bets: 'What people bet',
  after: 'Afterwards',
  running: 'Running the lesson for its figures …',
};

/** How a lesson goes, step by step: what it is called, and what to do. @type {[string, string][]} */
export const GUIDE_STEPS = [
  ['Question', 'Read it aloud, then the situation. Do not explain anything yet.'],
  [
    'Bet',
    'Ask for a show of hands, answer by answer, and count with the keys 1, 2 and 3. Let somebody argue for each answer ' +
      'before you show the bars.',
  ],
  ['Reveal', 'One press simulates it, here and now. Say how many were right and leave it at that.'],
  ['Pictures', 'Two clusters side by side. Ask where the waiting begins, and why there.'],
  ['Chart', 'The same in figures. Let the class read them to you.'],
  ['Why', 'Ask for the reason in one sentence before you show it. Each claim below it was checked on these very runs.'],
  ['Change', 'One thing to change: on the projector, or on the phones, as time allows.'],
];

/** The keys of a presentation, and what they do. @type {[string[], string][]} */
export const GUIDE_KEYS = [
  [['→', 'Page Down', 'Space'], 'the next step; after the last one the next lesson'],
  [['←', 'Page Up', 'Shift + Space'], 'the step before'],
  [['1', '2', '3'], 'a hand more for answer A, B or C; with Shift one fewer'],
  [['B', '.'], 'a blank screen, until the next key'],
  [['P'], 'plays the pictures, and stops them'],
  [['F'], 'full screen'],
  [['T'], 'hides the time, and shows it again'],
  [['Esc'], 'leaves the full screen, then the presentation'],
];

/** What to know about the students' side: what it is about, and what to do. @type {[string, string][]} */
export const GUIDE_STUDENTS = [
  [
    'The link',
    'Every lesson has a QR code, in the presentation, too: let the phones read it from the wall. The code is on the ' +
      'worksheets as well.',
  ],
  ['Phones', 'Any current browser will do. A lesson takes a bet, runs in about a second and keeps what was answered.'],
  [
    'No network',
    'After the first visit the page is kept on the device and works offline. Let students open it beforehand.',
  ],
  [
    'Only what is needed',
    'Under Share you choose what a link hides, whole groups with one press, and lock its settings. It is meant for ' +
      'teaching, not for secrets.',
  ],
  ['Paper', 'The worksheets have the questions without the results, for rooms without phones.'],
  ['A page of your own', 'Share has an embed code: it shows a lesson within your course’s page.'],
];

/**
 * How long the lessons of the path take.
 * @param {number} lessons
 * @param {number} minutes of all of them
 * @param {number} all of the class
 */
export function pathTimeWords(lessons, minutes, all) {
  const rest = all - minutes;
  const left = rest > 0 ? ` That leaves ${rest} of the ${all} for questions.` : '';
  return `${plural(lessons, 'lesson')} in about ${plural(minutes, 'minute')}.${left}`;
}

// --- Worksheets ---

export const SHEET = {
  title: 'Worksheet',
  link: 'Worksheet',
  pathLink: 'Worksheets for the class path',
  intro: 'A page per lesson: the question and room for answers, without results. It prints on A4 and on Letter.',
  print: 'Print the worksheet',
  answers: 'Add the answers for the teacher',
  running: 'Running the lessons for their answers …',
  back: 'Back to the lesson',
  name: 'Name',
  date: 'Date',
  bet: 'What do you expect? Tick one answer.',
  reason: 'My reason',
  draw: 'Draw the bars that you expect',
  fill: 'What happens? Fill it in',
  run: 'Run',
  why: 'Why? In one sentence',
  open: 'Open the lesson',
  given: 'with the link from your teacher',
  teacher: 'For the teacher',
  right: 'The right answer',
  happens: 'What happens',
  because: 'Why',
};

/** The figures of a teacher's sheet belong to a seed. @param {number} seed @param {string} streams of the lesson, in a sentence */
export const sheetSeedWords = (seed, streams) =>
  `Figures of seed ${seed}, as every device shows them at first. ${streams}`;

/** @param {string} title of the lesson */
export const answersWords = (title) => `Answers: ${title}`;
