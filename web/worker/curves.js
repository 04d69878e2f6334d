// In the worker: latencies, requests and decisions of a run, gathered for the charts.

/** @import {Result} from '#engine' */
/** @import {Curves} from '../shared/types.d.ts' */

/** Points of a cumulative curve. */
const CURVE_POINTS = 400;

const BINS = 60;

/** Stretches of time of which each gives the worst request or decision to a chart of single ones. */
const STRETCHES = 400;

/**
 * Everything that the charts of latencies, goodput, single requests and decisions show.
 * @param {Result} result
 * @returns {Curves}
 */
export function curvesOf(result) {
  const distribution = (/** @type {import('#engine').Latency} */ latency) =>
    result.distribution(latency, BINS, CURVE_POINTS);
  return {
    distributions: {
      ttft: distribution('ttft'),
      itl: distribution('itl'),
      request_itl: distribution('request_itl'),
      e2e: distribution('e2e'),
    },
    goodput: result.goodputCurve(CURVE_POINTS),
    classes: result.classLabels,
    requests: {
      arrivalUs: result.column('arrival_us'),
      ttftUs: result.column('ttft_us'),
      routedUs: result.column('routed_us'),
      regret: result.column('regret'),
      instance: result.column('instance'),
    },
    worstWaits: result.worstWaits(STRETCHES),
    worstDecisions: result.worstDecisions(STRETCHES),
    byInstance: result.regretByInstance(),
  };
}
