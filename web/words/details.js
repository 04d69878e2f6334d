// What the details say.

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
