import assert from 'node:assert/strict';
import { rangeWords, unreachableWords } from '../../words/plan.js';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { hasRate } from '../../engine/axes.js';
import { Superseded } from '../../engine/client.js';
import { Pool } from '../../engine/pool.js';
import { rateChart, sizeChart } from './charts.js';
import { PLAN_REQUESTS } from '../../shared/budgets.js';
import { byCost, Planner } from './planner.js';
import { planCsv } from './csv.js';
import { conclusion, rowText } from './results.js';
import {
  DEFAULT_TARGETS,
  engineTargets,
  formatTargets,
  PROPOSED_TTFT_MS,
  readTargets,
  targetTexts,
} from './targets.js';

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

test('targets survive the address; the defaults leave no trace in it', () => {
  assert.equal(formatTargets(DEFAULT_TARGETS), '');
  assert.deepEqual(readTargets(targetTexts('')).targets, DEFAULT_TARGETS);
  const targets = { goodput: 99.5, seeds: 3 };
  assert.equal(formatTargets(targets), 'goodput:99.5,seeds:3');
  assert.deepEqual(readTargets(targetTexts(formatTargets(targets))).targets, targets);
});

test('the latencies of the form are numbers as people type them', () => {
  const { latencies, problems } = readTargets({ ttft: '1,500', itl: '', e2e: '9e3', seeds: '3' });
  assert.deepEqual(problems, {});
  assert.deepEqual(latencies, { ttft: 1500, itl: null, e2e: 9000 });
});

test('what cannot be a target is named at its field', () => {
  const { problems } = readTargets({ ttft: 'fast', itl: '-1', goodput: '101', seeds: '2.5' });
  assert.deepEqual(Object.keys(problems).sort(), ['goodput', 'itl', 'seeds', 'ttft']);
  // The settings take no exponents, and so small and large ones are never sent.
  for (const ttft of ['1e-9', '1e21', 'Infinity', '0'])
    assert.match(readTargets({ ttft, seeds: '3' }).problems.ttft, /from 0.001 to 1,000,000,000/, ttft);
});

/** @param {object} part @returns {any} */
const config = (part = {}) => ({
  seed: 1,
  model: { name: 'm', tp: 1, latency_model: 'roofline' },
  cluster: { num_instances: 4 },
  workload: { rate: 100, concurrency: 0, spec: null, requests: null },
  ...part,
});

/** @param {number} at */
const spread = (at) => ({ low: at, mean: at + 1, high: at + 2 });

/** @param {number} tp @param {number} instances @param {number} ttft */
const answer = (tp, instances, ttft) => ({
  instances,
  gpus: instances * tp,
  rate: 100,
  load: 0.953,
  ttft_p99_ms: spread(ttft),
  mean_itl_p99_ms: spread(20),
  e2e_p99_ms: spread(900),
  goodput_percent: spread(97),
  leading_p99_ms: ttft + 1,
  runs: 5,
  requests: 30_000,
});

const run = { ttft_p99_ms: 90, mean_itl_p99_ms: 20, e2e_p99_ms: 900, goodput_percent: 99 };

/** @param {any} tp @param {number} instances @param {number} ttft @returns {any} */
const found = (tp, instances, ttft) => ({
  question: tp === null ? 'rate' : 'instances',
  tp: tp ?? 1,
  status: 'found',
  reason: '',
  targets: { default: { ttft_ms: 500 } },
  answer: answer(tp ?? 1, instances, ttft),
  next: {
    instances: instances - 1,
    rate: 100,
    load: 1.04,
    finding: 'overloaded',
    reason: 'overloaded: it grows, and grows',
  },
  exceptions: [],
  notes: [],
  trials: [
    { instances: instances - 1, rate: 100, load: 1.2, finding: 'overloaded', reason: 'overloaded', runs: [] },
    { instances, rate: 100, load: 0.953, finding: 'passes', reason: '', runs: [run, run] },
  ],
});

/** Answers at once: TP 1 needs 12 instances, TP 2 six of the same cost that are faster, TP 4 does not fit. */
class FakeClient {
  /** @type {any[]} */
  asked = [];

  expected = 1000;

  /** @param {any} work @param {(report: any) => void} onReport */
  async size(work, onReport) {
    this.asked.push(work);
    const progress = (/** @type {boolean} */ done) => ({
      done,
      doing: done ? '' : '12 instances: run 1 of 5',
      runs: 1,
      simulated_requests: 1234,
      expected_requests: this.expected,
    });
    const none = { ...found(work.tp, 1, 1), answer: null, next: null, trials: [] };
    onReport({ row: { ...none, status: 'searching' }, progress: progress(false) });
    await new Promise((done) => setTimeout(done, 0));
    if (this.cancelled) throw new Superseded();
    if (work.budget !== null && this.expected > work.budget)
      return { row: { ...none, status: 'searching' }, progress: progress(false) };
    const rows = {
      1: found(1, 12, 68),
      2: found(2, 6, 34),
      4: { ...none, status: 'refused', reason: '1 GPU of 80 GiB does not hold the model' },
      8: { ...none, status: 'unreachable', reason: 'not even 256 instances: TTFT p99 7 ms' },
    };
    return { row: work.tp === null ? found(null, 4, 70) : rows[/** @type {1} */ (work.tp)], progress: progress(true) };
  }

