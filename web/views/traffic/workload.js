// A list of requests in place of a workload.

/** @import {SloTarget} from '#engine' */
/** @import {Config} from '../../shared/types.d.ts' */

/**
 * @typedef {object} Given
 * @property {unknown} requests what names a list that the browser keeps, or the requests themselves
 * @property {number|null} hashBlock tokens that a hash id of the requests stands for; null if they are not here
 * @property {Record<string, SloTarget>} targets latency targets that came with them, by class: those of the settings go first
 * @property {number|null} horizon when the run ends, µs; null to leave that as it is
 */

/**
 * Settings with the requests as their workload, and without what only made requests have.
 * @param {Config} config
 * @param {Given} given
 */
export function withRequests(config, { requests, hashBlock, targets, horizon }) {
  const { workload, cluster, slo } = config;
  return {
    ...config,
    cluster: horizon === null ? cluster : { ...cluster, horizon },
    workload: {
      ...workload,
      spec: null,
      concurrency: 0,
      timeout: null,
      requests,
      ...(hashBlock === null ? {} : { hash_block: hashBlock }),
    },
    slo: mergedTargets(targets, slo),
  };
}

/**
 * Latency targets of two places: dimension by dimension those of the settings go first.
 * @param {Record<string, SloTarget>} brought
 * @param {Record<string, SloTarget>} own
 */
export function mergedTargets(brought, own) {
  const classes = [...new Set([...Object.keys(brought), ...Object.keys(own)])];
  const given = (/** @type {object} */ target = {}) =>
    Object.fromEntries(Object.entries(target).filter(([, limit]) => limit !== null && limit !== undefined));
  return Object.fromEntries(classes.map((name) => [name, { ...given(brought[name]), ...given(own[name]) }]));
}
