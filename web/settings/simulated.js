// What a run simulates, in one line, and all of its settings that differ from the defaults: no link can show figures of
// one thing under the name of another.

import { visible } from '../shared/visible.js';
import {
  ALL_BY_DEFAULT,
  ALL_THAT_COME,
  NO_GPU,
  PATTERN_NAMES,
  REPLACED_COEFFICIENTS,
  REQUESTS_IN_LINE,
  SPECIFICATION_IN_LINE,
  STREAMS,
  agentsWords,
  clientsWords,
  conversationsPerSecond,
  instancesWords,
  measuredWords,
  moreChangedWords,
  moreWords as furtherWords,
  perSecond,
  plannedWords,
  replacedBlocksWords,
  requestsOfWords,
  requestsWords,
  tpWords,
  usersWords,
  variedWords,
} from '../words/simulated.js';
import { entryOf, nameOfMeasured, parsed } from './documents.js';
import { patternOf } from './pattern_read.js';
import { exact, listed, valueWords } from './words.js';

/** @import {State} from '../app/state.js' */
/** @import {Pattern} from './pattern_read.js' */
/** @import {Description, Imported, Pair, Setting} from '../shared/types.d.ts' */

/**
 * What is simulated. A run and a pin have all of it, a lesson's scene only the pairs.
 * @typedef {object} Subject
 * @property {Pair[]} pairs without defaults
 * @property {Imported|null} [imported]
 * @property {string} [importedName]
 * @property {string[]} [withoutEffect]
 */

/**
 * A part of the line.
 * @typedef {object} Part
 * @property {string} text
 * @property {boolean} [replaced] whether it makes model or GPU other than its name says
 */

/**
 * A setting that differs from its default.
 * @typedef {object} Change
 * @property {Setting} setting
 * @property {string} value
 * @property {string} usual its default
 * @property {'stated'|'counted'|'idle'} kind whether the line says it, counts it, or it has no effect
 */

/** @typedef {{parts: Part[], changes: Change[]}} Simulated */

/** Changed settings that a picture names; of more it says how many they are. */
const MOST_NAMED = 6;

/** Longest value that is written out, characters. */
const LONGEST = 60;

/**
 * A text that may come from a link or be the name of a file: no longer than there is room for, every character seen.
 * @param {string} text
 */
