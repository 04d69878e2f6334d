// Models and GPUs as people choose them: those of the engine's catalogue, and the user's own in the settings.

import {
  AUTOMATIC_GPU,
  BORROWED,
  automaticWords,
  bandwidthWords,
  joined,
  kindWords,
  labelWords,
  memoryWords,
  priceWords,
  requestWords,
  sizeWords,
} from '../words/catalogue.js';

/** @import {Catalog, Config} from '../shared/types.d.ts' */

/** As the engine writes them, they are complete. @typedef {Required<NonNullable<Config['model']['own_models']>[number]>} OwnModel */
/** @typedef {Required<NonNullable<Config['model']['own_gpus']>[number]>} OwnGpu */
/** @typedef {Catalog['models'][number]} CatalogModel */
/** @typedef {Catalog['gpus'][number]} CatalogGpu */

/**
 * What is known of a model.
 * @typedef {object} ModelFacts
 * @property {string} name the setting's text
 * @property {string} title
 * @property {number|null} total parameters; null while unknown
 * @property {number|null} active of them per token, where that is fewer
 * @property {number|null|undefined} longest request in tokens; null if it has no limit, undefined while unknown
 * @property {string} kind such as `hybrid MoE`
 * @property {string} format of its weights, such as `fp8`; empty for 16 bits
 * @property {boolean} inBlis whether the reference's formulas hold for it
 * @property {boolean} physics whether trained-physics can time it
 * @property {boolean} own
 * @property {string|null} hardware the catalogue's default
 * @property {number|null} tp the catalogue's default
 * @property {'reference'|'by-kind'} [layers] how they are counted, where that was chosen
 */

/**
 * What is known of a GPU.
 * @typedef {object} GpuFacts
 * @property {string} name the setting's text
 * @property {string} title
 * @property {number} memory GiB
 * @property {number} bandwidth 10¹² bytes/s
 * @property {number} bf16 10¹² FLOP/s
 * @property {number} fp8 0: none
 * @property {number} fp4 0: none
 * @property {number|null} price US dollars per hour
 * @property {string} priceSource
 * @property {boolean} calibrated
 * @property {string} source of its figures
 * @property {string} note
 * @property {boolean} own
 * @property {boolean} inBlis
 */

