// Words of the dialog "Your traffic": a file of requests, what it is, and what is taken from it.

import { count, duration, number, plural } from '../shared/format.js';

export const TRAFFIC = {
  title: 'Your traffic',
  open: 'Your traffic …',
  openNote: 'Simulate the requests of a file: a public trace, a log, the result of a benchmark.',
  change: 'Change …',
  close: 'Close',
  intro:
    'Bring the requests that you have: a public trace (Azure, BurstGPT, Mooncake and others), the result of a benchmark ' +
    '(vLLM, GuideLLM, AIPerf and others), or any table or list of objects with a time, a prompt length and an answer ' +
    'length. Gzip is fine.',
  private: 'The file stays on this machine: it is read in your browser, and nothing is sent anywhere.',
  choose: 'Choose a file',
  another: 'Another file',
  drop: 'or drop it anywhere on the page',
  pasteTitle: 'Or paste rows',
  paste: 'Rows, with the names of their columns in the first line',
  read: 'Read',
  pastedName: 'pasted rows',
  reading: 'How much of the file has been read',
  cancel: 'Cancel',
  again: 'Read it again',
  stopped: 'Reading was cancelled.',
  use: 'Use as workload',
  measured: 'Fit the latency model to it …',
  measuredNote: 'It is the result of a benchmark: what it has measured can calibrate the latency model.',
  using: 'Preparing the requests …',
  name: 'Name',
  horizon: 'End the run at twice the last arrival, as BLIS does',
  horizonNote: 'Without it the run goes on until every request is done.',
  old: 'The figures below are of before the last change.',
};

// --- Reading ---

/** @param {number} bytes */
export function bytesWords(bytes) {
  if (bytes < 1000) return plural(bytes, 'byte');
  if (bytes < 1e6) return `${number(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${number(bytes / 1e6)} MB` : `${number(bytes / 1e9)} GB`;
}

/** @param {string} name @param {number} bytes @param {boolean} gzip */
export const fileWords = (name, bytes, gzip) => `${name} · ${bytesWords(bytes)}${gzip ? ', gzip' : ''}`;

/** @param {number} bytes @param {number} total @param {number} rows */
export const readingWords = (bytes, total, rows) =>
  `Reading: ${bytesWords(bytes)} of ${bytesWords(total)}, ${plural(rows, 'row')} so far`;

/** Longest text of a file, and longest message about one, that is shown, characters. */
const [MOST_OF_A_NAME, MOST_OF_A_MESSAGE] = [60, 1200];

/** @param {string} text @param {number} most */
const upTo = (text, most) => (text.length > most ? `${text.slice(0, most)} …` : text);

/** A name in a file, which can be of any length. @param {string} name */
export const shortName = (name) => upTo(name, MOST_OF_A_NAME);

/** @param {string} message */
export const refusedWords = (message) => `It cannot be read like this: ${upTo(message, MOST_OF_A_MESSAGE)}.`;

/** @param {string} reason */
export const brokeWords = (reason) => `Reading stopped (${reason}).`;

// --- What the file is ---

export const FORMAT = {
  title: 'What it is',
  format: 'Format',
  credit: 'Data',
  delimiter: 'Separator',
  decimal: 'Decimal mark',
  header: 'First line',
  map: 'Map the columns yourself',
  automatic: 'recognised',
};

export const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'vertical bar' };
export const DECIMALS = { '.': 'point: 1.5', ',': 'comma: 1,5' };
export const HEADERS = { true: 'names of columns', false: 'already a request' };

export const TABLE = {
  title: 'First rows',
  caption: 'The first rows of the file, with what each column holds',
  role: 'holds',
  unit: 'in',
  empty: 'No row has been read yet.',
};

/** @param {string} column */
export const roleLabel = (column) => `What “${shortName(column)}” holds`;

/** @param {string} column */
export const unitLabel = (column) => `What the times of “${shortName(column)}” count`;

