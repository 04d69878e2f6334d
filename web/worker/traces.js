// In the worker of the traffic dialog: reads a file of requests in pieces, keeps its rows, cuts them, and packs them for runs.

import * as engine from '#engine';
import { keepList, NotKept } from '../shared/list_store.js';
import { begin, isCurrent } from './slices.js';

/** @import {TraceOptions, TraceSlices} from '#engine' */
/** @import {KeptList} from '../shared/list_store.js' */
/** @import {Config, Problem, TraceCut, TraceMade, TraceRead} from '../shared/types.d.ts' */

/** Bytes of the file that are in memory at a time. */
const PIECE = 1 << 20;

/** Time between two progress messages, ms. */
const PROGRESS_MS = 80;

/** Without a store in the browser the settings hold the requests themselves: more rows would be too slow to hand around. */
const MAX_ROWS_IN_SETTINGS = 200_000;

/** The file that was read last. @type {engine.TraceTable|null} */
let table = null;

/**
 * What the engine refused; anything else is thrown again.
 * @param {unknown} error
 * @returns {Problem}
 */
function problemOf(error) {
  if (!(error instanceof Error && 'path' in error)) throw error;
  const { path, key, value, expected, message } = /** @type {Error & Problem} */ (error);
  return { path, key: key ?? null, value, expected, message };
}

/** A reader that is at its end cannot be asked. @param {engine.TraceReader} reader */
function previewOf(reader) {
  try {
    return reader.preview();
  } catch {
    return null;
  }
}

/**
 * Reads a file from its beginning. What was read before is let go first, so that memory holds one of them.
 * @param {number} id
 * @param {{file: Blob, options: Partial<TraceOptions>, limit: number}} wanted
 * @returns {Promise<TraceRead|null>} null if it was given up
 */
async function read(id, { file, options, limit }) {
  begin(id);
  table?.free();
  table = null;
  /** @type {engine.TraceReader|null} */
  let reader = null;
  /** @type {import('#engine').TracePreview|null} */
  let preview = null;
  let told = 0;
  const progress = { bytes: 0, total: file.size, rows: 0, dropped: 0 };
  try {
    reader = new engine.TraceReader(options);
    for (let at = 0; at < file.size; at += PIECE) {
      const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
      if (!isCurrent(id)) return null;
      reader.push(piece);
      const now = performance.now();
      if (now - told < PROGRESS_MS) continue;
      told = now;
      const { rows, dropped } = reader.progress;
      Object.assign(progress, { bytes: Math.min(at + PIECE, file.size), rows, dropped });
      const first = preview === null;
      preview ??= reader.preview();
      self.postMessage({ id, progress: first ? { ...progress, preview } : progress });
    }
    reader.end();
    preview = reader.preview();
    const { rows, dropped } = reader.progress;
    Object.assign(progress, { bytes: file.size, rows, dropped });
    table = reader.finish();
    return {
      report: table.report,
      targets: table.targets,
      cut: cutOf(options.slices ?? {}, limit),
      longer: longer(table, limit),
    };
  } catch (error) {
    const problem = problemOf(error);
    return { problem, preview: reader === null ? preview : (previewOf(reader) ?? preview), progress };
  } finally {
    reader?.free();
  }
}

/** @param {{longerThan: (tokens: number) => number}} rows @param {number} limit tokens; 0 for none */
function longer(rows, limit) {
  return limit > 0 ? rows.longerThan(limit) : 0;
}

/**
 * What slices leave of the file, or why they cannot be applied.
 * @param {Partial<TraceSlices>} slices
 * @param {number} limit
 * @returns {TraceCut}
 */
function cutOf(slices, limit) {
  try {
    const slice = held().slice(slices);
    const cut = { report: slice.report, longer: longer(slice, limit) };
    slice.free();
    return cut;
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function held() {
  if (table === null) throw new Error('no file has been read');
  return table;
}

/**
 * Packs what slices leave, and keeps it in the browser.
 * @param {{slices: Partial<TraceSlices>, note: Omit<KeptList, 'digest'|'requests'|'bytes'>, config: Config}} wanted
 * @returns {Promise<TraceMade>}
 */
async function make({ slices, note, config }) {
  const slice = held().slice(slices);
  const packed = slice.pack();
  slice.free();
  const list = engine.loadRequests(packed, note.name);
  const { digest, requests = 0 } = list;
  try {
    const gone = await keepList({ ...note, digest, requests, bytes: packed.byteLength }, packed);
    return { list, gone, rows: null };
  } catch (error) {
    if (!(error instanceof NotKept) || requests > MAX_ROWS_IN_SETTINGS) throw error;
    const { workload } = engine.withRows({ ...config, workload: { ...config.workload, requests: list } });
    return { list, gone: [], rows: { requests: workload.requests, hash_block: workload.hash_block } };
  } finally {
    engine.unloadRequests(digest);
  }
}

/** What can be asked, by its name. */
export const TRACES = {
  readTrace: read,
  cutTrace: async (
    /** @type {number} */ _id,
    /** @type {{slices: Partial<TraceSlices>, limit: number}} */ { slices, limit },
  ) => cutOf(slices, limit),
  makeTrace: (/** @type {number} */ _id, /** @type {Parameters<typeof make>[0]} */ wanted) => make(wanted),
  describeTraces: async () => ({ formats: engine.traceFormats(), roles: engine.traceRoles() }),
};
