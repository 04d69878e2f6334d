// Words of the lessons' view. The lessons' own texts are data (web/views/lessons/course).

import { plural } from '../shared/format.js';

// --- The list ---

export const LIST = {
  title: 'Lessons',
  intro:
    'Each is a short experiment: read the question, say what you expect, then run it and see. Every number is ' +
    'measured live in your browser, and every claim is checked.',
  all: 'All lessons',
};

/** @param {string} id */
export const noSuchLesson = (id) => `There is no lesson “${id}”; these are all.`;

/** @param {string} reason */
export const lessonsMissing = (reason) => `The lessons could not be loaded: ${reason}.`;

/** @param {number} number @param {number} count */
export const placeWords = (number, count) => `Lesson ${number} of ${count}`;

// --- A lesson before it is run ---

export const LESSON = {
  expect: 'What do you expect?',
  choose: 'Choose first: a guess is all it takes.',
  run: 'Run it and see',
  cancel: 'Cancel',
  progress: 'Runs that are done',
};

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
  expected: 'You expected',
  turnsOut: 'It turns out',
  why: 'Why',
  chart: 'The runs side by side',
  chartShows: 'Chart shows',
  checked: 'Checked on these runs',
  holds: '✓ holds',
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

/** @param {number} seed */
export const seedWords = (seed) => `Seed ${seed} of 1 to 20. `;

/** @param {string} label of a run */
export const openWords = (label) => `Open “${label}” in the playground`;

/** @param {string} change in words */
export const openWithWords = (change) => `Open it with ${change}`;

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
  preemptions: [
    'Preemptions',
    'Times that a running request was evicted because the KV cache was full, to be computed again.',
  ],
  cache_hit_rate: ['Cache hits', 'Share of the KV blocks that were found in the prefix cache.'],
};

/** Whether a run shows its cluster to be overloaded, by how near it is to a yes. @type {Record<string, string>} */
export const OVERLOADED = { 0: 'no', 0.5: 'too short to tell', 1: 'yes' };