/** Roles that only known formats give, and that no mapping names. @type {Record<string, string>} */
export const OTHER_ROLES = {
  delay: 'wait after the answer before',
  text: 'the prompt as text',
  parent: 'the chat that goes on',
  phase: 'phase of a benchmark',
  ttft_unit: 'unit of the measured time',
  e2e_unit: 'unit of the measured time',
  first_token: 'measured time of the first token',
  end: 'measured time of the end',
};

export const UNITS = { s: 'seconds', ms: 'milliseconds', us: 'microseconds', ns: 'nanoseconds', date: 'dates' };

/** @param {string} unit @param {number} spanS @param {number|null} rate */
export const unitWords = (unit, spanS, rate) =>
  `${unit}: ${spanWords(spanS)}${rate === null ? '' : `, ${number(rate)}/s`}`;

// --- Questions ---

export const QUESTIONS = { title: 'Questions', usual: ' (usual)' };

// --- What was read ---

export const READ = {
  title: 'What was read',
  rows: 'Rows',
  dropped: 'Dropped',
  zero: 'Time zero',
  reasons: 'Rows that are left out, by reason',
  notes: 'Remarks',
};

/** @param {{read: number, kept: number, dropped: number, blank: number}} counts */
export function countsWords({ read, kept, dropped, blank }) {
  const empty = blank === 0 ? '' : `, ${plural(blank, 'blank line')}`;
  return `${count(read)} read: ${count(kept)} kept, ${count(dropped)} dropped${empty}`;
}

/** @param {{reason: string, rows: number, first_line: number, value: string}} dropped */
export const droppedWords = ({ reason, rows, first_line: line, value }) =>
  `${count(rows)} × ${reason} (first in line ${count(line)}${value === '' ? '' : `: “${value}”`})`;

/** @param {string} question */
export const keptIfWords = (question) => `The question “${question}” can keep them.`;

/** @param {number} rows */
export const outOfOrderWords = (rows) =>
  rows === 1 ? '1 row was out of order and was sorted' : `${count(rows)} rows were out of order and were sorted`;

/** @param {number} rows */
export const equalTimesWords = (rows) =>
  `${rows === 1 ? '1 request arrives' : `${count(rows)} requests arrive`} at the same time as the one before`;

// --- What is simulated ---

export const FIGURES = {
  title: 'What will be simulated',
  requests: 'Requests',
  span: 'Time span',
  mean: 'Mean rate',
  peak: 'Peak',
  input: 'Prompt',
  output: 'Answer',
  sharing: 'Shared prefixes',
  together: 'all at one time',
  arrivals: 'Arrivals over time',
  perSecond: 'Requests per second',
  requestsAxis: 'Requests',
  timeAxis: 'Time [s]',
  tokensAxis: 'Tokens (logarithmic)',
  inputs: 'Prompt lengths',
  outputs: 'Answer lengths',
  time: 'Time',
  tokens: 'Tokens',
};

/** @param {number} seconds */
export function spanWords(seconds) {
  if (seconds >= 172_800) return `${number(seconds / 86_400)} days`;
  return seconds >= 7200 ? `${number(seconds / 3600)} h` : duration(seconds * 1000);
}

/** @param {number|null} rate */
export const rateWords = (rate) => (rate === null ? FIGURES.together : `${number(rate)} requests/s`);

/** @param {{peak_1s: number, peak_10s: number, peak_60s: number}} traffic */
export const peakWords = ({ peak_1s: second, peak_10s: ten, peak_60s: minute }) =>
  `${count(second)} in a second, ${count(ten)} in ten, ${count(minute)} in a minute`;

/** @param {{mean: number, p50: number, p99: number, max: number}} lengths */
export const lengthsWords = ({ mean, p50, p99, max }) =>
  `mean ${number(mean)}, median ${number(p50)}, p99 ${number(p99)}, longest ${count(max)} tokens`;