/** As in the engine, what stands before the first slash does not matter, nor do capitals. @param {string} name */
const keyOf = (name) => name.toLowerCase().replace(/^[^/]*\//, '');

/**
 * @param {string} name
 * @param {{name: string}} other
 */
const isCalled = (name, other) => keyOf(name) === keyOf(other.name);

/** @param {Pick<Config, 'model'>|null} config @returns {OwnModel[]} */
export const ownModels = (config) => /** @type {OwnModel[]} */ ([...(config?.model.own_models ?? [])]);

/** @param {Pick<Config, 'model'>|null} config @returns {OwnGpu[]} */
export const ownGpus = (config) => /** @type {OwnGpu[]} */ ([...(config?.model.own_gpus ?? [])]);

/** What is 0 is not known; what a token uses is told where that is a part. @param {CatalogModel} model */
const bundledFigures = ({ parameters, active_parameters: active, max_length: longest, moe, coverage }) => ({
  total: parameters,
  active: moe && active > 0 ? active : null,
  longest: longest === 0 ? null : longest,
  inBlis: coverage === 'as in BLIS',
});

/** @param {CatalogModel} model @returns {ModelFacts} */
const bundledModel = (model) => ({
  name: model.name,
  title: model.title,
  ...bundledFigures(model),
  kind: kindWords(model.moe, model.mixers ?? []),
  format: '',
  physics: model.tp_trained_physics.length > 0,
  own: false,
  hardware: model.default_hardware ?? null,
  tp: model.default_tp ?? null,
});

/** Whether the reference has formulas for all layers (src/config/coverage.rs). @param {any[]} mixers */
const isCovered = (mixers) =>
  mixers.every(
    ({ kind, topk, index_elements_per_token: index }) => ['full', 'mla'].includes(kind) && topk === 0 && index === 0,
  );

/** @param {OwnModel} model @returns {ModelFacts} */
export function ownModel(model) {
  const { architecture: known } = /** @type {{architecture: any}} */ (model);
  const parts = Object.entries(known?.parts ?? {});
  const sum = (/** @type {(name: string) => boolean} */ counts) =>
    parts.reduce((all, [name, { parameters }]) => all + (counts(name) ? parameters : 0), 0);
  const total = sum(() => true);
  const experts = known?.moe_ffn_layers > 0;
  const head = known?.parts.head.parameters > 0;
  const active =
    sum((name) => name !== 'experts' && !(head && name === 'embed')) + (known?.active_expert_parameters ?? 0);
  return {
    name: model.name,
    title: model.title || model.name,
    total: total > 0 ? total : null,
    active: experts ? active : null,
    longest: known?.max_length > 0 ? known.max_length : null,
    kind: kindWords(
      experts,
      (known?.mixers ?? []).map((/** @type {{kind: string}} */ { kind }) => kind),
    ),
    format: '',
    inBlis: isCovered(known?.mixers ?? []),
    physics: true,
    own: true,
    hardware: null,
    tp: null,
  };
}

/**
 * The models that can be chosen: the user's own, then those of the catalogue.
 * @param {Pick<Config, 'model'>|null} config
 * @param {Catalog} catalog
 * @returns {ModelFacts[]}
 */
export function modelsOf(config, catalog) {
  const own = ownModels(config).map(ownModel);
  const others = catalog.models.map(bundledModel).filter((model) => !own.some(({ name }) => isCalled(name, model)));
  return [...own, ...others];
}

/** @param {OwnGpu} gpu @param {boolean} own @returns {GpuFacts} */
export const gpuFacts = (gpu, own) => ({
  name: gpu.name,
  title: gpu.title || gpu.name,
  memory: gpu.MemoryGiB,
  bandwidth: gpu.BwPeakTBs,
  bf16: gpu.TFlopsPeak,
  fp8: gpu.TFlopsFP8,
  fp4: gpu.TFlopsFP4,
  price: gpu.priceUsdPerHour ?? null,
  priceSource: gpu.priceSource,
  calibrated: gpu.calibrated,
  source: gpu.source,
  note: gpu.note,
  own,
  inBlis: false,
});

/**
 * The GPUs that can be chosen: the user's own, then those of the catalogue.
 * @param {Pick<Config, 'model'>|null} config
 * @param {Catalog} catalog
 * @returns {GpuFacts[]}
 */
export function gpusOf(config, catalog) {
  const own = ownGpus(config).map((gpu) => gpuFacts(gpu, true));
  const bundled = catalog.gpus.map(({ figures, in_blis: inBlis }) => ({
    ...gpuFacts(/** @type {OwnGpu} */ (figures), false),
    inBlis,
  }));
  return [...own, ...bundled.filter((gpu) => !own.some(({ name }) => isCalled(name, gpu)))];
}

/**
 * The one that a setting names.
 * @template {{name: string}} Facts
 * @param {string} name
 * @param {Facts[]} all
 * @returns {Facts|undefined}
 */
export const called = (name, all) => all.find((each) => isCalled(name, each));

/** A model in a line. @param {ModelFacts} model */
export const modelLine = ({ total, active, kind, format, longest }) =>
  joined([sizeWords(total, active), kind, format, requestWords(longest)]);

/** A GPU in a line. @param {GpuFacts} gpu */
export const gpuLine = ({ memory, bandwidth, price }) =>
  joined([memoryWords(memory), bandwidthWords(bandwidth), priceWords(price)]);

/**
 * What the control of the model shows.
 * @param {string} text of the setting
 * @param {ModelFacts[]} models
 */
export function modelInWords(text, models) {
  const model = called(text, models);
  if (model === undefined) return { title: text, note: '' };
  return { title: model.title, note: joined([modelLine(model), labelWords(model.inBlis)]) };
}

/**
 * What the control of the GPU shows.
 * @param {string} text of the setting; empty for the default of the model
 * @param {GpuFacts[]} gpus
 * @param {ModelFacts|undefined} model
 */
export function gpuInWords(text, gpus, model) {
  if (text === '') {
    const { hardware = null, tp = null } = model ?? {};
    return { title: AUTOMATIC_GPU, note: hardware === null ? '' : automaticWords(hardware, tp) };
  }
  const gpu = called(text, gpus);
  if (gpu === undefined) return { title: text, note: '' };
  return { title: gpu.title, note: joined([gpuLine(gpu), gpu.calibrated ? '' : BORROWED]) };
}
