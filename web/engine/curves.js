// Read off a run inside the worker: how latencies are distributed, what each decision cost, how many requests keep to a
// limit. Of many requests only so many points leave the worker as a chart can show.

/** @import {Curves, Distribution, GoodputCurve, Limits} from '../types.d.ts' */

/** Points of a cumulative curve. */
const CURVE_POINTS = 400;

const BINS = 60;

/** Stretches of time of which each gives the worst request or decision to a chart of single ones. */
const STRETCHES = 400;

/**
 * The values that exist, ascending, in ms.
 * @param {Float64Array} us NaN where there is none
 */
function sortedMs(us) {
  return us
    .filter(Number.isFinite)
    .sort()
    .map((value) => value / 1000);
}

/**
 * A histogram with edges in even steps, or in even ratios.
 * @param {Float64Array} ms ascending
 * @param {boolean} log
 */
export function histogramOf(ms, log) {
  const [least, most] = [ms[0], ms[ms.length - 1]];
  const scale = log ? Math.log : (/** @type {number} */ value) => value;
  const unscale = log ? Math.exp : (/** @type {number} */ value) => value;
  const [from, to] = [scale(least), scale(most)];
  const bins = to > from ? BINS : 1;
  const edges = Float64Array.from({ length: bins + 1 }, (_unused, i) => unscale(from + ((to - from) * i) / bins));
  const counts = new Uint32Array(bins);
  let bin = 0;
  for (const value of ms) {
    while (bin < bins - 1 && value >= edges[bin + 1]) bin += 1;
    counts[bin] += 1;
  }
  if (bins === 1) edges.set([least * 0.95, least * 1.05 || 1]);
  return { edges, counts };
}

/**
 * Points of an ascending list at even ranks, the first and the last among them.
 * @param {Float64Array} sorted
 * @param {number} whole of how many the share is
 */
export function cumulativeOf(sorted, whole) {
  const many = Math.min(sorted.length, CURVE_POINTS);
  const ranks = Array.from({ length: many }, (_unused, i) =>
    many > 1 ? Math.round((i * (sorted.length - 1)) / (many - 1)) : 0,
  );
  return {
    ms: Float64Array.from(ranks, (rank) => sorted[rank]),
    share: Float64Array.from(ranks, (rank) => (rank + 1) / whole),
  };
}

/**
 * @param {Float64Array} us
 * @returns {Distribution}
 */
export function distributionOf(us) {
  const sorted = sortedMs(us);
  const empty = { edges: new Float64Array(), counts: new Uint32Array() };
  const positive = sorted.filter((value) => value > 0);
  return {
    count: sorted.length,
    cumulative: cumulativeOf(sorted, sorted.length),
    linear: sorted.length > 0 ? histogramOf(sorted, false) : empty,
    // A request of one token has no gap: it has no place on a logarithmic scale.
    log: positive.length > 0 ? histogramOf(positive, true) : empty,
  };
}

/**
 * The share of all arrived requests that are good, as the limit of TTFT moves; the other limits stay.
 * @param {{ttft: Float64Array, itl: Float64Array, e2e: Float64Array, arrived: number}} run times in µs
 * @param {Limits} limits that of TTFT is left out
 * @returns {GoodputCurve}
 */
export function goodputOf({ ttft, itl, e2e, arrived }, { itlMs, e2eMs }) {
  const kept = ttft.map((time, i) =>
    Number.isFinite(e2e[i]) && (itlMs === null || itl[i] <= itlMs * 1000) && (e2eMs === null || e2e[i] <= e2eMs * 1000)
      ? time
      : NaN,
  );
  return cumulativeOf(sortedMs(kept), Math.max(arrived, 1));
}

/**
 * Of each stretch of time the item with the largest value; ascending in time.
 * @param {Float64Array} times NaN where something did not happen
 * @param {Float64Array} values
 * @returns {Uint32Array} indices
 */
export function worstOfStretches(times, values) {
  let [from, to] = [Infinity, -Infinity];
  for (const time of times) {
    if (time < from) from = time;
    if (time > to) to = time;
  }
  /** @type {Map<number, number>} */
  const worst = new Map();
  for (let i = 0; i < times.length; i += 1) {
    if (!Number.isFinite(times[i]) || !Number.isFinite(values[i])) continue;
    const stretch = to > from ? Math.min(Math.floor((STRETCHES * (times[i] - from)) / (to - from)), STRETCHES - 1) : 0;
    const known = worst.get(stretch);
    if (known === undefined || values[i] > values[known]) worst.set(stretch, i);
  }
  return Uint32Array.from(worst.values()).sort((a, b) => times[a] - times[b]);
}

/**
 * Decisions per instance, and how much better the best one was.
 * @param {Float64Array} instance chosen one per request, NaN where there was no decision
 * @param {Float64Array} regret
 * @param {number} instances
 */
export function regretByInstance(instance, regret, instances) {
  const decisions = new Uint32Array(instances);
  const sum = new Float64Array(instances);
  const max = new Float64Array(instances);
  for (let i = 0; i < instance.length; i += 1) {
    const at = instance[i];
    if (!Number.isFinite(at) || !Number.isFinite(regret[i])) continue;
    decisions[at] += 1;
    sum[at] += regret[i];
    max[at] = Math.max(max[at], regret[i]);
  }
  const mean = sum.map((total, at) => (decisions[at] > 0 ? total / decisions[at] : 0));
  return { decisions, mean, max };
}

/**
 * Everything that the charts of single requests and decisions show.
 * @param {(name: string) => Float64Array} column
 * @param {{instances: number, arrived: number, limits: Limits}} options
 * @returns {Curves}
 */
export function curvesOf(column, { instances, arrived, limits }) {
  const [arrival, ttft, e2e] = [column('arrival_us'), column('ttft_us'), column('e2e_us')];
  const [routed, regret, instance] = [column('routed_us'), column('regret'), column('instance')];
  const gaps = column('itl_count');
  // As everywhere in goodput, the inter-token latency of a request is the mean of its gaps.
  const itl = column('itl_sum_us').map((total, i) => (gaps[i] > 0 ? total / gaps[i] : 0));
  const answered = itl.map((value, i) => (Number.isFinite(e2e[i]) ? value : NaN));
  const run = { ttft, itl, e2e, arrived };
  const free = { ttftMs: null, itlMs: null, e2eMs: null };
  return {
    distributions: { ttft: distributionOf(ttft), itl: distributionOf(answered), e2e: distributionOf(e2e) },
    goodput: { ttftOnly: goodputOf(run, free), withLimits: goodputOf(run, limits), limits },
    requests: { arrivalUs: arrival, ttftUs: ttft, routedUs: routed, regret, instance },
    worstWaits: worstOfStretches(arrival, ttft),
    worstDecisions: worstOfStretches(routed, regret),
    byInstance: regretByInstance(instance, regret, instances),
  };
}
