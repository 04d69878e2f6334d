// What every chart says around its picture, and what is said where a picture is taken away.

/** The head of the column that names rows. */
export const INSTANCE = 'Instance';

/** The buttons in the head of a chart. */
export const TABLE = 'table';
export const LOG = 'log';
export const LOG_SCALE = 'log scale';
export const SAVE = 'save';

/** @param {string} title */
export const tableName = (title) => `${title} as a table`;

/** What kind of picture it is, for screen readers. */
export const CHART = 'chart';
export const HEAT_MAP = 'heat map';

/** Which keys read a chart. */
export const READ_POINTS = 'Left and right arrow keys read the points';
export const SELECT_REQUEST = 'Enter selects the request';
export const GO_THERE = 'Enter goes to the value under the cursor';
export const READ_CELLS = 'Arrow keys read the cells: left and right in time, up and down over instances';
export const SHOW_MOMENT = 'Enter shows the cluster at that time';

/** A value that a computation has not yet reached. */
export const NOT_KNOWN = 'not known yet';

/** @param {string} kind of file: CSV, SVG, PNG */
export const downloadAs = (kind) => `Download as ${kind}`;

export const COPY = 'Copy picture';
export const COPIED = 'The picture is on the clipboard.';

/** @param {string} kind @param {unknown} error */
export const notSaved = (kind, error) => `This could not be saved as ${kind} (${error}).`;

/** @param {unknown} error */
export const notCopied = (error) => `The picture could not be copied (${error}). It can be downloaded as PNG.`;

/** The time axis of a map. */
export const SIMULATED_TIME = 'simulated time';

/** The scale of a map. @param {string} most @param {string} unit */
export const shades = (most, unit) => `0 to ${most} ${unit}`;

/** How a map is read. @param {string} most @param {string} unit */
export const scaleWords = (most, unit) => `Instances from top (0) to bottom; strongest colour: ${most} ${unit}`;

/** @param {number} row @param {number} seconds @param {string} value with its unit */
export const cellWords = (row, seconds, value) => `Instance ${row} at ${seconds} s: ${value}`;

/** @param {number} row */
export const instanceName = (row) => `Instance ${row}`;

/** The run that was shown before. @param {string} different what was otherwise */
export const before = (different) => `before: ${different}`;
export const OTHER_SETTINGS = 'other settings';

/** A run that is kept to compare with. @param {string} name */
export const pinned = (name) => `pinned: ${name}`;

/** Where theory has the load pass the capacity, λ/k = μ; the note beside the chart says so. @param {string} value */
export const theoryBorder = (value) => `theory: ${value}`;

/** A note of theory behind a chart. @param {string} name @param {boolean} holds */
export const noteName = (name, holds) => `theory: ${name} ${holds ? '✓' : '✗'}`;

/** @param {boolean} holds @param {string} because the end of a sentence */
export const noteReason = (holds, because) =>
  holds ? `It applies: ${because}.` : `It does not apply and is not drawn: ${because}.`;
