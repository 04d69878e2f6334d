// Which choices of model, GPU and number of GPUs can be served, and the ways out of one that cannot.

import {
  FITS_NOWHERE,
  NOT_ON_DEFAULT_GPU,
  NO_DEFAULT_GPU,
  fitsOnWords,
  needsWords,
  useGpuWords,
  useGpusOfWords,
  useGpusWords,
  USE_ROOFLINE,
  withRooflineWords,
} from '../words/settings.js';

/** @import {Description, Fit, Pair} from '../shared/types.d.ts' */

/** The choice as the form has it: empty for the catalogue's default. @typedef {{model: string, gpu: string, tp: string}} Choice */

/** @typedef {{label: string, values: Pair[]}} Door a button, and what it sets */

/**
 * @param {Fit[]} fits
 * @param {Choice} choice
 * @returns {Fit|undefined} undefined for a number of GPUs that was not tried
 */
function find(fits, { model, gpu, tp }) {
  const count = tp === '' ? null : Number(tp);
  return fits.find((fit) => fit.model === model && (fit.hardware ?? '') === gpu && (fit.tp ?? null) === count);
}

/**
 * Numbers of GPUs that fit, ascending.
 * @param {Fit[]} fits
 * @param {Pick<Choice, 'model'|'gpu'>} choice
 */
function counts(fits, { model, gpu }) {
  return fits.flatMap((fit) =>
    fit.model === model && (fit.hardware ?? '') === gpu && fit.problem === null && typeof fit.tp === 'number'
      ? [fit.tp]
      : [],
  );
}

/**
 * Why a choice cannot be served, in a few words for a menu; null if it can, or if that is not known.
 * @param {Fit[]} fits
 * @param {Choice} choice
 */
export function reasonAgainst(fits, choice) {
  const problem = find(fits, choice)?.problem ?? null;
  if (problem === null) return null;
  if (problem.path === 'model.hardware') return NO_DEFAULT_GPU;
  const possible = counts(fits, choice);
  if (possible.length === 0) return choice.gpu === '' ? NOT_ON_DEFAULT_GPU : FITS_NOWHERE;
  const asked = choice.tp === '' ? 0 : Number(choice.tp);
  if (asked < possible[0]) return needsWords(possible[0]);
  return fitsOnWords(/** @type {number} */ (possible.at(-1)), possible.length > 1);
}

/** What has to come with a choice that the other latency model cannot time. @type {Pair} */
const ROOFLINE = ['latency', 'roofline'];

/** Whether an answer says that the latency model is in the way. @param {Fit[]} fits @param {string} model */
export const needsRoofline = (fits, model) =>
  fits.some((fit) => fit.model === model && fit.problem?.path === 'model.latency_model');

/**
 * The nearest choices that can be served: more GPUs of this kind, and another kind of GPU.
 * @param {Fit[]} fits
 * @param {Choice} choice
 * @param {Description['catalog']} catalog
 * @param {boolean} [roofline] whether the answer is that for the roofline latency model, which then comes with each choice
 * @returns {Door[]} none for a choice that can be served
 */
export function doors(fits, choice, catalog, roofline = false) {
  const known = fits.some(({ model }) => model === choice.model);
  const serves = find(fits, choice)?.problem === null;
  if (!known || (serves && !roofline)) return [];
  if (serves) return [{ label: USE_ROOFLINE, values: [ROOFLINE] }];
  const found = places(fits, choice, catalog);
  if (!roofline) return found;
  return found.map(({ label, values }) => ({ label: withRooflineWords(label), values: [...values, ROOFLINE] }));
}

/**
 * @param {Fit[]} fits
 * @param {Choice} choice
 * @param {Description['catalog']} catalog
 * @returns {Door[]}
 */
function places(fits, choice, catalog) {
  /** @type {Door[]} */
  const found = [];
  const [enough] = counts(fits, choice);
  if (enough !== undefined) found.push({ label: useGpusWords(enough), values: [['tp', String(enough)]] });
  const others = catalog.gpus.filter(({ name }) => name !== choice.gpu);
  const same = others.find(({ name }) => find(fits, { ...choice, gpu: name })?.problem === null);
  if (same) {
    found.push({ label: useGpuWords(same.name), values: [['gpu', same.name]] });
  } else if (enough === undefined) {
    const smallest = others
      .flatMap((gpu) => counts(fits, { model: choice.model, gpu: gpu.name }).map((count) => ({ gpu, count })))
      .sort((left, right) => left.count - right.count)[0];
    if (smallest) {
      const values = /** @type {Pair[]} */ ([
        ['gpu', smallest.gpu.name],
        ['tp', String(smallest.count)],
      ]);
      found.push({ label: useGpusOfWords(smallest.count, smallest.gpu.name), values });
    }
  }
  return found;
}
