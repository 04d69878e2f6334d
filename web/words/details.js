// What the details say.

import { count, duration, number, plural } from '../shared/format.js';

/** The latencies whose distribution is shown: name, axis, and what is counted. */
export const LATENCIES = /** @type {const} */ ({
  ttft: { label: 'TTFT', axis: 'time to first token', samples: 'requests' },
  itl: { label: 'ITL', axis: 'time between two tokens', samples: 'gaps' },
  request_itl: { label: 'ITL by request', axis: 'mean time between the tokens of a request', samples: 'requests' },
  e2e: { label: 'E2E', axis: 'time to the last token', samples: 'requests' },
});

/** @param {string} latency */
export const distributionOf = (latency) => `Distribution of ${latency}`;

/** @param {string} samples */
export const percentOf = (samples) => `% of the ${samples}`;

/** @param {string} time */
export const within = (time) => `within ${time}`;

/** @param {string} from @param {string} to */
export const fromTo = (from, to) => `${from} to ${to}`;

/** @param {string} latency @param {string} samples how many of what @param {string[]} times of half, 90% and 99% */
export const quantiles = (latency, samples, [half, most, nearlyAll]) =>
  `${latency} of ${samples}: half within ${half}, 90% within ${most}, 99% within ${nearlyAll}.`;

/** @param {string} many @param {string} samples */
export const withoutPlace = (many, samples) => ` ${many} ${samples} of 0 ms have no place on a logarithmic scale.`;

/** What each stretch of a request's way is, for someone who meets it for the first time. */
export const PHASE_MEANINGS = {
  admission: 'until the gateway lets it in',
  routing: 'until an instance is chosen',
  queueing: 'until a batch has room',
  prefill: 'until the first token',
  decode: 'from first to last token',
};

export const SPLIT = 'Where the time goes';
export const SPLIT_CAPTION = 'Mean time of each stretch of a request’s way';
export const SPLIT_HEADS = ['Stretch', 'Mean', 'Share', 'Bar'];
export const NONE_COMPLETED = 'No request was completed.';

/** @param {number} ms @param {number} completed @param {number} percent @param {string} stretch the longest */
export const splitWords = (ms, completed, percent, stretch) =>
  `Of ${duration(ms)} on average over ${plural(completed, 'completed request')}, ${number(percent)}% are ${stretch}.`;

/** The maps: their titles, and the unit of a value. */
export const MAP_WORDS = {
  queue: { title: 'Queue depth', unit: 'waiting requests' },
  batch: { title: 'Batch size', unit: 'running requests' },
  kv: { title: 'KV cache in use', unit: '% of the blocks' },
};

/** @param {string} unit */
export const alwaysZero = (unit) => `Always 0 ${unit}.`;

/** @param {number} value */
export const ofAtMost = (value) => ` of at most ${count(value)}`;

/** @param {string} most with unit and limit @param {number} instance @param {number} seconds */
export const atMost = (most, instance, seconds) => `At most ${most}, on instance ${instance} at ${number(seconds)} s.`;

/** Single requests and decisions. */
export const ARRIVAL_AND_REQUEST = 'Arrival and request';
export const DECISION_AND_REQUEST = 'Decision and request';
export const ARRIVAL = 'arrival';
export const DECISION_TIME = 'time of the decision';

/** @param {number} request */
export const requestWords = (request) => `request ${request}`;

/** @param {number} request @param {number} ms @param {boolean} all whether every request is drawn */
export const longestWait = (request, ms, all) =>
  `Request ${request} waited longest for its first token: ${duration(ms)}. A click selects a request.${all ? '' : ' Where points overlap, the slowest is shown.'}`;

export const ALL_BEST = 'Every decision took the best instance. A click selects a decision.';

/** @param {number} request @param {number} instance @param {number} regret @param {string} unit */
export const worstDecision = (request, instance, regret, unit) =>
  `Worst decision: request ${request} went to instance ${instance}, ${number(regret)} ${unit} behind the best one. A click selects a decision.`;

/** Why requests waited: the one column that is no limit, the row over all instances, and what the table is. */
export const NOTHING_WAITS = { name: 'nothing waits', meaning: 'no request stood in the queue' };
export const LIMITS_TITLE = 'Why requests waited';
export const LIMITS_CAPTION = 'Share of the time by what requests waited for';
export const LIMITS_BAR = 'Bar';
export const OVERALL = 'overall';

/** @param {number} at */
export const instanceRow = (at) => `instance ${at}`;

/** @param {number} share */
export const shareWords = (share) => `${number(100 * share)}%`;

/** @param {number} span s @param {{name: string, share: number, nothing: number}|null} longest null: none was waited for */
export function limitsWords(span, longest) {
  const over = `Of ${number(span)} s from first arrival to last completion`;
  if (longest === null) return `${over}, requests never waited for a limit.`;
  const { name, share, nothing } = longest;
  return `${over}, requests waited for the ${name} during ${shareWords(share)}; nothing waited during ${shareWords(nothing)} (mean over instances).`;
}

export const SPLIT_REGION = 'Latency split';
export const DETAILS_REGION = 'Details of the run';

/** @param {number} finished @param {number} total requests @param {number} seconds simulated */
export const replaying = (finished, total, seconds) =>
  `Replaying the run for details: ${count(finished)} of ${count(total)} requests, ${number(seconds)} s simulated.`;

/** @param {string} label of a latency */
export const targetOf = (label) => `Target of ${label}, ms`;
