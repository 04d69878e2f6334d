// What the two buttons of the picture do: which instance stops, when, and how large a burst is.

import { hasRate } from '../../engine/axes.js';
import { listKey } from '../../shared/list_key.js';

/** @import {Config, MomentView, ShownRun} from '../../shared/types.d.ts' */

/** Where arrivals are over in the picture, things happen at this share of them. */
const EARLY = 1 / 3;

/** With fewer still to come, as a share of all, there would be nothing to see of it. */
const LATE = 0.15;

/** Sizes of bursts, as seconds of arrivals. */
const SIZES_S = [0.25, 0.5, 1, 2];

/** The size that is proposed, among these. */
export const PROPOSED = 1;

/** Arrivals per second where the workload sets its own pace. */
const USUAL_RATE = 100;

/**
 * When something would happen: at the moment that is shown, but where few requests are still to come, early in the arrivals.
 * @param {ShownRun} run
 * @param {MomentView} moment
 * @returns {number} whole ms in µs
 */
export function eventTime({ config, summary }, { timeUs, counts }) {
  if (counts.future > LATE * summary.requests) return 1000 * Math.round(timeUs / 1000);
  const { num_requests: requests, rate } = config.workload;
  const span = hasRate(config) && requests > 0 ? requests / rate : summary.simulated_s / 2;
  return 1000 * Math.round(1000 * EARLY * Math.min(span, summary.simulated_s));
}

/**
 * The instance with the most requests among those that have not been stopped; null if only one is left.
 * @param {Config} config
 * @param {MomentView} moment
 */
export function fullest({ cluster }, { instances, instanceCount }) {
  const stopped = new Set(cluster.kills.map(({ instance }) => instance));
  if (stopped.size >= cluster.num_instances - 1) return null;
  let best = -1;
  for (let at = 0; at < Math.min(instanceCount, cluster.num_instances); at += 1) {
    if (!stopped.has(at) && (best < 0 || instances.inFlight[at] > instances.inFlight[best])) best = at;
  }
  return best < 0 ? null : best;
}

/**
 * Sizes of bursts to choose from: round numbers that suit the rate.
 * @param {Config} config
 * @returns {number[]} ascending
 */
export function burstSizes(config) {
  const rate = hasRate(config) ? config.workload.rate : USUAL_RATE;
  return SIZES_S.map((seconds) => roundNumber(Math.max(rate * seconds, 1))).filter(
    (size, at, all) => size !== all[at - 1],
  );
}

/** Up to 1, 2 or 5 of the same magnitude. @param {number} value */
function roundNumber(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Math.round(([1, 2, 5, 10].find((digit) => digit * unit >= value) ?? 10) * unit);
}

/**
 * When the earliest event happens that another run does not have; null if there is none.
 * @param {Config} config
 * @param {Config|null} before
 */
export function newEventUs(config, before) {
  if (before === null) return null;
  const all = (/** @type {Config} */ { cluster, workload }) => [...cluster.kills, ...workload.bursts];
  const known = new Set(all(before).map((event) => JSON.stringify(event)));
  const added = all(config).filter((event) => !known.has(JSON.stringify(event)));
  return added.length === 0 ? null : Math.min(...added.map(({ at }) => at));
}

/**
 * The same settings without events.
 * @param {Config} config
 * @returns {Config}
 */
export function undisturbed(config) {
  return { ...config, cluster: { ...config.cluster, kills: [] }, workload: { ...config.workload, bursts: [] } };
}

/**
 * What two runs have in common that differ in events only. Of a list of requests only some are compared.
 * @param {Config} config
 */
export function undisturbedKey(config) {
  const { cluster, workload, ...rest } = undisturbed(config);
  const requests = listKey(workload.requests);
  const asText = (/** @type {string} */ _key, /** @type {unknown} */ value) =>
    typeof value === 'bigint' ? value.toString() : value instanceof Map ? [...value] : value;
  return JSON.stringify({ ...rest, cluster, workload: { ...workload, requests } }, asText);
}