  cancelled = false;

  cancel() {
    this.cancelled = true;
  }
}

/** @param {FakeClient} client */
const poolOf = (client) => new Pool({ size: 1, makeClient: () => /** @type {any} */ (client) });

/** @param {FakeClient} client @param {any} [options] @returns {Promise<any>} */
async function planWith(client, options) {
  /** @type {any} */
  let last = null;
  const planner = new Planner(poolOf(client), (plan) => {
    last = plan;
  });
  await planner.search(config(), DEFAULT_TARGETS, null, options);
  return last;
}

test('one search per TP and one for the rate are asked for, with the targets as the engine takes them', async () => {
  const client = new FakeClient();
  await planWith(client);
  assert.deepEqual(
    client.asked.map(({ tp }) => tp),
    [1, 2, 4, 8, null],
  );
  assert.deepEqual(client.asked[0].targets, engineTargets(DEFAULT_TARGETS));
  assert.equal(client.asked[0].budget, null);
});

test('of two clusters with as many GPUs the faster one is recommended, with its load', async () => {
  const plan = await planWith(new FakeClient());
  assert.deepEqual(
    byCost(plan).map(({ search }) => search.tp),
    [2, 1],
  );
  assert.match(conclusion(plan, false), /^Fewest GPUs: 6 instances with TP 2, 12 GPUs in all, load 95.3%\./);
  assert.match(conclusion(plan, true), /The settings have changed since/);
});

test('what does not fit and what is out of reach say why', async () => {
  const plan = await planWith(new FakeClient());
  assert.equal(rowText(plan.sizes[2], plan), '1 GPU of 80 GiB does not hold the model');
  assert.equal(rowText(plan.sizes[3], plan), 'Not reachable: not even 256 instances: TTFT p99 7 ms.');
});

test('a rate that no instance can serve in time is not given in digits, and ranges say their unit once', () => {
  assert.equal(
    unreachableWords('not even 0.00001575 requests/s: E2E p99 13.62 s'),
    'Not reachable at any rate: even an idle instance needs 13.62 s (E2E p99).',
  );
  assert.equal(
    unreachableWords('not even 12 instances: TTFT p99 7 ms'),
    'Not reachable: not even 12 instances: TTFT p99 7 ms.',
  );
  assert.equal(rangeWords('33 ms', '33.1 ms'), '33 to 33.1 ms');
  assert.equal(rangeWords('99%', '99.1%'), '99 to 99.1%');
  assert.equal(rangeWords('950 ms', '1.2 s'), '950 ms to 1.2 s');
  assert.equal(rangeWords('100%', '100%'), '100%');
});

test('the CSV has no digits that only the computation has left', async () => {
  const plan = await planWith(new FakeClient());
  const answer = plan.sizes[0].row.answer;
  answer.goodput_percent = { low: 99.08749999999999, mean: 99.1155, high: 100 };
  const [line] = readCsv(planCsv(plan));
  assert.deepEqual([line.goodput_percent_low, line.goodput_percent_high], ['99.087', '100']);
});

test('what costs more than is done without being asked stops with an estimate', async () => {
  const client = new FakeClient();
  client.expected = PLAN_REQUESTS + 1;
  const plan = await planWith(client, { asked: false });
  assert.equal(plan.status, 'estimated');
  assert.match(conclusion(plan, false), /about 7,500,005 simulated requests/);
  assert.match(rowText(plan.sizes[0], plan), /about 1,500,001 requests/);
  assert.equal((await planWith(client, { asked: true })).status, 'done');
});

test('a cancelled search stops asking', async () => {
  const client = new FakeClient();
  /** @type {string[]} */
  const states = [];
  const planner = new Planner(poolOf(client), ({ status, rate, sizes }) => {
    states.push(status);
    if (sizes[0].progress && !rate.progress) planner.cancel();
  });
  await planner.search(config(), DEFAULT_TARGETS, null);
  await new Promise((done) => setTimeout(done, 5));
  assert.equal(states.at(-1), 'cancelled');
  assert.equal(client.asked.length, 1);
});

