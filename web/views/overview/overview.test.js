import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialState } from '../../app/state.js';
import { basisWords } from '../../words/overview.js';
import { describePoint, isLogarithmic } from '../../charts/spec.js';
import { logarithmicSteps } from '../../charts/steps.js';
import { duration, number, plural } from '../../shared/format.js';
import { lossWords, verdictWords } from '../../words/overview.js';
import { figures, hasLosses } from './headline.js';
import { instancesChart } from './instances.js';
import { regretChart } from './regret.js';
import { sweepChart } from './sweep.js';

/** @param {object} part @returns {any} */
const state = (part) => ({ ...initialState(), ...part });

/** @param {number[]} values @returns {any} */
const sweepOf = (values) => ({
  seed: '42',
  planned: values.length,
  finished: values.length,
  axis: 'instances',
  points: values.map((value, i) => ({ at: i + 1, bySeed: new Map([['42', { 'ttft-p99': value }]]) })),
});

test('numbers have three digits and durations the unit that suits them', () => {
  assert.equal(number(0.012345), '0.0123');
  assert.equal(number(1234.5), '1,235');
  assert.equal(duration(55.91), '55.9 ms');
  assert.equal(duration(1430.3), '1.43 s');
  assert.equal(duration(0), '0 ms');
  assert.equal(plural(1, 'request'), '1 request');
  assert.equal(plural(1000, 'request'), '1,000 requests');
});

/** A run and what theory says about it: an instance serves so many requests/s; null where theory does not hold. */
const runAt = (/** @type {string} */ kind, /** @type {number|null} */ capacity = null) => {
  const config = { cluster: { num_instances: 2 }, workload: { rate: 100 } };
  const values = [{ name: 'capacity', value: capacity }];
  const ceilings = { holds: capacity !== null, because: '', values };
  const run = { digest: 'd', config, summary: { verdict: { kind }, ttft: { p99_ms: 120 } } };
  return { run, config, theory: { digest: 'd', overlays: { ceilings } } };
};

/** What follows the ends of the sweep. @param {object} part */
const adviceOf = (part) => sweepChart(state(part))?.summary.split('at the current 2.')[1].trim();

test('instances that theory has overloaded are not said to be enough, however flat the curve of a short run', () => {
  const sweep = sweepOf([1000, 100, 50, 50, 50, 50]);
  assert.equal(
    adviceOf({ sweep, ...runAt('overloaded', 21) }),
    'Below 5 instances, more arrives than is served in the long run; this run is too short to show it.',
  );
  assert.equal(
    adviceOf({ sweep, ...runAt('too_short', 60) }),
    'Below 2 instances, more arrives than is served in the long run. ' +
      'Beyond 3 instances, each extra one improves TTFT p99 by less than 10%.',
  );
  assert.equal(
    adviceOf({ sweep, ...runAt('overloaded', 10) }),
    'Below 10 instances, more arrives than is served in the long run; this run is too short to show it.',
  );
});

test('where theory is silent, only a steady run tells how many instances are enough', () => {
  const flatFrom2 = sweepOf([50, 50, 50]);
  assert.equal(adviceOf({ sweep: flatFrom2, ...runAt('overloaded') }), '');
  assert.equal(adviceOf({ sweep: flatFrom2, ...runAt('too_short') }), '');
  assert.equal(
    adviceOf({ sweep: flatFrom2, ...runAt('steady') }),
    'Beyond 2 instances, each extra one improves TTFT p99 by less than 10%.',
  );
});

test('a figure that gets worse with more instances is not said to improve', () => {
  assert.equal(adviceOf({ sweep: sweepOf([100, 50, 50, 300]), ...runAt('steady') }), '');
});

test('a sweep that is only offered has the one point that is known, the figure of the run itself', () => {
  const sweep = { ...sweepOf([1, 1, 1]), status: 'offered' };
  for (const { bySeed } of sweep.points) bySeed.clear();
  const { run, config } = runAt('steady');
  assert.deepEqual(sweepChart(state({ sweep, run, config }))?.series[0].values, [null, 120, null]);
  const other = { cluster: { num_instances: 2 } };
  assert.deepEqual(sweepChart(state({ sweep, run, config: other }))?.series[0].values, [null, null, null]);
});

test('the sweep is summarised with its ends, the current count and the knee', () => {
  const chart = sweepChart(state({ sweep: sweepOf([1000, 100, 50, 50]), ...runAt('steady') }));
  assert.equal(
    chart?.summary,
    'From 1 s at 1 instance to 50 ms at 4; 100 ms at the current 2. Beyond 3 instances, each extra one improves TTFT p99 by less than 10%.',
  );
});

test('a sweep that is not complete says how far it has come and leaves gaps', () => {
  const sweep = sweepOf([1000, 100]);
  sweep.points[0].bySeed.clear();
  sweep.finished = 1;
  const chart = sweepChart(state({ sweep, config: { cluster: { num_instances: 2 } } }));
  assert.match(chart?.summary ?? '', /1 of 2 runs/);
  assert.deepEqual(chart?.series[0].values, [null, 100]);
});

test('the scale is logarithmic by default only where values differ more than fifty-fold', () => {
  const config = { cluster: { num_instances: 1 } };
  const wide = sweepChart(state({ sweep: sweepOf([5100, 100]), config }));
  const narrow = sweepChart(state({ sweep: sweepOf([4900, 100]), config }));
  assert.ok(wide && narrow);
  assert.equal(isLogarithmic(wide, null), true);
  assert.equal(isLogarithmic(narrow, null), false);
  assert.equal(isLogarithmic(narrow, true), true);
});

