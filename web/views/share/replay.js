// The same run on the command line where its requests were made of a file: `blis replay --trace-data FILE`, with what reads and
// cuts the file in the same way.

import { LIST_KEY } from '../../shared/named_list.js';
import { REPLAY } from '../../words/share.js';
import { commandWords, needsFile, shellWord } from './command.js';

/** @import {Pair, Setting} from '../../shared/types.d.ts' */
/** @import {NamedList} from '../../shared/named_list.js' */
/** @import {Recipe} from '../../shared/recipe.js' */

/** Flags of the steps that have one value. @type {[keyof import('#engine').TraceSlices, string][]} */
const OF_STEPS = [
  ['every', '--trace-every'],
  ['sample', '--trace-sample'],
  ['first', '--trace-first'],
  ['clip_input', '--trace-max-input'],
  ['clip_output', '--trace-max-output'],
  ['input_scale', '--trace-input-scale'],
  ['output_scale', '--trace-output-scale'],
  ['speed', '--trace-speed'],
  ['rate', '--trace-rate'],
  ['repeat', '--trace-repeat'],
];

/** A column whose name would be read as something else in a mapping is named by its place. @param {string} column */
const isPlain = (column) => !/[,=:]/.test(column);

/**
 * A mapping in one line: `arrival=when:s,input=prompt`.
 * @param {import('#engine').TraceMapping} mapping
 */
export function mappingLine(mapping) {
  const columns = /** @type {import('#engine').TraceMappedColumn[]} */ (/** @type {unknown} */ (mapping));
  return columns.map(({ column, role, unit }) => `${role}=${column}${unit ? `:${unit}` : ''}`).join(',');
}

/**
 * @param {Recipe} recipe
 * @returns {string[]}
 */
export function recipeWords({ file, header, options, slices }) {
  const { format, mapping, shape, answers } = options;
  const given = (/** @type {unknown} */ value) => value !== null && value !== undefined;
  /** @type {string[]} */
  const words = ['--trace-data', file];
  if (header) words.push('--trace-header', REPLAY.header);
  if (format && !mapping) words.push('--trace-format', format);
  if (mapping) words.push('--trace-map', mappingLine(mapping));
  const { delimiter, decimal, header: names } = shape ?? {};
  if (given(delimiter)) words.push('--trace-delimiter', delimiter === '\t' ? 'tab' : String(delimiter));
  if (given(decimal)) words.push('--trace-decimal', String(decimal));
  if (given(names)) words.push('--trace-names', String(names));
  for (const [name, value] of Object.entries(answers ?? {})) words.push('--trace-answer', `${name}=${value}`);
  const seconds = (/** @type {number} */ microseconds) => `${microseconds / 1e6}s`;
  if (given(slices.from_us)) words.push('--trace-from', seconds(Number(slices.from_us)));
  if (given(slices.to_us)) words.push('--trace-to', seconds(Number(slices.to_us)));
  for (const { field, is, value } of slices.filters ?? []) words.push('--trace-filter', `${field}${is}${value}`);
  for (const [name, flag] of OF_STEPS) {
    if (given(slices[name])) words.push(flag, String(slices[name]));
    if (name === 'sample' && given(slices.sample)) words.push('--trace-sample-seed', String(slices.seed ?? 0));
    if (name === 'output_scale' && slices.spread) words.push('--trace-spread');
    if (name === 'repeat' && given(slices.repeat) && slices.repeat_fresh) words.push('--trace-repeat-fresh');
  }
  return words;
}

/** Whether a command can name all columns. @param {Recipe} recipe */
function canBeNamed({ options: { mapping } }) {
  const columns = /** @type {{column: string}[]} */ (/** @type {unknown} */ (mapping ?? []));
  return columns.every(({ column }) => isPlain(column));
}

/**
 * The words after `blis`, and what has to be said about them.
 * @param {NamedList} named
 * @param {Recipe|null} recipe
 * @param {Pair[]} pairs
 * @param {Setting[]} schema
 * @returns {{words: string[], note: string}}
 */
export function replayWords(named, recipe, pairs, schema) {
  // Those of the workload are the list's.
  const bare = schema.filter(({ path }) => !path.startsWith('workload.'));
  const own = new Set(schema.filter((setting) => !bare.includes(setting)).map(({ key }) => key));
  const others = pairs.filter(([key]) => key !== LIST_KEY && !own.has(key));
  const noFlag = needsFile(others, bare);
  const settings = noFlag ? [] : commandWords(others, bare);
  if (recipe === null || !canBeNamed(recipe))
    return { words: ['replay', '--trace-data', named.name, ...settings], note: REPLAY.unknown };
  const files = [recipe.file, ...(recipe.header ? [REPLAY.header] : [])];
  return {
    words: ['replay', ...recipeWords(recipe), ...settings],
    note: noFlag ? REPLAY.noFlag : REPLAY.needs(files),
  };
}

/**
 * The command as it is copied.
 * @param {string[]} words
 */
export const replayLine = (words) => ['blis', ...words].map(shellWord).join(' ');
