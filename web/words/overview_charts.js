// What the charts of the overview say.

import { count, number, plural } from '../shared/format.js';

/** Names of the charts; that of the sweep is only for screen readers, as its menus are its title. */
export const SWEEP = 'Sweep';
export const TTFT = 'Time to first token';
export const REGRET = 'Regret of routing over time';
export const INSTANCES = 'Requests per instance';

/** The menus of the sweep: figure, between them, axis. */
export const FIGURE = 'Figure';
export const AGAINST = 'Against';
export const BETWEEN = ' against ';

/** @param {string} figure @param {string} axis */
export const figureAgainst = (figure, axis) => `${figure} against ${axis}`;

/** The value in force in the sweep. @param {string} value */
export const nowWords = (value) => `now: ${value}`;

/** The one before. @param {string} value */
export const beforeValue = (value) => `before: ${value}`;

/** How far a sweep has come. @param {number} finished @param {number} planned */
const runs = (finished, planned) => `${finished} of ${plural(planned, 'run')} done`;

/** @param {number} planned */
export const sweepOffered = (planned) =>
  `A sweep needs ${plural(planned, 'run')} of this size, so it starts only when you ask.`;

/** @param {number} finished @param {number} planned */
export const sweepStopped = (finished, planned) => `Stopped: ${runs(finished, planned)}.`;

/** @param {number} finished @param {number} planned */
export const sweepComputing = (finished, planned) => `Computing: ${runs(finished, planned)}.`;

export const NONE_RUNS = 'None of these values can be run.';

export const NONE_KNOWN = 'The figure is known of none of these: no price is known, or nothing was answered.';

/**
 * @param {string} which
 * @param {string} best
 * @param {string|null} here
 * @param {number} many of which the figure is known
 */
export const sweepBest = (which, best, here, many) =>
  `Of ${many}, the ${which} is ${best}${here === null || here === best ? '' : `; now ${here}`}. Those without a mark cannot serve it like this, or have no such figure.`;

/**
 * @param {[value: string, at: string]} first
 * @param {[value: string, at: string]} last
 * @param {[value: string, at: string]|null} here
 */
export const sweepEnds = ([first, atFirst], [last, atLast], here) =>
  `From ${first} at ${atFirst} to ${last} at ${atLast};${here ? ` ${here[0]} at the current ${here[1]}.` : ''}`;

/** @param {number} instances @param {string} figure */
export const sweepFlat = (instances, figure) =>
  ` Beyond ${plural(instances, 'instance')}, each extra one improves ${figure} by less than 10%.`;

/**
 * With fewer the queue grows for as long as requests come.
 * @param {number} instances
 * @param {boolean} hidden whether the run ends before its figures show it
 */
export const sweepOverloaded = (instances, hidden) =>
  ` Below ${plural(instances, 'instance')}, more arrives than is served in the long run${hidden ? '; this run is too short to show it' : ''}.`;

/** What the button behind the sentence of the sweep does. */
export const STOP = 'Stop';
export const COMPUTE_REST = 'Compute the rest';

/** @param {string} time */
export const computeSweep = (time) => `Compute the sweep (${time})`;

/** Names of series. */
export const P99 = 'p99';
export const LOWEST = 'lowest of the seeds';
export const HIGHEST = 'highest of the seeds';

/** @param {number} seeds */
export const lowestToHighest = (seeds) => `lowest to highest of ${seeds} seeds`;

/** The axes of the distribution. */
export const TTFT_AXIS = 'time to first token';
export const OF_REQUESTS = '% of the requests';
export const NOW = 'now';

/** @param {string} from @param {string} to */
export const fromTo = (from, to) => `${from} to ${to}`;

/** @param {string} half @param {string} most @param {string} nearlyAll */
export const waits = (half, most, nearlyAll) =>
  `Half of the requests wait ${half} or less for their first token, 90% ${most}, 99% ${nearlyAll}.`;

/** @param {string} nearlyAll @param {string} other of the run that it is compared with */
export const waitsBeside = (nearlyAll, other) =>
  `99% of the requests have their first token within ${nearlyAll}. ${other}`;

/** @param {string} different what was otherwise @param {string} nearlyAll */
export const waitedBefore = (different, nearlyAll) => `Before (${different}): ${nearlyAll}.`;

/** @param {string} name @param {string} nearlyAll */
export const waitsPinned = (name, nearlyAll) => `Pinned run ${name}: ${nearlyAll}.`;

/** @param {string} name of the other run */
export const p99Of = (name) => `p99 ${name}`;
export const P99_BEFORE = 'p99 before';

/** What regret counts: load, which is requests waiting, running and on their way, or points of the weighted score. */
export const LOAD = 'units of load';
export const SCORE_POINTS = 'score points';

export const REQUESTS = 'requests';

export const REGRET_ZERO =
  'Always 0: this policy takes the best instance of its own ranking. That does not make the ranking right.';
export const REGRET_NONE = 'No decision left a better instance aside.';

/**
 * Load counts most requests twice, so that it is not said to be a number of requests.
 * @param {string} mean
 * @param {string} max
 * @param {string} unit
 */
export const regretWords = (mean, max, unit) =>
  unit === SCORE_POINTS
    ? `On average the router picked an instance ${mean} score points behind the best one, at worst ${max}.`
    : `On average the router picked an instance whose load was ${mean} above the lowest, at worst ${max}. Load counts requests that wait or run twice, and those on their way once.`;

export const DECISION_TIME = 'simulated time of the decision';
export const TIME = 'Time';

/** @param {string} unit */
export const regretIn = (unit) => `regret in ${unit}`;
export const REGRET_SERIES = 'regret';
export const MEAN_REGRET = 'mean regret';
export const SMALLEST = 'smallest';
export const LARGEST = 'largest';
export const SMALLEST_TO_LARGEST = 'smallest to largest';

/** @param {string} value */
export const maxWords = (value) => `max ${value}`;

/** @param {string} value */
export const meanWords = (value) => `mean ${value}`;

/** @param {number} requests */
export const onlyInstance = (requests) => `The only instance gets all ${plural(requests, 'request')}.`;

/** @param {number} requests */
export const evenSpread = (requests) => `Every instance gets ${plural(requests, 'request')}.`;

/** @param {number} least @param {number} most @param {number} percent */
export const unevenSpread = (least, most, percent) =>
  most - least === 1
    ? `Every instance gets ${count(least)} or ${plural(most, 'request')}.`
    : `Between ${count(least)} and ${count(most)} requests; the busiest gets ${number(percent)}% more than an even share.`;

export const INSTANCE = 'Instance';
export const INSTANCE_AXIS = 'instance';

/** @param {number} value */
export const instanceName = (value) => `Instance ${value}`;

/** @param {string} value */
export const evenShare = (value) => `even share ${value}`;
