// Words of the lessons' view. The lessons' own texts are data (web/views/lessons/course).

import { count, number, plural } from '../shared/format.js';
import { OWN_GONE } from './own_lessons.js';

// --- The list ---

export const LIST = {
  title: 'Lessons',
  intro:
    'Each is a short experiment: read the question, say what you expect, then run it and see. Every number is ' +
    'measured live in your browser, and every claim is checked.',
  all: 'All lessons',
};

/** @param {string} id */
export const noSuchLesson = (id) => (id.startsWith('own:') ? OWN_GONE : `There is no lesson “${id}”; these are all.`);

/** @param {string} reason */
export const lessonsMissing = (reason) => `The lessons could not be loaded: ${reason}.`;

// --- The course ---

export const COURSE = {
  line: 'Course',
  begin: 'Begin with the first',
  /** @param {string} title of a lesson */
  goOn: (title) => `Go on: ${title}`,
  forget: 'Start the course over',
  right: 'You were right',
  wrong: 'It turned out otherwise',
  /** @param {number} done @param {number} all */
  done: (done, all) => (done === all ? `All ${all} lessons done.` : `${done} of ${all} lessons done.`),
  /** @param {number} minutes */
  way: (minutes) => `If you have ${minutes} minutes`,
  /** @param {number} minutes */
  inClass: (minutes) => `in the ${minutes} minutes`,
};

/** @param {number} minutes */
export const minutesWords = (minutes) => `${minutes} min`;

/** The way through the course for a class. @param {number} lessons @param {number} minutes that they take */
export const wayWords = (lessons, minutes) =>
  `These ${lessons} build on one another. Together they take about ${minutes} minutes; the rest is for what you say about them.`;

/** Where one is in the course. @param {number} number @param {number} all @param {number} minutes */
export const hereWords = (number, all, minutes) => `Lesson ${number} of ${all} · ${minutesWords(minutes)}`;

/**
 * One lesson in the line of all.
 * @param {number} number @param {string} title @param {'right'|'wrong'|null} bet
 */
export function stepWords(number, title, bet) {
  const done = bet === null ? '' : ` (done: ${COURSE[bet].toLowerCase()})`;
  return `Lesson ${number}: ${title}${done}`;
}

// --- A lesson before it is run ---

export const LESSON = {
  expect: 'What do you expect?',
  choose: 'Choose first: a guess is all it takes.',
  run: 'Run it and see',
  cancel: 'Cancel',
  progress: 'Runs that are done',
  about: 'What exactly runs',
  /** @param {number} answers */
  keys: (answers) => `Keys: 1 to ${answers}, then Enter`,
};

/** By whose rules the runs draw random numbers: one line below the situation. @type {Record<string, string>} */
const STREAMS_OF = {
  independent: 'Independent random streams: nothing differs between the runs but what is changed.',
  reference: 'Random streams as in BLIS.',
};

/** @param {string} streams a value of the setting */
export const streamsWords = (streams) => STREAMS_OF[streams] ?? '';

/** What will be run. @param {string[]} labels of the runs @param {string} change what differs between them */
export const runsWords = (labels, change) => `${plural(labels.length, 'run')}: ${labels.join('; ')}. ${change}`;

/** @param {number} finished @param {number} all */
export const doneWords = (finished, all) => `${finished} of ${plural(all, 'run')} done`;

/** @param {string} failure */
export const failureWords = (failure) => `${failure}.`;

// --- From step to step ---

/** What leads on to a step that only runs can show. @type {Record<string, string>} */
export const ONWARD = {
  pictures: 'See both at work',
  chart: 'Show the figures',
  why: 'Why?',
  change: 'Now change one thing',
  all: 'Show all of it',
};

// --- What its runs have shown ---

export const RESULTS = {
  heading: 'What happens',
  right: '✓ You were right.',
  wrong: 'Not this time.',
  expected: 'You expected',
  turnsOut: 'It turns out',
  why: 'Why',
  pictures: 'Both at work',
  chart: 'The runs side by side',
  all: 'All figures, run by run',
  one: 'One figure of all runs',
  chartShows: 'Chart shows',
  rests: 'This rests on',
  restsHere: 'It rests on this, checked on the runs that you have just seen:',
  checked: 'Also checked on these runs',
  holds: '✓ holds',
  holdsShort: '✓',
  fails: '✗ not here',
  luck: 'A lesson’s claims hold for at least 19 of 20 seeds; this is one where luck decided otherwise.',
  another: 'Run with another seed',
  change: 'One thing to change',
  last: 'This was the last lesson. ',
  next: 'Next lesson: ',
  table: 'Figures of the runs; a run’s name opens it in the playground',
  tableRegion: 'Figures of the runs',
  run: 'Run',
  meanings: 'What the figures mean',
};

/** How many claims hold on the runs that were just made. @param {number} right @param {number} all */
export const checkedWords = (right, all) =>
  right === all
    ? `All ${all} claims of this lesson were checked on the runs that you have just made.`
    : `${right} of ${all} claims of this lesson hold on the runs that you have just made.`;

/** @param {number} seed */
export const seedWords = (seed) => `Seed ${seed} of 20. `;

/** @param {string} label of a run */
export const openWords = (label) => `Open “${label}” in the playground`;

/** @param {string} change in words */
export const openWithWords = (change) => `Open it with ${change}`;

// --- One thing to change ---

export const CHANGE = {
  working: 'Running …',
  before: 'Before',
  after: 'After',
};

/** @param {string} change in words */
export const tryWords = (change) => `Try it here: ${change}`;

