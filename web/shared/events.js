// Instances that stop and bursts of requests, as settings: reading and writing their lists.

/** @import {Burst, Kill} from '#engine' */
/** @import {Config} from './types.d.ts' */

/** The text form of a list without entries. */
const NONE = 'none';

/**
 * @param {readonly Kill[]} kills
 * @returns {string} as the engine reads it
 */
export function killsText(kills) {
  const text = kills.map(({ instance, at, mode }) => `${instance}@${at}us${mode === 'crash' ? ':crash' : ''}`);
  return text.join(',') || NONE;
}

/**
 * @param {readonly Burst[]} bursts
 * @returns {string} as the engine reads it
 */
export function burstsText(bursts) {
  return bursts.map(({ requests, at }) => `${requests}@${at}us`).join(',') || NONE;
}

/**
 * Those that a cluster of so many instances can have: each is of an instance that exists, and one is left.
 * @param {readonly Kill[]} kills
 * @param {number} instances
 * @returns {Kill[]}
 */
export function killsThatFit(kills, instances) {
  return kills.filter(({ instance }) => instance < instances).slice(0, Math.max(instances - 1, 0));
}

/** Whether an instance stops, or a burst comes. @param {Pick<Config, 'cluster'|'workload'>} config */
export const isDisturbed = ({ cluster, workload }) => cluster.kills.length + workload.bursts.length > 0;
