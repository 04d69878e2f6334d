// What a choice of model or GPU sets: what it cannot do without comes with it, in one step.

import { PRIORITY } from '../../engine/pool.js';
import { called, ownGpus } from '../../settings/catalogue.js';
import { withDrafts } from '../../settings/settings.js';

/** @import {State} from '../../app/state.js' */
/** @import {Pool} from '../../engine/pool.js' */
/** @import {Catalog, Config, Fit, Pair, Proposal} from '../../shared/types.d.ts' */
/** @import {ModelFacts, OwnGpu, OwnModel} from '../../settings/catalogue.js' */

/** Asks the engine which choices fit. @typedef {(settings: {model: Config['model'], memory: Config['memory']}) => Promise<Fit[]>} AskFits */

/** GPUs that are tried first where a model has no default. */
const FIRST_GPU = 'H100';

/**
 * @typedef {object} Choice
 * @property {Pair[]} values what is set
 * @property {boolean} roofline whether the latency model is another one now
 * @property {string} gpu that comes with it; empty for none
 * @property {number|null} tp that comes with it
 * @property {boolean} fits whether it can be served so
 */

/** @param {Fit[]} fits @param {string|null} gpu @param {number|null} tp @param {string} model */
const fitOf = (fits, model, gpu, tp) =>
  fits.find((fit) => fit.model === model && (fit.hardware ?? null) === gpu && (fit.tp ?? null) === tp);

/**
 * What is set with a model. What a person has set stays; what is automatic and has no default for this model is chosen.
 * @param {ModelFacts} facts
 * @param {OwnModel|null} own the model itself, where it is the user's
 * @param {Config} config
 * @param {Catalog} catalog
 * @param {AskFits} ask
 * @returns {Promise<Choice>}
 */
export async function modelChoice(facts, own, config, catalog, ask) {
  const { memory } = config;
  const before = config.model;
  const asked = (/** @type {Config['model']['latency_model']} */ latency) =>
    ask({
      model: { ...before, name: facts.name, own_models: own ? [own] : null, layers, latency_model: latency, tp: null },
      memory,
    });
  /** @type {Config['model']['layers']} */
  let layers = facts.layers === 'by-kind' || (facts.layers === undefined && !facts.inBlis) ? 'by-kind' : 'auto';
  let latency = facts.physics && layers === 'auto' ? before.latency_model : 'roofline';
  let fits = await asked(latency);
  const gpu = before.hardware ?? null;
  const tp = before.tp ?? null;
  let fit = fitOf(fits, facts.name, gpu, tp);
  if (latency !== 'roofline' && fit?.problem?.path === 'model.latency_model') {
    latency = 'roofline';
    fits = await asked(latency);
    fit = fitOf(fits, facts.name, gpu, tp);
  }
  // Where BLIS counts more weights than there are, no GPU may be large enough for them.
  if (layers === 'auto' && facts.layers === undefined && fit?.problem?.path === 'model.layers') {
    [layers, latency] = ['by-kind', 'roofline'];
    fits = await asked(latency);
    fit = fitOf(fits, facts.name, gpu, tp);
  }
  const roofline = latency !== before.latency_model;
  /** @type {Pair[]} */
  const values = [
    ['model', facts.name],
    ['ownmodels', own ? JSON.stringify([own]) : ''],
    ...(layers === before.layers ? [] : [/** @type {Pair} */ (['layers', layers])]),
    ...(roofline ? [/** @type {Pair} */ (['latency', latency])] : []),
    // Coefficients of one latency model say nothing to the other.
    ...(roofline && before.measured ? [/** @type {Pair} */ (['measured', ''])] : []),
  ];
  const choice = { values, roofline, gpu: '', tp: /** @type {number|null} */ (null), fits: fit?.problem === null };
  if (choice.fits) return choice;
  // What a person has set is not replaced unasked: there are ways out where it is chosen.
  const free = gpu === null && (tp === null || fit?.problem?.path === 'model.hardware');
  const usual = gpu ?? facts.hardware;
  const there = (free || tp === null) && usual !== null ? firstOn(fits, facts.name, usual) : null;
  const place = there ?? (free ? anywhere(fits, facts.name, catalog) : null);
  if (place === null) return choice;
  values.push(['gpu', place.gpu], ['tp', String(place.tp)]);
  return { ...choice, ...place, fits: true };
}

/**
 * The smallest number of GPUs of a kind that serve a model.
 * @param {Fit[]} fits
 * @param {string} model
 * @param {string} gpu
 */
function firstOn(fits, model, gpu) {
  const fit = fits.find((each) => each.model === model && each.hardware === gpu && each.tp && each.problem === null);
  return fit?.tp ? { gpu, tp: fit.tp } : null;
}

/**
 * A place for a model that has none by default: the GPU of the catalogue's defaults, else the one of which it needs fewest.
 * @param {Fit[]} fits
 * @param {string} name
 * @param {Catalog} catalog
 */
function anywhere(fits, name, { gpus }) {
  const places = gpus.flatMap((gpu) => firstOn(fits, name, gpu.name) ?? []);
  const usual = places.find(({ gpu, tp }) => gpu === FIRST_GPU && tp <= 8);
  return usual ?? places.sort((left, right) => left.tp - right.tp)[0] ?? null;
}

/**
 * What is set with a GPU: the user's own comes with its figures.
 * @param {string} name empty for the default of the model
 * @param {OwnGpu|null} own
 * @param {Config} config
 * @returns {Pair[]}
 */
export function gpuValues(name, own, config) {
  const others = ownGpus(config).filter((gpu) => own === null || called(own.name, [gpu]) === undefined);
  const all = own === null ? others : [own, ...others];
  return [
    ['gpu', name],
    ['owngpus', all.length === 0 ? '' : JSON.stringify(all)],
  ];
}

/**
 * What is set with a GPU of one's own: if the present number of GPUs does not hold the model, the smallest that does.
 * @param {OwnGpu} gpu
 * @param {Pair[]} values
 * @param {Config} config
 * @param {AskFits} ask
 * @returns {Promise<Pair[]>}
 */
export async function roomFor(gpu, values, config, ask) {
  const { model, memory } = config;
  const fits = await ask({ model: { ...model, hardware: gpu.name, own_gpus: [gpu], tp: null }, memory });
  if (fitOf(fits, model.name, gpu.name, model.tp ?? null)?.problem === null) return values;
  const place = firstOn(fits, model.name, gpu.name);
  return place === null ? values : [...values, ['tp', String(place.tp)]];
}

/**
 * What the engine says of settings with some of them replaced.
 * @param {Pool} pool
 * @param {Pick<State, 'pairs'|'description'>} state
 * @param {Pair[]} values
 * @returns {Promise<Proposal>}
 */
export function proposed(pool, { pairs, description }, values) {
  const wanted = withDrafts(pairs, new Map(values), description?.schema ?? []);
  return pool.run((client) => client.propose(wanted), { priority: PRIORITY.question });
}
