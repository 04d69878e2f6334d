// The dialogs: each comes, with its styles, when it is first opened.

import { fileMissing } from '../shared/builds.js';
import { loadStyle } from './lazy_views.js';

/** @import {PageParts} from './lazy_views.js' */
/** @import {Undo} from './undo.js' */
/** @import {Brought, BroughtBytes, BroughtText} from '../shared/types.d.ts' */

/**
 * What a dialog works with.
 * @typedef {object} DialogParts
 * @property {PageParts['store']} store
 * @property {PageParts['session']} session
 * @property {PageParts['pool']} pool
 * @property {Undo} undo
 * @property {() => void} onStep before settings are changed as a step of its own
 * @property {(files: File[]) => void} onBring what is done with any file that a person chooses
 */

/** The same, and the other dialogs. @typedef {DialogParts & {dialogs: Dialogs}} DialogPage */

/** Opens a dialog with what was brought for it. @template Given @typedef {(given: Given) => Promise<void>} Open */

/**
 * @typedef {object} Dialogs
 * @property {Open<Brought|null>} traffic a workload from a file
 * @property {Open<'model'|'gpu'>} choose one of the catalogue
 * @property {Open<BroughtText[]|null>} model the user's own model
 * @property {Open<BroughtText[]|null>} gpu the user's own GPU
 * @property {Open<BroughtBytes[]|null>} measured measurements that the latency model is fitted to
 */

/** @typedef {{open: (given: any) => unknown}} Dialog */

/** What all of them look like. */
const LOOK = ['traffic/traffic.css', 'traffic/found.css'];

/** @type {Record<keyof Dialogs, {styles: string[], load: (page: DialogPage) => Promise<Dialog>}>} */
const KINDS = {
  traffic: {
    styles: LOOK,
    load: async (page) => new (await import('../views/traffic/view.js')).TrafficDialog(page),
  },
  choose: {
    styles: [...LOOK, 'yours/choose.css'],
    load: async (page) => new (await import('../views/yours/choose.js')).ChooseDialog(page),
  },
  model: {
    styles: [...LOOK, 'yours/yours.css'],
    load: async (page) => new (await import('../views/yours/model.js')).ModelDialog(page),
  },
  measured: {
    styles: [...LOOK, 'yours/yours.css'],
    load: async (page) => new (await import('../views/yours/measured.js')).MeasuredDialog(page),
  },
  gpu: {
    styles: [...LOOK, 'yours/yours.css'],
    load: async (page) => new (await import('../views/yours/gpu.js')).GpuDialog(page),
  },
};

/** Sheets that have come or are on their way. @type {Map<string, Promise<boolean>>} */
const sheets = new Map();

/** @type {Map<keyof Dialogs, Promise<Dialog>>} */
const coming = new Map();

/** @param {string} path */
function styleOnce(path) {
  const sheet = sheets.get(path) ?? loadStyle(path);
  sheets.set(path, sheet);
  return sheet;
}

/**
 * @param {keyof Dialogs} name
 * @param {DialogPage} page
 */
async function load(name, page) {
  const { styles, load: begin } = KINDS[name];
  const [dialog, ...styled] = await Promise.all([begin(page), ...styles.map(styleOnce)]);
  // Without its styles it is plain, and works.
  if (styled.includes(false)) fileMissing();
  return dialog;
}

/**
 * @param {keyof Dialogs} name
 * @param {unknown} given
 * @param {DialogPage} page
 */
export async function openDialog(name, given, page) {
  const dialog = coming.get(name) ?? load(name, page);
  coming.set(name, dialog);
  try {
    await (await dialog).open(given);
  } catch (error) {
    // As after a loss of the connection: it is fetched anew at the next press.
    coming.delete(name);
    throw error;
  }
}
