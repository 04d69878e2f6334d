// Every place that shows a figure of a run shows the same one.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { initialState } from '../../app/state.js';
import { duration } from '../../shared/format.js';
import { figuresOf } from '../../shared/metrics.js';
import { details } from '../../worker/measure.js';
import { figures } from '../overview/headline.js';
import { ttftChart } from '../overview/ttft.js';
import { distributionChart } from './distribution.js';
import { goodputChart } from './goodput.js';
import { splitSummary } from './parts.js';

/** @import {Config} from '../../shared/types.d.ts' */

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

/**
 * Prompts and answers with heavy tails, and a patience that some do not have.
 * @param {number} requests
 * @returns {Config}
 */
function heavyTailed(requests) {
  const story = openingConfig(2);
  const pareto = { type: 'pareto_lognormal', params: { alpha: 1.2, xm: 60, mu: 4, sigma: 1.5, mix_weight: 0.4 } };
  const spec = {
    seed: 3,
    aggregate_rate: 60,
    num_requests: requests,
    clients: [
      {
        id: 'c',
        rate_fraction: 1,
        arrival: { process: 'poisson' },
        input_distribution: pareto,
        output_distribution: pareto,
      },
    ],
  };
  const slo = { default: { ttft_ms: 40, itl_ms: null, e2e_ms: 3000 } };
  return /** @type {any} */ ({ ...story, slo, workload: { ...story.workload, spec } });
}

for (const requests of [1, 2, 3, 10, 100, 1000]) {
  test(`the figures of a run of ${requests} heavy-tailed requests are the same everywhere`, async () => {
    const config = heavyTailed(requests);
    const result = engine.simulate(config);
    const { summary } = result;
    const found = await details(engine, result, config, async () => true);
    assert.ok(found);
    const { distributions, goodput } = found.curves;

    for (const name of /** @type {const} */ (['ttft', 'itl', 'e2e'])) {
      assert.deepEqual(distributions[name].summary, summary[name], name);
      const total = (/** @type {number[]} */ counts) => counts.reduce((sum, value) => sum + value, 0);
      const { linear, log, cumulative } = distributions[name];
      assert.equal(total(linear.counts), summary[name].count);
      assert.equal(total(log.counts) + log.left_out, summary[name].count);
      if (summary[name].count > 0) assert.equal(cumulative.share.at(-1), 1);
    }

    // The same percentiles in the sentence of the overview, that of Details, and the figures.
    const cdf = result.ttftCdf(200);
    const histogram = result.ttftHistogram(60);
    const run = { config, summary, digest: '', cdf, histogram, notes: [], warnings: [] };
    const state = /** @type {any} */ ({ ...initialState(), run });
    const overview = ttftChart(state);
    const chosen = /** @type {const} */ ({ figure: 'ttft', form: 'share', scale: 'log' });
    const detailed = distributionChart(found, chosen, state);
    const { p50_ms: p50, p90_ms: p90, p99_ms: p99 } = summary.ttft;
    for (const value of [p50, p90, p99]) {
      assert.ok(overview?.summary.includes(duration(value)), `${overview?.summary} ${duration(value)}`);
      assert.ok(detailed?.summary.includes(duration(value)), `${detailed?.summary} ${duration(value)}`);
    }
    const marks = (/** @type {any} */ chart) => chart.markers.map((/** @type {any} */ { at }) => at);
    assert.deepEqual(marks(overview), [p50, p90, p99]);
    assert.deepEqual(marks(detailed), [p50, p90, p99]);
    assert.equal(figures(summary)[0].value, duration(p99));
    assert.equal(figuresOf(summary)['ttft-p99'], p99);

    // The stretches add up to the mean E2E; the curve at the target is the goodput.
    const { completed, ...stretches } = found.phases;
    assert.equal(completed, summary.completed);
    const sum = Object.values(stretches).reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum - summary.e2e.mean_ms) < 1e-6 * Math.max(1, sum));
    assert.ok(splitSummary(found).includes(duration(summary.e2e.mean_ms)));
    const at = goodput.ttft_ms.indexOf(40);
    assert.equal(goodput.with_others[at], goodput.goodput?.slo_attainment);
    assert.equal(result.goodShare({ ttft_ms: 40, e2e_ms: 3000 }), goodput.goodput?.slo_attainment);
    assert.match(goodputChart(found)?.summary ?? '', /TTFT within 40 ms and E2E within 3 s/);
    result.free();
  });
}

test('a share at a percentile is that percentile, also of a hundred values with a long tail', () => {
  const config = heavyTailed(100);
  const result = engine.simulate(config);
  const { summary, cumulative } = result.distribution('ttft', 60, 400);
  const below = (/** @type {number} */ ms) => cumulative.value_ms.filter((value) => value <= ms).length;
  assert.equal(cumulative.share[below(summary.p50_ms) - 1], 0.5);
  assert.equal(cumulative.share[below(summary.p99_ms) - 1], 0.99);
  result.free();
});

test('an unknown latency or target is refused with what is valid', () => {
  const result = engine.simulate(heavyTailed(1));
  assert.throws(
    () => result.distribution(/** @type {any} */ ('ttfb'), 1, 2),
    /latency: got ttfb, expected one of ttft/,
  );
  assert.throws(() => result.goodShare(/** @type {any} */ ({ ttft: 5 })), /target/);
  result.free();
});
