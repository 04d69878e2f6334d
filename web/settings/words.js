// Settings, their values and the engine's messages in the words of the form.

import { count, duration, number } from '../shared/format.js';
import { isNamed, parsed } from './documents.js';
import { patternId } from './pattern_read.js';
import {
  AND,
  AUTOMATIC,
  IMPORTED,
  NO_FILE,
  PATTERN_NAMES,
  SOURCES,
  gpusPerInstanceWords,
  inPlural,
  instancesWords,
  msWords,
  quoted,
  requestsWords,
  secondsWords,
} from '../words/simulated.js';

/** @import {Description, Pair, Setting} from '../shared/types.d.ts' */

/** Settings whose value is clear without their name. @type {Record<string, (value: number) => string>} */
const COUNTED = {
  'workload.num_requests': requestsWords,
  'cluster.num_instances': instancesWords,
  'model.tp': gpusPerInstanceWords,
};

/** More settings than these are not listed. */
const MAX_LISTED = 3;

/**
 * The unit of a setting, unless its name contains it.
 * @param {Setting} setting
 */
export function unitOf({ label, unit }) {
  return unit && !label.toLowerCase().includes(unit.toLowerCase()) ? unit : '';
}

/**
 * A list as in a sentence: `a`, `a and b`, `a, b and c`.
 * @param {string[]} words
 * @param {string} last
 */
export function listed(words, last = AND) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/**
 * A number as it was given, its digits in groups.
 * @param {number} value
 */
export function exact(value) {
  return Number.isSafeInteger(value) && value >= 0 ? count(value) : String(value);
}

/** @param {number} us */
function exactTime(us) {
  return us < 1e6 ? msWords(exact(us / 1000)) : secondsWords(exact(us / 1e6));
}

/**
 * The value of a setting as it is, nothing rounded away: `Least loaded`, `4`, `200 requests/s`.
 * @param {Setting} setting
 * @param {string} text empty for "not set"
 */
export function valueWords(setting, text) {
  const { kind, unit } = setting;
  if (kind.type === 'document') return text === '' ? NO_FILE : IMPORTED;
  if (text === '') return AUTOMATIC;
  if (kind.type === 'choice') return kind.choices.find(({ value }) => value === text)?.label ?? text;
  const value = Number(text);
  const numeric = kind.type === 'integer' || kind.type === 'number';
  // A whole number that is too large to be one here is shown as it was written.
  if (!numeric || (Number.isInteger(value) && !Number.isSafeInteger(value))) return text.replaceAll(',', ', ');
  if (unit === 'µs') return exactTime(value);
  const named = unitOf(setting);
  return `${exact(value)}${named ? ` ${unitWords(named, value)}` : ''}`;
}

/** A unit in the singular where there is one of it. @param {string} unit @param {number} value */
const unitWords = (unit, value) => (value === 1 ? unit.replace(/^requests\b/, 'request') : unit);

/**
 * A setting with its value: `Qwen3 14B`, `4 instances`, `Arrival rate 200 requests/s`.
 * @param {Setting} setting
 * @param {string} text empty for "not set"
 * @param {Pick<Description, 'catalog'>} description
 */
function inWordsOf(setting, text, { catalog }) {
  const { path, kind, label } = setting;
  if (path === 'model.name') return catalog.models.find(({ name }) => name === text)?.title ?? text;
  if (path === 'model.hardware' && text !== '') return catalog.gpus.find(({ name }) => name === text)?.title ?? text;
  const value = Number(text);
  if (text === '' || kind.type === 'document') return `${label}: ${valueWords(setting, text)}`;
  if (path in COUNTED) return COUNTED[path](value);
  if (kind.type === 'choice') return kind.choices.find((choice) => choice.value === text)?.label ?? text;
  if (kind.type === 'integer' || kind.type === 'number') {
    if (setting.unit === 'µs' && Number.isFinite(value)) return `${label} ${duration(value / 1000)}`;
    const unit = unitOf(setting);
    return `${label} ${Number.isFinite(value) ? number(value) : text}${unit ? ` ${unitWords(unit, value)}` : ''}`;
  }
  return `${label} ${text}`;
}

/** Settings that say together where requests come from. */
const WORKLOAD = ['workload.requests', 'workload.sessions', 'workload.spec'];

/**
 * Where the requests come from, of two workloads that differ: `Chat`, `the form’s own requests`.
 * @param {(path: string) => string} mine text of a setting
 * @param {(path: string) => string} theirs
 */
function workloadInWords(mine, theirs) {
  const [list, specification] = ['workload.requests', 'workload.spec'].map(mine);
  if (list !== '') return theirs('workload.requests') === '' ? SOURCES.list : SOURCES.otherList;
  if (specification === '') return SOURCES.own;
  const other = theirs('workload.spec');
  const [id, otherId] = [specification, other].map((text) => patternId(parsed(text)));
  if (id !== null) return id === otherId ? SOURCES.otherConversations : PATTERN_NAMES[id];
  return other === '' ? SOURCES.specification : SOURCES.otherSpecification;
}

/**
 * The values that settings have and others have not, in words; null if they are too many to be listed, or none.
 * @param {Pair[]} these
 * @param {Pair[]} others
 * @param {Description} description
 */
export function differenceInWords(these, others, description) {
  const { schema } = description;
  const [mine, theirs] = [these, others].map((pairs) => {
    const given = new Map(pairs);
    return (/** @type {Setting} */ { key, default_text: usual }) => given.get(key) ?? usual;
  });
  // What a document is called that is named by another setting, that one says.
  const different = schema.filter((setting) => !isNamed(setting) && mine(setting) !== theirs(setting));
  const words = different
    .filter(({ path }) => !WORKLOAD.includes(path))
    .map((setting) => inWordsOf(setting, mine(setting), description));
  if (different.some(({ path }) => WORKLOAD.includes(path))) {
    const [ours, other] = [mine, theirs].map((textOf) => (/** @type {string} */ path) => {
      const setting = schema.find((each) => each.path === path);
      return setting ? textOf(setting) : '';
    });
    words.push(workloadInWords(ours, other));
  }
  return words.length === 0 || words.length > MAX_LISTED ? null : listed(words);
}

/**
 * A message of the engine with the names of the form in place of paths.
 * @param {string} message
 * @param {Setting[]} schema
 */
export function inWords(message, schema) {
  const dotted = schema.filter(({ path }) => path.includes('.'));
  // The longest first: one path may be the beginning of another.
  dotted.sort((left, right) => right.path.length - left.path.length);
  return dotted.reduce((text, { path, label }) => text.replaceAll(path, quoted(label)), message);
}

/**
 * Notes of a run: `workload.rate: is ignored: ...` and the like, settings of which the same is said together.
 * @param {readonly string[]} warnings
 * @param {Setting[]} schema
 * @returns {string[]} sentences without their full stop
 */
export function noteWords(warnings, schema) {
  /** @type {Map<string, string[]>} */
  const labelsOf = new Map();
  for (const warning of warnings) {
    const setting = schema.find(({ path }) => warning.startsWith(`${path}: `));
    const words = setting ? warning.slice(setting.path.length + 2) : warning;
    const about = labelsOf.get(words) ?? [];
    if (setting) about.push(setting.label);
    labelsOf.set(words, about);
  }
  return [...labelsOf].map(([words, labels]) => {
    const note = inWords(words, schema);
    if (labels.length === 0) return note;
    if (!/^(is|has) /.test(note)) return `${listed(labels)}: ${note}`;
    const verb = labels.length > 1 ? inPlural(note) : note;
    return `${listed(labels)} ${verb}`;
  });
}
