// What a sweep varies: a setting, the values around the current one, and how they are written.

import { duration, number } from '../shared/format.js';
import { AXES as WORDS } from '../words/axes.js';

/** @import {Catalog, Config} from '../shared/types.d.ts' */

/**
 * @typedef {object} SweepAxis
 * @property {string} id short name, as in the address
 * @property {string} label with unit
 * @property {string} short name for a choice
 * @property {string} name of the column in the table
 * @property {(config: Config, catalog: Catalog|null) => number} current
 * @property {(config: Config, catalog: Catalog|null) => number[]} values ascending, the current one among them
 * @property {(config: Config, value: number, catalog?: Catalog|null) => Config} put
 * @property {(value: number) => string} format with unit
 * @property {(value: number) => string} tick
 * @property {boolean} whole
 * @property {boolean} log whether the steps are even on a logarithmic scale
 * @property {(config: Config, catalog: Catalog|null) => string[]} [names] where values are places in a list, what stands there
 */

/** Few instances: every count. The list stays the same while a slider moves among them, and with it the sweep. */
const FEW = Array.from({ length: 16 }, (_unused, i) => i + 1);

/** How many counts a sweep has further out. */
const COUNTS = 12;

/** The values of TP in the catalogue. */
export const TENSOR_PARALLEL = [1, 2, 4, 8];

/** Of a rate, multiples of the current one: an eighth to four times. */
const MULTIPLES = [0.125, 0.25, 0.5, 0.625, 0.75, 0.875, 1, 1.125, 1.25, 1.5, 2, 3, 4];

/**
 * The instance counts around the current one, ascending: 1 to 16, or further out if the current one is.
 * @param {number} current
 * @returns {number[]}
 */
export function instanceCounts(current) {
  if (current <= FEW.length) return FEW;
  const last = Math.ceil(current * 1.33);
  const first = Math.floor(current * 0.5);
  const counts = Array.from({ length: COUNTS }, (_unused, i) =>
    Math.round(first + ((last - first) * i) / (COUNTS - 1)),
  );
  return ascending([current, ...counts]);
}

/**
 * Ascending and each once.
 * @param {number[]} values
 */
function ascending(values) {
  return [...new Set(values)].sort((a, b) => a - b);
}

/**
 * The GPUs per instance that are in force: the setting, or what the catalogue takes if there is none.
 * @param {Config} config
 * @param {Catalog|null} catalog
 */
export function tensorParallel({ model }, catalog) {
  return model.tp ?? catalog?.models.find(({ name }) => name === model.name)?.default_tp ?? 1;
}

/**
 * The values of TP among 1, 2, 4 and 8 that the catalogue has for a model, or all of them while it is unknown.
 * @param {Config} config
 * @param {Catalog|null} catalog
 * @returns {number[]}
 */
export function acceptedTensorParallel({ model }, catalog) {
  const known = catalog?.models.find(({ name }) => name === model.name);
  if (!known) return TENSOR_PARALLEL;
  const accepted = model.latency_model === 'roofline' ? known.tp_roofline : known.tp_trained_physics;
  return accepted.length === 0 ? TENSOR_PARALLEL : [...accepted];
}

/**
 * The GPU that is in force: the setting, or what the catalogue takes if there is none.
 * @param {Config} config
 * @param {Catalog|null} catalog
 */
export function gpuOf({ model }, catalog) {
  return model.hardware ?? catalog?.models.find(({ name }) => name === model.name)?.default_hardware ?? '';
}

/**
 * The GPUs that can be tried: those of the catalogue, and behind them the user's own.
 * @param {Config} config
 * @param {Catalog|null} catalog
 * @returns {string[]}
 */
export function gpuNames(config, catalog) {
  const own = (config.model.own_gpus ?? []).map(({ name = '' }) => name);
  // Without a catalogue, as before there is an engine, what is known is the one in force.
  return [...new Set([...(catalog?.gpus ?? []).map(({ name }) => name), ...own, gpuOf(config, catalog)])];
}

/**
 * The settings on another GPU: a price that was entered is that of the one in force.
 * @param {Config} config
 * @param {string} name
 * @param {Catalog|null} catalog
 * @returns {Config}
 */
export function withGpu(config, name, catalog) {
  const { model } = config;
  const same = name === gpuOf(config, catalog);
  const tp = model.tp ?? tensorParallel(config, catalog);
  return { ...config, model: { ...model, hardware: name, tp, gpu_price: same ? model.gpu_price : null } };
}

/** @type {SweepAxis[]} */
export const AXES = [
  {
    id: 'instances',
    ...WORDS.instances,
    current: ({ cluster }) => cluster.num_instances,
    values: ({ cluster }) => instanceCounts(cluster.num_instances),
    put: (config, value) => ({ ...config, cluster: { ...config.cluster, num_instances: value } }),
    tick: String,
    whole: true,
    log: false,
  },
  {
    id: 'rate',
    ...WORDS.rate,
    current: ({ workload }) => workload.rate,
    values: ({ workload }) => ascending(MULTIPLES.map((factor) => workload.rate * factor)),
    put: (config, value) => ({ ...config, workload: { ...config.workload, rate: value } }),
    tick: number,
    whole: false,
    log: true,
  },
  {
    id: 'tp',
    ...WORDS.tp,
    current: tensorParallel,
    values: (config, catalog) =>
      ascending([tensorParallel(config, catalog), ...acceptedTensorParallel(config, catalog)]),
    put: (config, value) => ({ ...config, model: { ...config.model, tp: value } }),
    tick: String,
    whole: true,
    log: true,
  },
  {
    id: 'gpu',
    ...WORDS.gpu,
    current: (config, catalog) => gpuNames(config, catalog).indexOf(gpuOf(config, catalog)),
    values: (config, catalog) => gpuNames(config, catalog).map((_name, i) => i),
    put: (config, value, catalog = null) => withGpu(config, gpuNames(config, catalog)[value], catalog),
    tick: String,
    whole: true,
    log: false,
    names: gpuNames,
  },
  {
    id: 'running',
    ...WORDS.running,
    current: ({ instance }) => instance.max_num_running_reqs,
    values: ({ instance }) =>
      ascending([instance.max_num_running_reqs, ...Array.from({ length: 11 }, (_unused, i) => 2 ** i)]),
    put: (config, value) => ({ ...config, instance: { ...config.instance, max_num_running_reqs: value } }),
    tick: String,
    whole: true,
    log: true,
  },
  {
    id: 'refresh',
    ...WORDS.refresh,
    current: ({ routing }) => routing.snapshot_refresh_interval / 1000,
    values: ({ routing }) =>
      ascending([routing.snapshot_refresh_interval / 1000, 0, 1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]),
    put: (config, value) => ({
      ...config,
      routing: { ...config.routing, snapshot_refresh_interval: Math.round(value * 1000) },
    }),
    tick: duration,
    whole: false,
    log: false,
  },
];

/**
 * The axis of this name; unknown names, as an address may have, fall back to the first.
 * @param {string} id
 * @returns {SweepAxis}
 */
export function axisOf(id) {
  return AXES.find((axis) => axis.id === id) ?? AXES[0];
}

/** Whether arrivals follow `workload.rate`. @param {Config} config */
export function hasRate({ workload }) {
  return workload.concurrency === 0 && workload.spec === null && workload.requests === null;
}
