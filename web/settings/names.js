// What a setting is called: in the form, in links, in files, on our command line, in vLLM, and by people.

import { ALWAYS_SO, SYNONYMS } from '../words/settings.js';

/** @import {Description, Setting} from '../shared/types.d.ts' */

/** @typedef {'label'|'flag'|'vllm'|'path'|'key'|'word'|'value'} NameKind */

/** @typedef {{kind: NameKind, text: string}} Name */

/**
 * Flags of `vllm serve` that set the same, by the path of ours. Only those that mean the same are here: that it has a
 * similar name is not enough (`--seed` of vLLM is that of sampling, for example).
 * @type {Record<string, string>}
 */
const VLLM_FLAGS = {
  'model.name': '--model',
  'model.tp': '--tensor-parallel-size',
  'memory.total_kv_blocks': '--num-gpu-blocks-override',
  'memory.block_size_in_tokens': '--block-size',
  'memory.gpu_memory_utilization': '--gpu-memory-utilization',
  'memory.max_model_len': '--max-model-len',
  'instance.scheduler': '--scheduling-policy',
  'instance.max_num_running_reqs': '--max-num-seqs',
  'instance.max_num_scheduled_tokens': '--max-num-batched-tokens',
  'instance.long_prefill_token_threshold': '--long-prefill-token-threshold',
};

/**
 * The flag of vLLM that sets the same as a setting.
 * @param {Pick<Setting, 'path'>} setting
 * @returns {string|undefined}
 */
export function vllmFlag({ path }) {
  return VLLM_FLAGS[path];
}

/**
 * Values that a setting offers.
 * @param {Setting} setting
 * @param {Description['catalog']} catalog
 */
function valuesOf({ path, kind }, { models, gpus }) {
  if (path === 'model.name') return models.flatMap(({ name, title }) => [title, name]);
  if (path === 'model.hardware') return gpus.flatMap(({ name, title }) => [title, name]);
  return 'choices' in kind ? kind.choices.flatMap(({ value, label }) => [label, value]) : [];
}

/**
 * Every name of a setting, those that explain most first.
 * @param {Setting} setting
 * @param {Description['catalog']} catalog
 * @returns {Name[]}
 */
export function namesOf(setting, catalog) {
  const { label, flag, older_flag: older, path, key } = setting;
  const vllm = vllmFlag(setting);
  return [
    { kind: 'label', text: label },
    ...(flag ? [{ kind: /** @type {const} */ ('flag'), text: flag }] : []),
    ...(older ? [{ kind: /** @type {const} */ ('flag'), text: older }] : []),
    ...(vllm ? [{ kind: /** @type {const} */ ('vllm'), text: vllm }] : []),
    { kind: 'path', text: path },
    { kind: 'key', text: key },
    ...(SYNONYMS[path] ?? []).map((text) => ({ kind: /** @type {const} */ ('word'), text })),
    ...valuesOf(setting, catalog).map((text) => ({ kind: /** @type {const} */ ('value'), text })),
  ];
}

/**
 * The words of a name, without what joins them.
 * @param {string} text
 */
function wordsOf(text) {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Fewer letters than these are looked for at the beginning of a word alone. */
const ENOUGH_LETTERS = 4;

/**
 * Whether a name is meant: each word that was typed begins one of its words, or all of them run together are part of it.
 * What begins with a dash is the beginning of a flag, and nothing else.
 * @param {string} query
 * @param {Name} name
 */
function isMeant(query, { kind, text }) {
  if (/^[-–—]/.test(query)) return (kind === 'flag' || kind === 'vllm') && flagBegins(query, text);
  const [typed, words] = [wordsOf(query), wordsOf(text)];
  if (typed.length === 0) return false;
  if (typed.every((part) => words.some((word) => word.startsWith(part)))) return true;
  const together = typed.join('');
  return together.length >= ENOUGH_LETTERS && words.join('').includes(together);
}

/**
 * @param {string} query
 * @param {string} flag
 */
function flagBegins(query, flag) {
  // A keyboard may make one long dash of two; vLLM takes underscores, too; a value may be behind it.
  const [name] = query
    .replace(/^[-–—]+/, '')
    .toLowerCase()
    .replaceAll('_', '-')
    .split(/[\s=]/);
  return flag.slice(2).startsWith(name);
}

/**
 * The settings that a query means, with the name that tells it best.
 * @param {string} query
 * @param {Setting[]} schema
 * @param {Description['catalog']} catalog
 * @returns {Map<string, Name>} by key
 */
export function find(query, schema, catalog) {
  return new Map(
    schema.flatMap((setting) => {
      const name = namesOf(setting, catalog).find((each) => isMeant(query, each));
      return name ? [/** @type {[string, Name]} */ ([setting.key, name])] : [];
    }),
  );
}

/**
 * Whether a query means one of some names.
 * @param {string} query
 * @param {readonly string[]} names
 */
export const isOneOf = (query, names) => names.some((text) => isMeant(query, { kind: 'word', text }));

/**
 * What is to be said of a name that is no setting's, because there is nothing to set.
 * @param {string} query
 */
export function alwaysSo(query) {
  if (wordsOf(query).join('').length < ENOUGH_LETTERS) return [];
  const meant = ALWAYS_SO.filter(({ names }) =>
    names.some((text) => isMeant(query, { kind: text.startsWith('--') ? 'flag' : 'word', text })),
  );
  return meant.map(({ words }) => words);
}
