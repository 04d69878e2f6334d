// Words of the menu "Share": links, the command line, embedding, files in and out.

import { count } from '../shared/format.js';

export const SHARE = {
  button: 'Share',
  region: 'Share and export',
  link: 'Link',
  command: 'Command line',
  embed: 'Embed code',
  embedNote: 'Shows this view in another page, without settings.',
  copy: 'Copy',
  take: 'Download',
  bring: 'Open a file',
  bringNote:
    'A configuration, results, a workload specification, a policy file, requests (a public trace, any table), the config.json of a model, a GPU, or the results of a benchmark. ' +
    'You can also drop it anywhere on the page.',
  stop: 'Stop',
  linkTooLong:
    'The list of requests is too long for a link and is not part of it. Share the configuration or the trace as well.',
  /** Whether BLIS gives the same is a matter of the streams. */
  sameRun: {
    reference:
      'Runs the same simulation and gives the same digest. BLIS itself prints the same figures, digit by digit, if it has all of these flags and no note at the result says otherwise.',
    independent:
      'Runs the same simulation and gives the same digest. BLIS prints other figures: these random streams are independent, which it does not have.',
  },
  title: 'BLIS playground',
};

/** @param {string} file */
export const needsFileWords = (file) =>
  `Some of these settings have no flag: download the configuration, ${file}, into the folder where you run this.`;

/** Some programs cut links that are longer, characters. */
const LONG_LINK = 8000;

/** @param {string} link */
export const longLinkWords = (link) =>
  link.length <= LONG_LINK
    ? ''
    : `This link has ${link.length} characters, as it holds all that you brought. Where a program cuts it, share the configuration.`;

/** @param {string} name of a list that only this browser keeps */
export const listNotInLink = (name) =>
  `The requests, “${name}”, stay in this browser and are not part of the link. Share their file, the configuration or the ` +
  'trace as well.';

/** What has to be beside the command of a list of requests. */
export const REPLAY = {
  /** @param {string[]} files */
  needs: (files) => `Run it in the folder of ${files.join(' and ')}. It gives the same digest.`,
  unknown: 'How these requests were made is not known here: download the trace, and replay it.',
  noFlag:
    'Some of these settings have no flag: download the configuration instead, which holds up to 200,000 requests, and run it ' +
    'with --config.',
  header: 'trace.yaml',
};

/** @param {string} label */
export const copiedWords = (label) => `${label}: copied.`;

/** @param {string} label */
export const copyDenied = (label) =>
  `${label}: the browser does not allow copying. The text is selected: press Ctrl+C.`;

/** @param {unknown} error */
export const menuFailed = (error) => `This menu could not be loaded (${error}). Try again.`;

/** The files by what is in them: the button, and what is said while one is made. */
export const FILES = {
  results: { button: 'Results (JSON)', what: 'The results' },
  rows: { button: 'Requests (CSV)', what: 'One row per request' },
  config: { button: 'Configuration (JSON)', what: 'The configuration' },
  header: { button: 'Trace header (YAML)', what: 'The trace header' },
  data: { button: 'Trace data (CSV)', what: 'The trace data' },
  specification: { button: 'Workload specification (YAML)', what: 'The workload specification' },
};

/** @param {string} what */
export const makingWords = (what) => `${what} …`;

/** @param {string} what */
export const downloadedWords = (what) => `${what}: downloaded.`;

/** @param {string} what */
export const stoppedWords = (what) => `${what}: stopped.`;

/** @param {string} reason */
export const notWritten = (reason) => `The file could not be made: ${reason}.`;

/** @param {string} reason */
export const notMade = (reason) => `The file could not be made: the engine stopped (${reason}).`;

/** @param {string[]} names of files */
export const filesWords = (names) => names.join(' and ');

/** @param {string} files @param {string} reason */
export const importRefused = (files, reason) => `${files} could not be imported: ${reason}.`;

/** @param {string} files @param {string[]} [remarks] */
export const importedWords = (files, remarks = []) =>
  [`${files}: imported.`, ...remarks.map((remark) => `Note: ${remark}.`)].join(' ');

/** @param {string} files */
export const notImportedWords = (files) => `${files}: not imported.`;

/** Why files cannot be taken, as the end of a sentence. */
export const UNREADABLE = {
  several: 'open one file at a time, or the two files of a trace (.yaml and .csv) together',
  header: 'this is the header of a trace: open it together with its table (.csv)',
  large: 'a file is larger than 50 MB',
};

export const HIDE = {
  summary: 'Hide parts of the page (for teaching)',
  region: 'What the link hides',
  first: 'The first settings',
  each: 'Each one',
  allBut: 'Hide all but …',
  none: 'Hide nothing',
  note: 'Whoever opens the link is told how much it hides, and can show it, unless the link is locked.',
};

/** The groups of what a link can hide besides settings. */
export const HIDE_GROUPS = {
  places: 'Places',
  views: 'Views of Explore',
  figures: 'Figures',
  charts: 'Charts of the overview',
  more: 'More',
};

/** What they hold. */
export const HIDE_PARTS = {
  'places.story': 'Story',
  'places.lessons': 'Lessons',
  'places.explore': 'Explore',
  'places.plan': 'Plan',
  'views.cluster': 'Cluster',
  'views.details': 'Details',
  'views.compare': 'Compare',
  'views.theory': 'Theory',
  'figures.ttft-p99': 'TTFT p99',
  'figures.itl': 'ITL mean',
  'figures.e2e': 'E2E p99',
  'figures.throughput': 'Answers per second',
  'figures.regret': 'Regret',
  'figures.completed': 'Completed',
  'charts.live': 'The cluster in motion',
  'charts.sweep': 'The figure over values of a setting',
  'charts.ttft': 'Time to first token',
  'charts.regret': 'Regret over time',
  'charts.instances': 'Requests per instance',
  'more.digest': 'The digest of the run',
  'more.text': 'The text below the Story',
  'more.pin': 'Pin',
  'more.share': 'Share',
};

/** @param {string} group its name */
export const eachWords = (group) => `Each one of “${group}”`;

/** @param {number} hidden @param {number} all */
export const hidesWords = (hidden, all) =>
  hidden === 0 ? '' : `The link hides ${count(hidden)} of ${count(all)}. Untick what is to be seen.`;

export const LOCK = {
  label: 'Lock the link: its settings cannot be changed',
  note:
    'For teaching, not for secrets: what is hidden stays hidden and settings stay as they are, but whoever takes lock=1 ' +
    'out of the address has the whole page.',
};

// --- A link as a QR code ---

export const CODE = {
  button: 'QR code',
  title: 'The link as a QR code',
  picture: 'QR code of the link',
  close: 'Close',
  point: 'Point the camera of a phone at it.',
  shorter:
    'A link gets shorter if it hides whole groups instead of single controls, and if a workload specification, a list ' +
    'of requests or a lesson of your own is given as a file.',
};

/** @param {number} length of the link @param {number} far characters that can be read from afar */
export const codeNote = (length, far) =>
  `This link has ${count(length)} characters: a phone reads its code from close by only. From the back of a room it ` +
  `reads up to ${count(far)}.`;

/** @param {number} length of the link @param {number} most characters of a code */
export const tooLongForCode = (length, most) =>
  `This link has ${count(length)} characters, too many for a code that a phone can read: at most ${count(most)}.`;

/** @param {unknown} error */
export const codeFailed = (error) => `The code could not be drawn (${error}). Try again.`;

// --- The page in another one ---

export const WHOLE_PAGE = 'Open in the playground';
