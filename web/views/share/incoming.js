// What a person brings in: which files belong together, and what they are. Told by what is in them, never by a name.

import { RefusedSettings } from '../../engine/client.js';
import { UNREADABLE } from '../../words/share.js';
import { MAX_BYTES, UnreadableFile } from './files.js';
import { isBenchmark, isMeasuredTable, yoursOf } from './yours.js';

/** @import {Session} from '../../app/session.js' */
/** @import {Brought, BroughtText, Problem} from '../../shared/types.d.ts' */

/** What a dialog of its own is opened with. @typedef {{kind: 'model'|'gpu'|'measured', texts: BroughtText[]}} Yours */

/**
 * @typedef {{kind: 'settings'|'specification'|'policy', text: string}|({kind: 'traffic'} & Brought)|Yours} Incoming
 */

/** Keys that only the header of a trace has. */
const TRACE_HEADER = /^(trace_version|time_unit|warm_up_requests)\s*:/m;

/** Keys of a policy file, and those that only a workload specification has. */
const POLICY = /^(admission|routing|priority|scheduler|preemption|tenant_budgets)\s*:/m;
const SPECIFICATION = /^(clients|cohorts|aggregate_rate|num_requests|arrival|servegen_data|inference_perf)\s*:/m;

/** How YAML begins: with a key on a line of its own, or a mark. */
const YAML = /^(---|[A-Za-z_][\w-]*[ \t]*:([ \t]|$))/;

/** Parts of a configuration, which are objects, and what only our other files have, whatever it is. */
const SECTIONS = ['model', 'memory', 'cluster', 'admission', 'routing', 'instance', 'workload', 'trace', 'slo'];
const OURS = ['format', 'clients', 'cohorts', 'scenes'];

/** So much of a file shows what it is. */
const HEAD_BYTES = 1 << 16;

/** @param {unknown} value */
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * Whether an object of JSON is data of others, and none of our files. What is neither is left to the reader of settings, which
 * says what it does not know.
 * @param {Record<string, unknown>} object
 */
function isData(object) {
  if (OURS.some((key) => key in object) || SECTIONS.some((key) => isObject(object[key]))) return false;
  const values = Object.values(object);
  return values.some(Array.isArray) || values.filter((value) => typeof value === 'number').length > 1;
}

/**
 * Whether a text that begins with `{` is data.
 * @param {string} text
 */
function isJsonData(text) {
  try {
    return isData(JSON.parse(text));
  } catch {
    // Several objects, one per line, are no JSON; what is only damaged is explained by the reader of settings.
    const [first = '', second = ''] = text.split('\n').filter((line) => line.trim() !== '');
    return /^\s*\{.*\}\s*$/.test(first) && second.trimStart().startsWith('{');
  }
}

/**
 * The first line that says something: no blank one, no comment of YAML.
 * @param {string} head
 */
const firstLine = (head) => head.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';

/** @param {Blob} file */
const headOf = async (file) => (await file.slice(0, HEAD_BYTES).text()).replace(/^\ufeff/, '');

/** Whether it is YAML, by its beginning. @param {string} head */
const isYaml = (head) => YAML.test(firstLine(head));

/**
 * What a file is by itself.
 * @param {File} file
 * @returns {Promise<Incoming>}
 */
async function recogniseOne(file) {
  const head = await headOf(file);
  const begins = head.trimStart();
  const traffic = { kind: /** @type {const} */ ('traffic'), file, name: file.name, header: null };
  const whole = async () => (file.size <= HEAD_BYTES ? head : (await file.text()).replace(/^\ufeff/, ''));
  if (begins.startsWith('{')) {
    if (file.size > MAX_BYTES) return traffic;
    const text = await whole();
    const kind = yoursOf(text);
    if (kind !== null) return { kind, texts: [{ name: file.name, text }] };
    return isJsonData(text) ? traffic : { kind: 'settings', text };
  }
  if (!begins.startsWith('[') && file.size <= MAX_BYTES && isMeasuredTable(head))
    return { kind: 'measured', texts: [{ name: file.name, text: await whole() }] };
  // A list of anything else than objects is no data.
  if (begins.startsWith('[')) return /^\[\s*\{/.test(begins) ? traffic : await settings(file, whole);
  if (!isYaml(head)) return traffic;
  if (TRACE_HEADER.test(head)) throw new UnreadableFile(UNREADABLE.header);
  if (file.size > MAX_BYTES) throw new UnreadableFile(UNREADABLE.large);
  const text = await whole();
  return { kind: POLICY.test(text) && !SPECIFICATION.test(text) ? 'policy' : 'specification', text };
}

/**
 * What several files are together: a model's two, or the results of a benchmark at several rates.
 * @param {File[]} files
 * @returns {Promise<Yours|null>}
 */
async function recogniseYours(files) {
  if (files.some(({ size }) => size > MAX_BYTES)) return null;
  const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
  const kinds = texts.map(({ text }) => yoursOf(text));
  if (kinds.includes('model') && kinds.every((kind) => kind === 'model')) return { kind: 'model', texts };
  const measured = texts.every(({ text }) => isBenchmark(text) || isMeasuredTable(text));
  return measured ? { kind: 'measured', texts } : null;
}

/** @param {File} file @param {() => Promise<string>} whole @returns {Promise<Incoming>} */
async function settings(file, whole) {
  if (file.size > MAX_BYTES) throw new UnreadableFile(UNREADABLE.large);
  return { kind: 'settings', text: await whole() };
}

/**
 * What some files are, by what is in them: one by itself, or the two of a trace of ours.
 * @param {File[]} files
 * @returns {Promise<Incoming>}
 */
export async function recognise(files) {
  if (files.length === 1) return recogniseOne(files[0]);
  const yours = await recogniseYours(files);
  if (yours !== null) return yours;
  const heads = await Promise.all(files.map(headOf));
  const headers = files.filter((_, i) => isYaml(heads[i]) && TRACE_HEADER.test(heads[i]));
  if (files.length !== 2 || headers.length !== 1) throw new UnreadableFile(UNREADABLE.several);
  const [header] = headers;
  const [file] = files.filter((each) => each !== header);
  if (header.size > MAX_BYTES) throw new UnreadableFile(UNREADABLE.large);
  return { kind: 'traffic', file, name: file.name, header: await header.text() };
}

/**
 * Hands settings, a specification or policies to the session; what stands stays if they are refused.
 * @param {Exclude<Incoming, Yours|{kind: 'traffic'}>} incoming
 * @param {string} name of the file
 * @param {Session} session
 * @param {(remarks: string[]) => void} onRemarks what is odd about a file that was taken
 * @returns {Promise<Problem[]>} why they were refused; empty if they were taken
 */
export function takeIn({ kind, text }, name, { imports }, onRemarks) {
  if (kind === 'specification') return imports.specification(text, name);
  return kind === 'policy' ? takePolicy(text, imports, onRemarks) : imports.settings(text, name);
}

/**
 * The decisions of a policy file; the workload stays.
 * @param {string} text YAML
 * @param {Session['imports']} imports
 * @param {(remarks: string[]) => void} onRemarks
 * @returns {Promise<Problem[]>}
 */
async function takePolicy(text, imports, onRemarks) {
  try {
    const { config, problems, remarks } = await imports.read('importPolicy', { text, config: imports.config });
    const refused = problems.length > 0 ? problems : await imports.take({ imported: config });
    if (refused.length === 0) onRemarks(remarks);
    return refused;
  } catch (error) {
    if (error instanceof RefusedSettings) return [error.problem];
    throw error;
  }
}