test('the chart of sizes has a line per TP that was run, over GPUs, and the target', async () => {
  const plan = await planWith(new FakeClient());
  const chart = sizeChart(plan);
  assert.deepEqual(
    chart?.series.filter(({ kind }) => kind === 'line').map(({ label }) => label),
    ['TP 1', 'TP 2'],
  );
  // Where the load alone decides there is nothing to draw.
  assert.deepEqual(chart?.xs, [12]);
  assert.ok(chart?.markers?.some(({ axis, at }) => axis === 'y' && at === 500));
  assert.ok(chart?.markers?.some(({ axis, at }) => axis === 'x' && at === 12));
  assert.equal(rateChart({ ...plan, rate: { tp: null, row: null, progress: null } }), null);
});

/**
 * The lines of a table, by the names of its columns.
 * @param {string} csv
 * @returns {Record<string, string>[]}
 */
function readCsv(csv) {
  const rows = csv
    .trimEnd()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain),
    );
  const [names, ...lines] = rows;
  for (const line of lines) assert.equal(line.length, names.length, line.join('|'));
  return lines.map((line) => Object.fromEntries(names.map((name, i) => [name, line[i]])));
}

test('the CSV has every row of the table, why the others have none, and everything that was tried', async () => {
  const lines = readCsv(planCsv(await planWith(new FakeClient()), 'Qwen3 14B · H100, and more'));
  const answers = lines.filter(({ row }) => row === 'answer');
  assert.deepEqual(
    answers.map(({ question, tp, status, verdict, instances, reason }) => [
      question,
      tp,
      status,
      verdict,
      instances,
      reason,
    ]),
    [
      ['instances', '1', 'found', 'passes', '12', ''],
      ['instances', '2', 'found', 'passes', '6', ''],
      ['instances', '4', 'refused', '', '', '1 GPU of 80 GiB does not hold the model'],
      ['instances', '8', 'unreachable', '', '', 'not even 256 instances: TTFT p99 7 ms'],
      ['rate', '1', 'found', 'passes', '4', ''],
    ],
  );
  assert.deepEqual(
    answers.map((line) => line.fewest_gpus),
    ['false', 'true', '', '', 'false'],
  );
  const [{ ttft_p99_ms_low: low, ttft_p99_ms_mean: mean, ttft_p99_ms_high: high, ...first }] = answers;
  assert.deepEqual([low, mean, high, first.load, first.runs], ['68', '69', '70', '0.953', '5']);
  assert.equal(first.why_not_next, 'Why not 11 instances (load 104%): Overloaded: it grows, and grows.');
  assert.match(first.remarks, /^5 runs of up to 30,000 requests\.$/);
  const tried = lines.filter(({ row }) => row === 'tried');
  assert.deepEqual(
    tried
      .slice(0, 2)
      .map(({ instances, gpus, verdict, reason, runs, ttft_p99_ms_mean: p99 }) => [
        instances,
        gpus,
        verdict,
        reason,
        runs,
        p99,
      ]),
    [
      ['11', '11', 'overloaded', 'overloaded', '0', ''],
      ['12', '12', 'passes', '', '2', '90'],
    ],
  );
  for (const { targets, seeds, simulated } of lines)
    assert.deepEqual([targets, seeds, simulated], ['TTFT within 500 ms', '5', 'Qwen3 14B · H100, and more']);
});

test('a search that has not reported has a line, too, and no cell begins a formula', async () => {
  const plan = await planWith(new FakeClient());
  const silent = { ...plan, status: 'cancelled', rate: { tp: null, row: null, progress: null } };
  const rate = readCsv(planCsv(silent, '=1+1')).find(({ question }) => question === 'rate');
  assert.equal(rate?.status, 'cancelled');
  assert.equal(rate?.simulated, "'=1+1");
});

test('whether there is a rate', () => {
  assert.equal(hasRate(config()), true);
  assert.equal(hasRate(config({ workload: { rate: 100, concurrency: 8, spec: null, requests: null } })), false);
});

test('the engine behind it finds the twelve instances of the opening scene, in slices', () => {
  const targets = engineTargets({ ...DEFAULT_TARGETS, seeds: 1 });
  const search = new engine.SizeSearch(openingConfig(4), 1, targets);
  let slices = 1;
  while (!search.advance(200_000).done) slices += 1;
  const { status, answer, next, targets: latencies } = search.row();
  search.free();
  assert.equal(status, 'found');
  assert.equal(answer?.instances, 12);
  assert.equal(next?.instances, 11);
  assert.equal(next?.finding, 'overloaded');
  assert.ok(slices > 20, `${slices}`);
  // Without a target in the settings the engine takes what the form announces.
  assert.equal(latencies.default.ttft_ms, PROPOSED_TTFT_MS);
});

test('a target that is out of range is an error that names it', () => {
  const targets = engineTargets({ ...DEFAULT_TARGETS, seeds: 21 });
  assert.throws(() => new engine.SizeSearch(openingConfig(4), 1, targets), /targets.seeds: got 21/);
});
