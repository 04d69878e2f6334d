// Words of "Your model": what was understood of a config.json, and what BLIS makes of it.

import { count, number, plural } from '../shared/format.js';
import { lengthWords, parameterWords } from './catalogue.js';
import { bytesWords } from './traffic.js';

/** @import {LayerRow, ModelDescription} from '#engine' */

export const MODEL = {
  title: 'Your model',
  understood: 'What was understood',
  layers: 'Layers',
  parts: 'Parameters',
  remarks: 'What is approximated',
  useTitle: 'Use it',
  name: 'Name',
  count: 'Count its layers',
  use: 'Use this model',
  reading: 'Reading …',
  quantMissing: 'This is the file of number formats alone: choose the config.json that belongs to it as well.',
  layerHeads: ['Kind', 'Layers', 'KV elements per token', 'Window [tokens]', 'State per sequence'],
  partHeads: ['Part', 'Parameters', 'Stored as', 'Bytes'],
};

export const MODEL_SOURCE = {
  intro:
    'Bring the config.json of a model, and its hf_quant_config.json if it has one (choose or drop both together): dense models ' +
    'and mixtures of experts, with full attention, windows, compressed entries, linear attention or state spaces.',
  choose: 'Choose files',
  paste: 'The text of a config.json',
};

export const COUNTING = {
  reference: { label: 'as in BLIS', note: 'by the reference’s formulas, to the same digits' },
  kind: { label: 'by kind', note: 'each layer as what it is, with the roofline latency model; not in BLIS' },
};

export const FACTS = {
  label: 'Latency',
  total: 'Parameters',
  active: 'Active per token',
  published: 'Published',
  weights: 'Weights',
  cache: 'KV cache',
  window: 'Windows',
  state: 'States',
  longest: 'Longest request',
  reference: 'In BLIS',
};

/** @param {number} value @param {number} published billions */
function off(value, published) {
  const percent = (value / 1e9 / published - 1) * 100;
  if (Math.abs(percent) < 0.05) return 'the same';
  return `${percent < 0 ? '−' : '+'}${number(Math.abs(Math.round(percent * 10) / 10))}%`;
}

/** @param {ModelDescription} description */
export function publishedWords({ parameters, active_parameters: active, published }) {
  if (!published) return '';
  const { total_billion: total, active_billion: some } = published;
  const words = typeof total === 'number' ? [`${parameterWords(total * 1e9)} (ours ${off(parameters, total)})`] : [];
  if (typeof some === 'number') words.push(`${parameterWords(some * 1e9)} active (ours ${off(active, some)})`);
  return words.join(', ');
}

/** @param {ModelDescription} description */
export function cacheWords({
  kv_bytes_per_token: bytes,
  kv_bytes_per_token_reserved: reserved,
  kv_cache_format: format,
}) {
  const also = reserved > bytes ? `; ${count(reserved)} if windows are reserved` : '';
  const named = format === '' ? '' : `; the file asks for ${format}`;
  return `${count(bytes)} bytes per token in 16 bits${also}${named}`;
}

/** @param {number} bytes */
export const perSequence = (bytes) => (bytes === 0 ? '' : `${bytesWords(bytes)} per sequence`);

/** @param {number} tokens 0: not known */
export const longestWords = (tokens) =>
  tokens === 0 ? 'the file does not say' : `${count(tokens)} tokens (${lengthWords(tokens)})`;

/** @param {ModelDescription} description */
export function referenceWords({ reference, parameters }) {
  const { accepts, reason, parameters: counted } = reference;
  const many = typeof counted === 'number' ? `it counts ${parameterWords(counted)} parameters` : '';
  if (!accepts) return `refused: ${reason.replace(/^model\.config\./, '')}${many === '' ? '' : `; ${many}`}`;
  if (typeof counted !== 'number') return 'read';
  const percent = (counted / parameters - 1) * 100;
  if (Math.abs(percent) < 0.05) return `${many}, as here`;
  return `${many}, ${number(Math.abs(Math.round(percent * 10) / 10))}% ${percent < 0 ? 'fewer' : 'more'} than here`;
}

/** @param {LayerRow} row */
export const layerCells = ({ layers, elements_per_token: elements, window, state_bytes: state }) => [
  count(layers),
  elements === 0 ? '–' : count(elements),
  window === 0 ? '–' : count(window),
  state === 0 ? '–' : bytesWords(state),
];

/** @param {number} bytes */
export const weightWords = (bytes) => bytesWords(bytes);

/** @param {string} title @param {{roofline: boolean, gpu: string, tp: number|null}} also */
export function usedModelWords(title, { roofline, gpu, tp }) {
  const place = gpu === '' ? '' : ` on ${tp === null ? '' : `${tp} × `}${gpu} per instance`;
  return `${title} is the model now${place}${roofline ? ', timed by the roofline latency model' : ''}.`;
}

/** @param {number} many */
export const layersWords = (many) => plural(many, 'layer');
