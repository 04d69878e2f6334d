// The same conversations with sticky and with balanced routing: which settings are compared, and what is read off their runs.

import { CONVERSATION_METRICS } from '../../shared/metrics.js';
import { seedsFrom } from '../../engine/sweep_tasks.js';

/** @import {Config, Pair, Setting, SweepResult, SweepWork} from '../../shared/types.d.ts' */
/** @import {Figures} from '../../shared/metrics.js' */

/** Seeds of every routing: figures are their mean, with the smallest and the largest beside it. */
const SEEDS = 5;

/** @typedef {'round-robin'|'least-loaded'|'sticky'|'load-first'|'own'} RoutingId */

/**
 * @typedef {object} Routing
 * @property {RoutingId} id
 * @property {boolean} sticky whether a conversation stays where its context is
 * @property {string} policy
 * @property {{name: string, weight: number}[]} [scorers] of the weighted policy
 */

/** The routings of the comparison, balanced ones first. @type {Routing[]} */
export const ROUTINGS = [
  { id: 'round-robin', sticky: false, policy: 'round-robin' },
  { id: 'least-loaded', sticky: false, policy: 'least-loaded' },
  {
    id: 'sticky',
    sticky: true,
    policy: 'weighted',
    scorers: [
      { name: 'precise-prefix-cache', weight: 2 },
      { name: 'queue-depth', weight: 1 },
      { name: 'kv-utilization', weight: 1 },
    ],
  },
  {
    id: 'load-first',
    sticky: true,
    policy: 'weighted',
    scorers: [
      { name: 'precise-prefix-cache', weight: 1 },
      { name: 'load-balance', weight: 2 },
    ],
  },
];

/** @param {Routing} routing */
const asText = ({ policy, scorers = [] }) =>
  [policy, ...scorers.map(({ name, weight }) => `${name}:${weight}`)].join(' ');

/**
 * The routing of settings, as one of the comparison or as another one.
 * @param {Config} config
 * @returns {Routing}
 */
export function routingOf({ routing }) {
  const own = {
    id: /** @type {const} */ ('own'),
    sticky: false,
    policy: routing.policy,
    ...(routing.policy === 'weighted' ? { scorers: routing.scorers } : {}),
  };
  return ROUTINGS.find((each) => asText(each) === asText(own)) ?? own;
}

/**
 * What is compared: the routings, and that of the settings if it is another one.
 * @param {Config} config
 */
export function comparedRoutings(config) {
  const own = routingOf(config);
  return own.id === 'own' ? [...ROUTINGS, own] : ROUTINGS;
}

/**
 * @param {Config} config
 * @param {Routing} routing
 * @returns {Config}
 */
export function withRouting(config, { policy, scorers }) {
  const { routing } = config;
  return /** @type {Config} */ ({ ...config, routing: { ...routing, policy, scorers: scorers ?? routing.scorers } });
}

/** The next comparison, for the workers: sweeps have positive numbers. */
let next = -1;

/**
 * Settings with another seed. A specification has one of its own, that of the settings is then only that of ties in routing.
 * @param {Config} config
 * @param {number} step
 * @param {number|bigint} seed
 * @returns {Config}
 */
function withSeed(config, step, seed) {
  const { workload } = config;
  if (workload.spec === null) return { ...config, seed };
  const own = seedsFrom(workload.spec.seed ?? 0, step + 1)[step];
  return { ...config, seed, workload: { ...workload, spec: { ...workload.spec, seed: own } } };
}

/**
 * The runs, seed by seed, so that every routing has a figure early. Of several seeds each is a variant.
 * @param {Config} config
 * @returns {SweepWork}
 */
export function routingWork(config) {
  const routings = comparedRoutings(config);
  const seeds = seedsFrom(config.seed, SEEDS);
  const runs = seeds.flatMap((seed, step) =>
    routings.map((routing) => ({ seed, config: withSeed(withRouting(config, routing), step, seed) })),
  );
  next -= 1;
  const tasks = runs.map(({ seed }, variant) => ({ variant, seed }));
  return { sweep: next, variants: runs.map((each) => each.config), tasks };
}

/** What the seeds gave of one figure. @typedef {{mean: number, low: number, high: number, seeds: number}} Spread */

/**
 * The figures of every routing over the seeds so far; a figure that no run has is left out.
 * @param {number} routings
 * @param {SweepResult[]} results
 * @returns {Map<string, Spread>[]}
 */
export function spreads(routings, results) {
  return Array.from({ length: routings }, (_unused, variant) => {
    const runs = results.filter((result) => result.variant % routings === variant).map(({ figures }) => figures);
    /** @type {[string, Spread][]} */
    const known = CONVERSATION_METRICS.flatMap(({ id }) => {
      const values = runs.map((figures) => /** @type {Figures} */ (figures ?? {})[id]).filter(Number.isFinite);
      if (values.length === 0) return [];
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [[id, { mean, low: Math.min(...values), high: Math.max(...values), seeds: values.length }]];
    });
    return new Map(known);
  });
}

/**
 * The settings that take a routing over.
 * @param {Routing} routing
 * @param {Setting[]} schema
 * @returns {Pair[]}
 */
export function routingPairs({ policy, scorers }, schema) {
  const key = (/** @type {string} */ path) => schema.find((setting) => setting.path === path)?.key ?? '';
  const text = (scorers ?? []).map(({ name, weight }) => `${name}:${weight}`).join(',');
  /** @type {Pair[]} */
  const weights = scorers ? [[key('routing.scorers'), text]] : [];
  return [[key('routing.policy'), policy], ...weights];
}
