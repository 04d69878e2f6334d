// Words of what is cut out of traffic and how it is scaled: each step, its fields, and what is wrong with them.

import { count, number } from '../shared/format.js';

/** The steps in the order in which they are applied: the name of each, what it does, and its fields. */
export const STEP_WORDS = {
  window: {
    name: 'Time window',
    add: 'A time window',
    help: 'Keeps what arrives from one time to before another. Times then count from the beginning of the window.',
    fields: { from_us: 'from', to_us: 'to' },
    unit: 's',
  },
  filters: {
    name: 'Only rows with',
    add: 'Only some rows (filter)',
    help: 'Keeps the rows that pass. Several filters have to be passed all.',
    fields: { field: 'field', is: 'comparison', value: 'value' },
  },
  every: {
    name: 'Every k-th row',
    add: 'Every k-th row',
    help: 'Thins the traffic out evenly: rows 1, 1 + k, 1 + 2k and so on are kept.',
    fields: { every: 'k' },
  },
  sample: {
    name: 'Random share',
    add: 'A random share of the rows',
    help: 'Thins the traffic out at random. The same seed chooses the same rows.',
    fields: { sample: 'share', seed: 'seed' },
    unit: '%',
  },
  first: {
    name: 'First rows',
    add: 'The first rows',
    help: 'Keeps so many rows from the beginning of what is left.',
    fields: { first: 'rows' },
  },
  clip_input: {
    name: 'Longest prompt',
    add: 'Cut long prompts',
    help: 'Longer prompts are cut to this. Their block hashes are cut as well.',
    fields: { clip_input: 'tokens' },
  },
  clip_output: {
    name: 'Longest answer',
    add: 'Cut long answers',
    help: 'Longer answers are cut to this.',
    fields: { clip_output: 'tokens' },
  },
  input_scale: {
    name: 'Prompts',
    add: 'Scale prompts',
    help: 'Multiplies the length of every prompt. Block hashes no longer fit and are left out.',
    fields: { input_scale: 'times' },
  },
  output_scale: {
    name: 'Answers',
    add: 'Scale answers',
    help: 'Multiplies the length of every answer.',
    fields: { output_scale: 'times' },
  },
  spread: {
    name: 'Spread equal times',
    add: 'Spread equal times',
    help: 'Rows of one time are spread evenly until the next: for files with whole seconds or another coarse clock.',
    fields: {},
  },
  speed: {
    name: 'Speed',
    add: 'Change the speed',
    help:
      'Above 1 requests come faster. Tools have two opposite conventions, so both are shown: a speed of 2 is a time ' +
      'scale of 0.5.',
    fields: { speed: 'speed', time_scale: 'time scale' },
  },
  rate: {
    name: 'Mean rate',
    add: 'Reach a mean rate',
    help: 'Changes the speed so that so many requests come per second on average.',
    fields: { rate: 'requests/s' },
  },
  repeat: {
    name: 'Repeat',
    add: 'Repeat',
    help: 'Plays the traffic several times in a row. By default a repetition finds the prefixes of the one before cached.',
    fields: { repeat: 'times', repeat_fresh: 'prefixes of its own each time' },
  },
};

/** What a filter looks at. */
export const FILTER_FIELDS = {
  input: 'prompt tokens',
  output: 'answer tokens',
  total: 'tokens together',
  round: 'round',
  class: 'class',
  tenant: 'tenant',
  client: 'client (model)',
  session: 'session',
};

export const COMPARISONS = {
  '<=': 'at most',
  '>=': 'at least',
  '=': 'equal to',
  '!=': 'other than',
  '<': 'below',
  '>': 'above',
};

export const STEPS = {
  title: 'Cut and scale',
  intro: 'Applied from top to bottom. The file stays as it is.',
  none: 'All rows are used as they are.',
  add: 'Add a step',
  choose: 'Choose …',
  list: 'Steps, in the order in which they are applied',
};

/** @param {string} step */
export const removeStepWords = (step) => `Remove “${step}”`;

/** @param {number} rows */
export const rowsLeftWords = (rows) => `→ ${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;

/** What is wrong with a text, as a sentence. */
export const ENTER = {
  number: 'Enter a number.',
  whole: 'Enter a whole number.',
  seconds: 'Enter a time in seconds, such as 90, or with a unit, such as 1.5 h.',
  percent: 'Enter a share in percent, above 0 and at most 100.',
};

/** @param {number} speed */
export const timeScaleWords = (speed) => number(1 / speed);
