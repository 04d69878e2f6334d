// Words of the dialogs in which people bring their own: models, GPUs and measurements.

import { number } from '../shared/format.js';

export const CLOSE = 'Close';

export const SOURCE = {
  title: 'Where it comes from',
  drop: 'or drop it here',
  private: 'It stays on this machine: it is read in your browser, and nothing is sent anywhere.',
  pasteTitle: 'Or paste it',
  read: 'Read',
};

/** @param {string} name @param {number} most bytes */
export const tooLargeWords = (name, most) => `${name} is larger than ${number(most / 1e6)} MB.`;

/** @param {string} text */
export const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** @param {string} name of the file; empty if it was pasted @param {string} reason */
export const notRead = (name, reason) => sentence(`${name === '' ? 'it' : `“${name}”`} cannot be read: ${reason}`);

export const NAME_NEEDED = 'Enter a name.';

/** @param {boolean} optional */
export const numberNeeded = (optional) => `Enter a number${optional ? ', or leave it empty' : ''}.`;

/** @param {{expected: string}} problem */
export const expectedWords = ({ expected }) => `Enter ${expected}.`;

export const KEPT = {
  title: 'Kept in this browser',
  use: 'Use',
  remove: 'Remove',
  inUse: 'in use',
};

/** @param {string} name */
export const keptRemoved = (name) => `${name} is no longer kept.`;

// --- GPU ---

export const GPU = {
  title: 'Your GPU',
  figures: 'Its figures',
  start: 'Start from',
  which: 'Which of them',
  unnamed: 'without a name',
  name: 'Name',
  use: 'Use this GPU',
  dense:
    'Rates are without sparsity: data sheets print twice as much in large type. Memory is what the driver reports. Empty rates are rates that it does not have.',
};

export const GPU_SOURCE = {
  intro: 'Change the figures of a GPU below, or bring a table: {"NAME": {"TFlopsPeak": 989.5, "BwPeakTBs": 3.35, …}}.',
  choose: 'Choose a file',
  paste: 'A table of GPUs, in JSON',
};

/** The figures of the form by id. @type {Record<string, {label: string, unit: string}>} */
export const GPU_FIGURES = {
  memory: { label: 'Memory', unit: '[GiB]' },
  bandwidth: { label: 'Bandwidth', unit: '[TB/s]' },
  bf16: { label: 'Rate in 16 bits', unit: '[TFLOP/s]' },
  fp8: { label: 'Rate in fp8', unit: '[TFLOP/s]' },
  fp4: { label: 'Rate in fp4', unit: '[TFLOP/s]' },
  prefill: { label: 'Share of the peak, prefill', unit: '[0–1]' },
  decode: { label: 'Share of the peak, decode', unit: '[0–1]' },
  price: { label: 'Price', unit: '[$ per hour]' },
};

/** Where figures come from that were typed in. */
export const GPU_FIGURES_SOURCE = 'entered by hand';

/** @param {string} name */
export const copyName = (name) => `My ${name}`;

/** @param {string} name of the GPU that they were fitted to */
export const borrowedFrom = (name) =>
  `The two shares of the peak are those that were fitted to ${name}: on another GPU they are borrowed. Your measurements can tell.`;

/** @param {string} name */
export const gpuUsed = (name) => `${name} is the GPU now.`;