function shortened(text) {
  return visible(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
}

/**
 * The text of the setting at a path, its default where none is given.
 * @param {Map<string, string>} given
 * @param {Setting[]} schema
 */
function reader(given, schema) {
  const byPath = new Map(schema.map((setting) => [setting.path, setting]));
  return (/** @type {string} */ path) => {
    const setting = byPath.get(path);
    return setting ? (given.get(setting.key) ?? setting.default_text) : '';
  };
}

/** @typedef {ReturnType<typeof reader>} Reader */

/** @typedef {{paths: string[], part: Part}} Statement */

/**
 * A part of the line, and the paths of the settings that it states.
 * @param {string[]} paths
 * @param {string} text
 * @param {boolean} [replaced]
 * @returns {Statement}
 */
const states = (paths, text, replaced = false) => ({ paths, part: { text, replaced } });

/** @param {string} name */
const lastPart = (name) => name.toLowerCase().split('/').at(-1) ?? '';

/**
 * Model, GPUs, how a step is timed, and what stands in the place of the model's own figures.
 * @param {Reader} textAt
 * @param {Pick<Description, 'schema'|'catalog'>} description
 */
function served(textAt, { schema, catalog }) {
  const name = textAt('model.name');
  // As in the engine, what stands before the last slash does not matter: no other name hides which model it is.
  const model = catalog.models.find((each) => lastPart(each.name) === lastPart(name));
  const latency = schema.find(({ path }) => path === 'model.latency_model');
  const own = entryOf(textAt('model.own_models'), lastPart, name);
  const title = own === null ? model?.title : shortened(own.title || own.name);
  const ownGpu = entryOf(textAt('model.own_gpus'), (each) => each.toLowerCase(), textAt('model.hardware'));
  const measured = textAt('model.measured');
  const blocks = textAt('memory.total_kv_blocks');
  const coefficients = ['model.alpha_coeffs', 'model.beta_coeffs'];
  return [
    states(['model.name', ...(own ? ['model.own_models'] : [])], title ?? shortened(name)),
    states(
      ['model.hardware', ...(ownGpu ? ['model.own_gpus'] : [])],
      shortened(textAt('model.hardware') || (model?.default_hardware ?? NO_GPU)),
    ),
    states(['model.tp'], tpWords(textAt('model.tp') || (model?.default_tp ?? '?'))),
    ...(latency ? [states([latency.path], valueWords(latency, textAt(latency.path)))] : []),
    ...(measured === '' ? [] : [states(['model.measured'], measuredWords(shortened(nameOfMeasured(measured))), true)]),
    ...(coefficients.some((path) => textAt(path) !== '') ? [states(coefficients, REPLACED_COEFFICIENTS, true)] : []),
    ...(blocks === '' ? [] : [states(['memory.total_kv_blocks'], replacedBlocksWords(exact(Number(blocks))), true)]),
  ];
}

/**
 * Clients of a workload specification; null if it is none.
 * @param {any} specification
 */
function clientsOf(specification) {
  if (typeof specification !== 'object' || specification === null) return null;
  return (specification.clients?.length ?? 0) + (specification.cohorts?.length ?? 0);
}

/**
 * Conversations in place of the settings' own requests.
 * @param {Pattern} pattern
 * @param {string} importedName
 * @param {number} clients
 */
function conversationsWords({ id, rate, requests, agents }, importedName, clients) {
  const file = importedName === '' ? '' : ` “${shortened(importedName)}”`;
  const name = id !== null && file === '' ? PATTERN_NAMES[id] : `${SPECIFICATION_IN_LINE}${file}`;
  const counts = [
    ...(id === null && clients > 0 ? [clientsWords(clients)] : []),
    ...(agents === null ? [] : [agentsWords(exact(agents))]),
    ...(requests === null ? [] : [plannedWords(exact(requests))]),
    ...(rate === null ? [] : [conversationsPerSecond(exact(Number(rate.toPrecision(4))))]),
  ];
  return counts.length === 0 ? name : `${name}: ${listed(counts)}`;
}

/**
 * A workload in place of the settings' own: its name, and how much it holds.
 * @param {Subject} subject
 * @param {{specification: string, list: string}} texts
 */
function importedWords({ imported = null, importedName = '' }, { specification, list }) {
  const kind = list === '' ? SPECIFICATION_IN_LINE : REQUESTS_IN_LINE;
  const read = list === '' ? parsed(specification) : null;
  const clients = clientsOf(read);
  const pattern = patternOf(read);
  if (pattern !== null) return conversationsWords(pattern, importedName, clients ?? 0);
  const counts = [
    ...(clients === null || clients === 0 ? [] : [clientsWords(clients)]),
    ...(typeof imported?.requests === 'number' ? [requestsWords(imported.requests)] : []),
    ...(typeof imported?.rate === 'number' ? [perSecond(exact(Number(imported.rate.toPrecision(4))))] : []),
  ];
  const name = importedName === '' ? kind : `${kind} “${shortened(importedName)}”`;
  return counts.length === 0 ? name : `${name}: ${listed(counts)}`;
}

/**
 * The requests: how many, and what sets their pace.
 * @param {Reader} textAt
 * @param {Subject} subject
 */
function requests(textAt, subject) {
  const list = textAt('workload.requests');
  const specification = textAt('workload.spec');
  if (list !== '' || specification !== '')
    return [states(['workload.requests', 'workload.spec'], importedWords(subject, { list, specification }))];
  const [users, rate] = [Number(textAt('workload.concurrency')), Number(textAt('workload.rate'))];
  const pace = users > 0 ? usersWords(users) : perSecond(exact(rate));
  const many = Number(textAt('workload.num_requests'));
  const until = textAt('cluster.horizon');
  const end = until === '' ? ALL_THAT_COME : requestsOfWords(exact(Number(until) / 1e6));
  return [
    states([users > 0 ? 'workload.concurrency' : 'workload.rate'], pace),
    many > 0
      ? states(['workload.num_requests'], requestsWords(many))
      : states(['workload.num_requests', 'cluster.horizon'], end),
  ];
}

/**
 * What a subject simulates.
 * @param {Subject} subject
 * @param {Pick<Description, 'schema'|'catalog'>} description
 * @param {string[]} [varied] keys of settings that a chart or a lesson varies
 * @returns {Simulated}
 */
export function simulatedBy(subject, description, varied = []) {
  const { schema } = description;
  const textAt = reader(new Map(subject.pairs), schema);
  const statements = [
    ...served(textAt, description),
    states(['cluster.num_instances'], instancesWords(Number(textAt('cluster.num_instances')))),
    ...requests(textAt, subject),
    states(['streams'], STREAMS[textAt('streams')] ?? ''),
  ];
  const changing = schema.filter(({ key }) => varied.includes(key));
  const isVaried = (/** @type {string} */ path) => changing.some((setting) => setting.path === path);
  const parts = statements.flatMap(({ paths, part }) => (paths.some(isVaried) ? [] : [part]));
  if (changing.length > 0) parts.push({ text: variedWords(listed(changing.map(({ label }) => label))) });
  const stated = new Set(statements.flatMap(({ paths }) => paths));
  return { parts, changes: changesOf(subject, schema, stated, changing) };
}

/**
 * @param {Subject} subject
 * @param {Setting[]} schema
 * @param {Set<string>} stated paths
 * @param {Setting[]} changing
 * @returns {Change[]}
 */
function changesOf({ pairs, withoutEffect = [] }, schema, stated, changing) {
  const given = new Map(pairs);
  return schema.flatMap((setting) => {
    const { key, path, default_text: usual } = setting;
    const text = given.get(key) ?? usual;
    if (text === usual || changing.includes(setting)) return [];
    const idle = withoutEffect.includes(key);
    const kind = idle ? /** @type {const} */ ('idle') : stated.has(path) ? 'stated' : 'counted';
    return [{ setting, value: shortened(valueWords(setting, text)), usual: valueWords(setting, usual), kind }];
  });
}

/** What the line counts: changed, with an effect, and not said already. @param {Simulated} simulated */
export const counted = ({ changes }) => changes.filter(({ kind }) => kind === 'counted');

/**
 * The last part of the line: `+3 changed settings`.
 * @param {Simulated} simulated
 */
export function moreWords(simulated) {
  const many = counted(simulated).length;
  return many === 0 ? ALL_BY_DEFAULT : moreChangedWords(many);
}

/**
 * What pictures of the present run say they are about; nothing before there is one.
 * @param {Readonly<State>} state
 * @param {string[]} [varied] keys of the settings that the picture varies
 * @returns {string[]}
 */
export function runWords({ run, description }, varied = []) {
  return run === null || description === null ? [] : [simulatedWords(simulatedBy(run, description, varied))];
}

/**
 * The same of the pinned run that is drawn beside it.
 * @param {Readonly<State>} state
 * @param {string[]} [varied]
 * @returns {string[]}
 */
export function pinWords({ pins, against, description }, varied = []) {
  const pin = pins.find(({ id }) => id === against);
  return pin && description ? [`${pin.name}: ${simulatedWords(simulatedBy(pin, description, varied))}`] : [];
}

/**
 * The line for a picture or a file, where nothing can be opened: the changed settings are named.
 * @param {Simulated} simulated
 */
export function simulatedWords(simulated) {
  const changes = counted(simulated);
  const named = changes.slice(0, MOST_NAMED).map(({ setting, value }) => `${setting.label}: ${value}`);
  const rest = changes.length - named.length;
  const names = rest > 0 ? [...named, furtherWords(rest)] : named;
  const more = names.length > 0 ? `${moreWords(simulated)} (${names.join('; ')})` : moreWords(simulated);
  return [...simulated.parts.map(({ text }) => text), more].join(' · ');
}