test('a logarithmic scale is labelled with round numbers', () => {
  assert.deepEqual(logarithmicSteps(40, 1500), [50, 100, 200, 500, 1000]);
  assert.deepEqual(logarithmicSteps(5, 100_000), [10, 100, 1000, 10_000, 100_000]);
});

test('a point is read out with its unit', () => {
  const chart = sweepChart(state({ sweep: sweepOf([1000, 55.91]), config: { cluster: { num_instances: 1 } } }));
  assert.ok(chart);
  assert.equal(describePoint(chart, 1), '2 instances: p99 55.9 ms');
});

test('the time that a run took has the unit that suits it', () => {
  const run = /** @type {any} */ ({ summary: { requests: 1e6, simulated_s: 5300 }, digest: 'abc', elapsedMs: 12_000 });
  assert.equal(basisWords(run), '1,000,000 requests · 5,300 s simulated in 12 s · digest abc');
});

test('an uneven spread is put into words', () => {
  const chart = instancesChart(state({ run: { requestsPerInstance: Uint32Array.of(100, 300) } }));
  assert.equal(chart?.summary, 'Between 100 and 300 requests; the busiest gets 50% more than an even share.');
  const even = instancesChart(state({ run: { requestsPerInstance: Uint32Array.of(83_333, 83_334) } }));
  assert.equal(even?.summary, 'Every instance gets 83,333 or 83,334 requests.');
});

test('regret that is zero by construction is not praised', () => {
  const run = {
    config: { trace: { counterfactual_k: 1 }, routing: { policy: 'least-loaded' } },
    summary: { mean_regret: 0, max_regret: 0 },
    regret: { seconds: [0, 1], min: [0, 0], mean: [0, 0], max: [0, 0] },
  };
  assert.match(regretChart(state({ run }))?.summary ?? '', /Always 0/);
});

test('a verdict is given with its reason', () => {
  const verdict = { kind: 'too_short', reason: 'batches 48% full and still filling' };
  assert.equal(
    verdictWords(/** @type {any} */ ({ verdict })),
    'Too short to tell: batches 48% full and still filling.',
  );
});

test('losses are named, and beyond one in a thousand they count', () => {
  const summary = (/** @type {number} */ timedOut) =>
    /** @type {any} */ ({
      requests: 100_000,
      rejected: 0,
      timed_out: timedOut,
      dropped: 0,
      lost: 0,
      still_queued: 0,
      still_running: 0,
    });
  assert.equal(hasLosses(summary(100)), false);
  assert.equal(hasLosses(summary(101)), true);
  assert.equal(lossWords(summary(39_713)), 'of 100,000: 39,713 timed out');
  assert.equal(lossWords(summary(0)), 'of 100,000');
});

test('every figure has its unit or says what it counts', () => {
  const summary = /** @type {any} */ ({
    ttft: { p99_ms: 1390, mean_ms: 645 },
    itl: { p99_ms: 94.9, mean_ms: 18.5 },
    e2e: { p99_ms: 16_600, mean_ms: 10_300 },
    responses_per_sec: 50.5,
    tokens_per_sec: 26_359,
    mean_regret: 6,
    max_regret: 19,
    requests: 1000,
    completed: 1000,
    rejected: 0,
    timed_out: 0,
    dropped: 0,
    lost: 0,
    still_queued: 0,
    still_running: 0,
    beside: { unfinished: null },
  });
  assert.deepEqual(
    figures(summary).map(({ value, detail }) => `${value}, ${detail}`),
    [
      '1.39 s, mean 645 ms',
      '18.5 ms, p99 94.9 ms',
      '16.6 s, mean 10.3 s',
      '50.5 per second, 26,359 tokens/s',
      '6 on average, 19 at worst',
      '1,000, of 1,000',
    ],
  );
  const unfinished = { ttft_p99_at_least_ms: 265_000, e2e_p99_at_least_ms: 269_000, output_tokens: 9 };
  const shown = (/** @type {number} */ produced) => {
    const beside = { unfinished: { ...unfinished, produced_tokens_per_sec: produced } };
    return figures(/** @type {any} */ ({ ...summary, beside })).map(({ detail }) => detail);
  };
  // What is at least so is the p99, not the mean; and what is the same is not said twice.
  assert.equal(shown(26_359.4)[0], 'mean 645 ms; p99 at least 265 s with unanswered requests');
  assert.equal(shown(26_359.4)[3], '26,359 tokens/s');
  assert.equal(shown(27_000)[3], '26,359 tokens/s, 27,000 counting unanswered requests');
});

test('a logarithmic scale without values has no labels', () => {
  assert.deepEqual(logarithmicSteps(0, 1), []);
  assert.deepEqual(logarithmicSteps(1, Infinity), []);
});

test('a chart that grows keeps its scale until it is known better', () => {
  /** @param {(number|null)[]} values @param {boolean} growing @returns {any} */
  const spec = (values, growing) => ({ growing, y: { log: 'auto' }, xs: values, series: [{ values }] });
  assert.equal(isLogarithmic(spec([null, null], true), null, true), true);
  assert.equal(isLogarithmic(spec([2, null], true), null, true), true);
  assert.equal(isLogarithmic(spec([2, 3], false), null, true), false);
  assert.equal(isLogarithmic(spec([2, 3], true), null, false), false);
  assert.equal(isLogarithmic(spec([0, null], true), null, true), false);
});
