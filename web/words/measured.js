// Words of "Your measurements": results of a benchmark, and the coefficients that are fitted to them.

import { count, duration, number, plural } from '../shared/format.js';

/** @import {FittedCoefficient, FittedLatency, MeasuredFile} from '#engine' */

export const MEASURE = {
  title: 'Your measurements',
  close: 'Close',
  fit: 'Fit',
  again: 'Fit again',
  cancel: 'Cancel',
  name: 'Name',
  use: 'Use as latency model',
  progress: 'How far the fit has come',
  cancelled: 'The fit was cancelled.',
  fitTitle: 'Fit the latency model',
};

export const MEASURE_SOURCE = {
  intro:
    'Bring what a benchmark of your server has measured at a few rates: the latency model is fitted to it, as far as the ' +
    'measurements can tell. Results of vllm bench serve, SGLang, GuideLLM and AIPerf are read, and tables; best are 3 to 5 rates ' +
    'from idle to near saturation, and two prompt lengths.',
  choose: 'Choose files',
  paste: 'The result of a benchmark, or a table with a heading: rate, input tokens, output tokens, ttft (ms), itl (ms)',
};

export const TYPED = {
  title: 'Or type a table',
  note: 'Means at each rate; leave empty what you have not measured.',
  columns: ['Requests per second', 'Prompt tokens', 'Answer tokens', 'TTFT [ms]', 'ITL [ms]', 'Output tokens/s'],
  /** @param {string} column @param {number} row */
  cell: (column, row) => `${column}, row ${row}`,
  add: '+ another row',
  read: 'Read the table',
  name: 'typed table',
};

/** What the settings say was measured. @param {string} words */
export const aboutWords = (words) =>
  `Taken as measured on: ${words}. If your server is another one, change model, GPU, GPUs per instance, instances and batch limits first.`;

export const READ = {
  title: 'What was read',
  caption: 'What was measured, by rate',
  columns: ['Load', 'Prompt → answer tokens', 'TTFT [ms]', 'ITL [ms]', 'E2E [ms]', 'Output tokens/s', 'Requests'],
  left: 'Left out',
  lengths: 'Some rows do not say how long their requests were:',
  input: 'Mean prompt tokens',
  output: 'Mean answer tokens',
};

/** @param {MeasuredFile} file */
export const fileWords = ({ name, format, rows }) =>
  format === '' ? `${name}:` : `${name}: ${format}, ${plural(rows, 'row')}.`;

/** @param {number|null} input @param {number|null} output */
export const lengthsWords = (input, output) =>
  `${input === null ? '?' : number(input)} → ${output === null ? '?' : number(output)}`;

/** @param {number|null} rate @param {number|null} users */
export function loadWords(rate, users) {
  if (rate !== null) return `${number(rate)} ${rate === 1 ? 'request' : 'requests'}/s`;
  return users === null ? 'no rate' : `${count(users)} under way`;
}

/** @param {{doing: string, runs: number|bigint, simulated_requests: number|bigint}} progress */
export function progressWords({ doing, runs, simulated_requests: requests }) {
  const work = `${plural(Number(runs), 'run')}, ${plural(Number(requests), 'request')} simulated`;
  return `Fitting${doing === '' ? '' : `: ${doing}`} (${work})`;
}

export const FITTED = {
  title: 'What came of it',
  coefficients: 'Coefficients of the latency model',
  compared: 'Measured and predicted',
  columns: ['Coefficient', 'Value ± standard error', 'Before', 'From the measurements'],
  heads: ['Load', 'Figure', 'Measured', 'Predicted', 'Error'],
  determined: 'determined',
  kept: 'kept',
  measured: 'measured',
  predicted: 'predicted',
  before: 'predicted before the fit',
};

/** @type {Record<string, {label: string}>} */
export const QUANTITIES = {
  ttft: { label: 'TTFT mean' },
  itl: { label: 'ITL mean' },
  e2e: { label: 'E2E mean' },
  throughput: { label: 'Output tokens/s' },
};

export const AXIS = { rate: 'requests per second', users: 'requests under way' };

/** @param {string} quantity @param {number} value */
export const quantityWords = (quantity, value) => (quantity === 'throughput' ? `${number(value)}/s` : duration(value));

/** @param {number} value */
export const percentWords = (value) => `${value < 0 ? '−' : '+'}${number(Math.abs(Math.round(value * 10) / 10))}%`;

/** @param {FittedLatency} fitted */
export function errorWords({ error_percent: error, error_before_percent: before, coefficients }) {
  const determined = coefficients.filter((each) => each.determined).length;
  const many = `${count(determined)} of ${plural(coefficients.length, 'coefficient')} determined`;
  return `Relative error ${number(error)}% (before the fit ${number(before)}%), ${many}`;
}

/** @param {number} value @param {string} unit */
export const unitWords = (value, unit) => `${number(value)}${unit === '' ? '' : ` ${unit}`}`;

/** @param {FittedCoefficient} coefficient */
export const valueWords = ({ value, unit, standard_error: error }) =>
  typeof error === 'number' ? `${number(value)} ± ${unitWords(error, unit)}` : unitWords(value, unit);

/** @param {string} label @param {{at: number, measured: number, predicted: number}[]} points ascending */
export function chartSummary(label, points) {
  const [first, last] = [points[0], points[points.length - 1]];
  const words = (/** @type {typeof first} */ { at, measured, predicted }) =>
    `${duration(measured)} measured and ${duration(predicted)} predicted at ${number(at)}`;
  return `${label}: ${words(first)}; ${words(last)}.`;
}

/** @param {string} name */
export const usedWords = (name) => `Latency as measured: ${name}.`;

/** @param {string} reason */
export const failedWords = (reason) => `It could not be fitted: ${reason}.`;

/** @param {{note: string}} measured */
export const keptLine = ({ note }) => note;