/** @param {import('#engine').TraceSharing} sharing */
export function sharingWords({ hit_ratio: ratio, rows_with_hit: rows, hash_block: block, blocks }) {
  const found = `a cache without limit would find ${number(Math.round(ratio * 1000) / 10)}% of the prompt tokens, in ${plural(rows, 'request')}`;
  return block === 0 ? found : `${found} (${count(blocks)} different blocks of ${count(block)} tokens)`;
}

/** @param {number} blocks @param {number} tokens @param {number} instances */
export const cacheWords = (blocks, tokens, instances) =>
  `each of ${plural(instances, 'instance')} holds ${count(blocks)} blocks, ${count(tokens)} tokens`;

/** @param {{rows: number, span_s: number, mean_rate: number|null}} traffic */
export const resultWords = ({ rows, span_s: span, mean_rate: rate }) =>
  `${plural(rows, 'request')} in ${spanWords(span)}, ${rateWords(rate)}`;

/** @param {number} rows @param {number} limit */
export const longerWords = (rows, limit) =>
  `${plural(rows, 'request')} ${rows === 1 ? 'is' : 'are'} longer than ${count(limit)} tokens, prompt and answer together: ` +
  'the model of the present settings would drop or cut them.';

/** @param {import('#engine').TraceTraffic} traffic */
export const arrivalsSummary = ({ rows, span_s: span, mean_rate: rate }) =>
  `${plural(rows, 'request')} in ${spanWords(span)}${rate === null ? '' : `, ${number(rate)} per second on average`}.`;

/** @param {import('#engine').TraceLengths} lengths */
export const lengthsSummary = ({ p50, p99, max }) =>
  `Half have at most ${number(p50)} tokens, 99 of 100 at most ${number(p99)}; the longest has ${count(max)}.`;

/** @param {number} from @param {number} to */
export const tokensBetween = (from, to) => `${count(from)} to ${count(to)} tokens`;

/** @param {number} from s @param {number} to s */
export const timeBetween = (from, to) => `${number(from)} to ${number(to)} s`;

// --- The lists that the browser keeps ---

export const KEPT = {
  title: 'Kept in this browser',
  none: 'None yet. Traffic that you use is kept here, so that a reload and other tabs find it again.',
  use: 'Use',
  rename: 'Rename',
  remove: 'Remove',
  save: 'Save',
  newName: 'New name',
  inUse: 'in use',
};

/** @param {number} bytes @param {number} most */
export const usedWords = (bytes, most) => `${bytesWords(bytes)} of ${mebibytes(most)} used.`;

/** @param {number} bytes */
const mebibytes = (bytes) => `${number(bytes / 2 ** 20)} MiB`;

/** @param {{requests: number, bytes: number, usedAt: number, made: string}} list */
export const keptWords = ({ requests, bytes, usedAt, made }) =>
  [plural(requests, 'request'), bytesWords(bytes), `used ${dayWords(usedAt)}`, made]
    .filter((part) => part !== '')
    .join(' · ');

/** A day as everybody reads it. @param {number} time ms since 1970 */
function dayWords(time) {
  const day = new Date(time);
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** @param {string} name */
export const removedWords = (name) => `${name} is no longer kept.`;

/** @param {string} name */
export const namedButton = (name) => ` ${name}`;

/** @param {string[]} names of lists that were given up */
export const goneWords = (names) => `No longer kept, to make room: ${names.join(', ')}.`;

export const NOT_KEPT =
  'This browser keeps nothing for the page, so the requests are only in this tab: a reload forgets them.';

/** @param {string} reason */
export const notUsedWords = (reason) => `It could not be used: ${reason}.`;

/** What was read and how, for the list of kept ones. @param {string} format @param {string[]} steps */
export const madeWords = (format, steps) => [format, ...steps].join('; ');

/** @param {string} name */
export const chooseAgainWords = (name) => `To change it, choose its file again (${name}): it is then read as before.`;

/** @param {string} name */
export const usedNowWords = (name) => `${name} is the workload now.`;
