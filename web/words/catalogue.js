// Words of models and GPUs: what they are, how large, and how sure their figures are.

import { count, dollars, number, plural } from '../shared/format.js';

/** Whether the reference's formulas hold for a model; the same words everywhere. */
export const AS_IN_BLIS = 'as in BLIS';
export const NOT_IN_BLIS = 'roofline, not in BLIS';

/** @param {boolean} inBlis */
export const labelWords = (inBlis) => (inBlis ? AS_IN_BLIS : NOT_IN_BLIS);

/** @param {number} parameters */
export function parameterWords(parameters) {
  if (parameters >= 999.5e9) return `${number(parameters / 1e12)} T`;
  return parameters >= 999.5e6 ? `${number(parameters / 1e9)} B` : `${number(parameters / 1e6)} M`;
}

/**
 * Tokens as they are spoken of: 131,072 are 128k, 1,048,576 are 1M, 200,000 are 200k.
 * @param {number} tokens
 */
export function lengthWords(tokens) {
  if (tokens >= 1 << 20 && tokens % (1 << 20) === 0) return `${tokens >> 20}M`;
  if (tokens >= 1e6 && tokens % 1e5 === 0) return `${number(tokens / 1e6)}M`;
  if (tokens % 1024 === 0) return `${count(tokens / 1024)}k`;
  return tokens % 1000 === 0 ? `${count(tokens / 1000)}k` : count(tokens);
}

/** What is said of layers besides those with full attention, by their kind. @type {Record<string, string>} */
const MIXERS = {
  sliding: 'sliding window',
  chunked: 'sliding window',
  window: 'sliding window',
  'window-compressed': 'compressed',
  mla: 'MLA',
  linear: 'hybrid',
  mamba2: 'hybrid',
};

/**
 * The kind of a model in a few words: `dense`, `hybrid MoE`, `MLA MoE`.
 * @param {boolean} experts
 * @param {readonly string[]} mixers kinds of its layers
 */
export function kindWords(experts, mixers) {
  const words = new Set(mixers.flatMap((kind) => MIXERS[kind] ?? []));
  return [...words, experts ? 'MoE' : 'dense'].join(' ');
}

export const NO_LIMIT = 'no limit of length';

/** @param {number|null|undefined} tokens undefined while that is not known */
export function requestWords(tokens) {
  if (tokens === undefined) return '';
  return tokens === null ? NO_LIMIT : `up to ${lengthWords(tokens)} tokens`;
}

/** @param {number|null} total @param {number|null} active */
export function sizeWords(total, active) {
  if (total === null) return '';
  const size = `${parameterWords(total)} parameters`;
  return active === null ? size : `${size}, ${parameterWords(active)} active`;
}

/** @param {number} gib */
export const memoryWords = (gib) => (gib > 0 ? `${number(gib)} GiB` : 'memory unknown');

/** @param {number} tb */
export const bandwidthWords = (tb) => `${number(tb)} TB/s`;

/** The rates of a GPU that it has. @param {{bf16: number, fp8: number, fp4: number}} gpu */
export function rateWords({ bf16, fp8, fp4 }) {
  const rates = [`${number(bf16)} bf16`];
  if (fp8 > 0) rates.push(`${number(fp8)} fp8`);
  if (fp4 > 0) rates.push(`${number(fp4)} fp4`);
  return `${rates.join(' / ')} TFLOP/s`;
}

/** @param {number|null} price per GPU and hour */
export const priceWords = (price) => (price === null ? 'no price known' : `${dollars(price)} per hour`);

/** What stands for a price where none is known. */
export const NO_PRICE = 'No usual price of this GPU is known: without one no cost is shown.';

/** @param {string} gpu @param {number} price @param {string} source */
export const usualPrice = (gpu, price, source) =>
  `Usual price of ${gpu}: ${dollars(price)}${source === '' ? '' : ` (${source})`}. Prices change monthly.`;

export const BORROWED = 'shares of the peak borrowed from the nearest GPU that was calibrated';

/** What a control shows under the name of a model. @param {string[]} parts */
export const joined = (parts) => parts.filter((part) => part !== '').join(' · ');

/** The value of the GPU that is not set. */
export const AUTOMATIC_GPU = 'Automatic';

export const CHOOSE = {
  model: { title: 'Choose a model', search: 'Find a model', own: 'Your own model …' },
  gpu: { title: 'Choose a GPU', search: 'Find a GPU', own: 'Your own GPU …' },
  close: 'Close',
  list: { model: 'Models', gpu: 'GPUs' },
  hint: {
    model:
      'Name, size or longest request, in any order: qwen 3.5, moe 30b, 128k. With < or >, what is below or above: <10b, >128k.',
    gpu: 'Name, memory or kind: b200, 80, fp4.',
  },
  groups: {
    own: 'Your own',
    blis: 'As in BLIS',
    others: 'Roofline, not in BLIS',
    bundled: 'In BLIS',
    more: 'Not in BLIS: shares of the peak borrowed from the nearest calibrated GPU',
  },
  chosen: 'chosen now',
};

/** @param {string} query @param {'model'|'gpu'} what */
export const noneFound = (query, what) => `No ${what === 'gpu' ? 'GPU' : 'model'} here is called “${query}”.`;

/** @param {number} many @param {'model'|'gpu'} what */
export const foundWords = (many, what) => `${plural(many, what === 'gpu' ? 'GPU' : 'model')} found.`;

/** @param {string} gpu @param {number|null} tp */
export const automaticWords = (gpu, tp) => `${gpu}${tp === null ? '' : ` with TP ${tp}`}, the default for this model`;

/** What else a choice has set, in a sentence. @param {string} title @param {{roofline: boolean, gpu: string, tp: number|null}} also */
export function chosenWords(title, { roofline, gpu, tp }) {
  const place = gpu === '' ? '' : ` on ${tp === null ? '' : `${tp} × `}${gpu} per instance`;
  const timed = roofline ? ' by the roofline latency model: trained-physics was not fitted to it' : '';
  return `${title} is served${place}${timed}.`;
}
