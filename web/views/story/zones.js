// How a number of servers copes with the traffic: behind at once, filling up later, or keeping up. It is what theory says
// of one server, what arrives at it against what it can read and finish, held against the verdict on the run.

import { hasRate } from '../../engine/axes.js';

/** @import {State} from '../../app/state.js' */
/** @import {RunReport, Study, Summary} from '../../shared/types.d.ts' */

/** @typedef {'behind'|'fills'|'keeps'} Zone */

/**
 * The load of one server, requests/s: what arrives, what it can read prompts of, and what it can finish answers to; and what
 * is full when it cannot take on more.
 * @typedef {{arrives: number, reads: number, finishes: number, room: 'slots'|'memory'}} Load
 */

/**
 * Whether what arrives is the same whatever the number of servers, at a rate that does not change, all of it is served, and no
 * server stops: otherwise a server's load is no single number.
 * @param {Pick<RunReport, 'config'|'summary'>} run
 */
function isSteadyTraffic({ config, summary: { rejected, timed_out: timedOut, dropped, stops, burst } }) {
  return hasRate(config) && rejected + timedOut + dropped + stops.length + burst === 0;
}

/**
 * The load of a server in a run; null while theory has not spoken about this run, or where its ceilings do not hold.
 * @param {Pick<RunReport, 'digest'|'config'|'summary'>|null} run
 * @param {State['theory']} theory
 * @returns {Load|null}
 */
export function loadOf(run, theory) {
  if (run === null || theory === null || typeof theory === 'string' || theory.digest !== run.digest) return null;
  const { overlays, figures } = /** @type {Study} */ (theory);
  if (!overlays.ceilings.holds || !isSteadyTraffic(run)) return null;
  const { ceilings, excess } = /** @type {Record<string, Record<string, number>>} */ (figures.theory);
  const rates = { arrives: excess.rate_per_instance, reads: ceilings.prefill, finishes: ceilings.capacity };
  if (!Object.values(rates).every((rate) => rate > 0 && Number.isFinite(rate))) return null;
  return { ...rates, room: ceilings.kv < ceilings.slots ? 'memory' : 'slots' };
}

/**
 * The load of a server if there were another number of them and the same traffic: what a server can do stays the same, so
 * that it is known before theory has spoken about the run.
 * @param {Load} load
 * @param {number} servers
 * @param {Pick<RunReport, 'config'|'summary'>} run with the other number
 * @returns {Load|null}
 */
export function loadAt(load, servers, run) {
  if (!isSteadyTraffic(run)) return null;
  return { ...load, arrives: (load.arrives * servers) / run.config.cluster.num_instances };
}

/**
 * A server that cannot read prompts as fast as they come is behind at once. One that reads them in time and cannot finish
 * answers as fast takes more and more of them on, until it is full.
 * @param {Load} load
 * @returns {Zone}
 */
export function zoneOf({ arrives, reads, finishes }) {
  if (arrives > reads) return 'behind';
  return arrives > finishes ? 'fills' : 'keeps';
}

/**
 * The zone of a run; null if theory has not spoken, or the run contradicts it: then the verdict on the run is what is known.
 * @param {Pick<Summary, 'verdict'>} summary
 * @param {Load|null} load
 * @returns {Zone|null}
 */
export function zoneOfRun({ verdict: { kind } }, load) {
  if (load === null) return null;
  const zone = zoneOf(load);
  const contradicted = zone === 'keeps' ? kind === 'overloaded' : kind === 'steady';
  // A run that is behind at once shows it.
  return contradicted || (zone === 'behind' && kind !== 'overloaded') ? null : zone;
}

/**
 * Where one zone ends and the next begins, as numbers of servers that need not be whole.
 * @param {Load} load
 * @param {number} servers for which it is the load
 * @returns {{reads: number, finishes: number}} from here on prompts are read in time; from here on answers are finished in time
 */
export function bordersOf({ arrives, reads, finishes }, servers) {
  const traffic = arrives * servers;
  return { reads: traffic / reads, finishes: traffic / finishes };
}

/**
 * The fewest servers that keep up.
 * @param {Load} load
 * @param {number} servers for which it is the load
 */
export function fewestThatKeepUp(load, servers) {
  const { reads, finishes } = bordersOf(load, servers);
  return Math.max(Math.ceil(reads), Math.ceil(finishes), 1);
}