/** @param {string} label of the run before @param {string} change */
export const changedWords = (label, change) => `${label}, and then with ${change}`;

// --- Two pictures side by side ---

/** @param {number[]} slots that are marked, on the left and on the right */
function linesWords(slots) {
  if (slots.length === 0) return '';
  const same = slots.every((each) => each === slots[0]);
  return ` The line marks the ${same ? count(slots[0]) : slots.map(count).join(' and ')} slots of an instance.`;
}

export const PICTURES = {
  opening: 'Drawing both clusters …',
  play: 'Play',
  pause: 'Pause',
  again: 'Play again',
  time: 'Time',
  waiting: 'Waiting now',
  answering: 'Answering',
  wait: 'TTFT p99',
  over: 'This test is over',
  /** What a dot is, and what a line. @param {number} requests @param {number[]} slots that are marked */
  legend: (requests, slots) =>
    `Each dot is ${plural(requests, 'request')}.${linesWords(slots)} TTFT p99 is that of the whole run: 99 of 100 first tokens come sooner.`,
};

/** A time of both pictures. @param {number} seconds */
export const clockWords = (seconds) => `${seconds.toFixed(1)} s`;

/** A moment of a cluster. @typedef {{seconds: number, allWaiting: number, allRunning: number}} Moment */

/** @param {string} label of the run @param {Moment} moment */
export const pictureWords = (label, { seconds, allWaiting, allRunning }) =>
  `${label} after ${clockWords(seconds)}: ${count(allWaiting)} waiting, ${count(allRunning)} being answered.`;

/** What both pictures show. @param {{label: string, frame: Moment}[]} moments */
export const momentsWords = (moments) => moments.map(({ label, frame }) => pictureWords(label, frame)).join(' ');

// --- Figures ---

/** @param {string} label of the figure @param {string} value */
export const sameInAll = (label, value) => `${label} is ${value} in all runs.`;

/**
 * The range of a figure over the runs.
 * @param {string} label of the figure
 * @param {{value: string, label: string}} low
 * @param {{value: string, label: string}} high
 * @param {string} factor between them, empty if there is none
 */
export function rangeWords(label, low, high, factor) {
  const times = factor === '' ? '' : `, a factor of ${factor}`;
  return `${label} ranges from ${low.value} (${low.label}) to ${high.value} (${high.label})${times}.`;
}

/** How many times as much as the least the most is. @param {number} factor */
export const factorWords = (factor) => `${number(Number(factor.toPrecision(2)))}×`;

/** @param {string} times */
export const factorHelp = (times) => `${times} the shortest bar`;

/** The figures by path: what each is called, and what it says. */
export const METRIC_WORDS = {
  'ttft.p99_ms': ['TTFT p99', 'Time to first token that 99 of 100 requests stay below.'],
  'ttft.mean_ms': ['TTFT mean', 'Time to first token, on average.'],
  'itl.mean_ms': ['ITL mean', 'Gap between two tokens of an answer (inter-token latency), on average.'],
  'e2e.mean_ms': ['E2E mean', 'Time from sending a request to its last token (end to end), on average.'],
  overloaded: ['Overloaded', 'Whether more arrives than is served: then p99 measures the length of the run.'],
  'limits.step_budget': [
    'Waits: step budget',
    'Share of the time in which requests waited because the token budget of the step was used up.',
  ],
  'limits.slots': ['Waits: slots', 'Share of the time in which requests waited because all slots were taken.'],
  'limits.kv_blocks': [
    'Waits: KV blocks',
    'Share of the time in which requests waited because the KV cache had no room for them.',
  ],
  'theory.ceilings.prefill': ['Prompts read', 'Prompts per second that one instance can read if it does nothing else.'],
  'theory.excess.excess': [
    'Excess',
    'Arrivals per second and instance minus what an instance can serve for long; below 0 there is room left.',
  ],
  'theory.excess.capacity': ['Capacity', 'Requests per second that one instance can serve for long.'],
  'theory.occupancy.slots_measured': ['Slots in use', 'Running requests, as a share of the most that may run.'],
  mean_regret: [
    'Regret mean',
    'How far the chosen instance was behind the best one at that moment, on average, as load: requests that wait or run count twice, those on their way once.',
  ],
  busiest_share: ['Busiest instance', 'Share of all routed requests that the busiest instance got.'],
  'good.requests': ['Good answers', 'Requests that were answered within their latency target.'],
  rejected: ['Rejected', 'Requests that admission turned away.'],
  lost: ['Lost', 'Requests that were at an instance when it crashed.'],
  preemptions: [
    'Preemptions',
    'Times that a running request was evicted because the KV cache was full, to be computed again.',
  ],
  'conversations.metrics.ttft_warm.mean_ms': [
    'TTFT of later turns, mean',
    'Time to first token of all turns of conversations but the first.',
  ],
  'conversations.metrics.duration.mean_ms': [
    'Conversation, mean',
    'From the first turn to the last answer, thinking and tool calls included.',
  ],
  'conversations.moved': ['Turns that moved', 'Later turns that ran on another instance than the turn before.'],
  cache_hit_rate: [
    'Cache hits',
    'Share of the KV blocks that were found in the prefix cache, as the mean over the instances; what came back from a CPU tier counts.',
  ],
};

/** Whether a run shows its cluster to be overloaded, by how near it is to a yes. @type {Record<string, string>} */
export const OVERLOADED = { 0: 'no', 0.5: 'too short to tell', 1: 'yes' };
