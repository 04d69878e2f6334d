import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusedSettings } from '../../web/engine/client.js';
import { Pool } from '../../web/engine/pool.js';
import { fewestGpus, hasRate, Planner } from '../../web/plan/planner.js';
import { highest, PRECISION, smallest, steadyFrom, steadyUpTo } from '../../web/plan/search.js';
import { DEFAULT_TARGETS, formatTargets, missed, readTargets, targetTexts } from '../../web/plan/targets.js';
import { sizeChart } from '../../web/views/plan_charts.js';
import { conclusion, rateText, sizeText } from '../../web/views/plan_results.js';

/** @param {number} from */
const atLeast = (from) => async (/** @type {number} */ value) => value >= from;

for (const border of [1, 2, 3, 5, 12, 33, 63, 64]) {
  test(`the smallest that passes is found at ${border}`, async () => {
    assert.equal(await smallest(atLeast(border), 64), border);
  });
}

test('a count after which one fails is not taken: its two neighbours have to pass as well', async () => {
  const passes = async (/** @type {number} */ value) => value >= 5 && value !== 6;
  assert.deepEqual(await steadyFrom(passes, 5, 64), { value: 7, exceptions: [6] });
});

test('a smaller count that passes by itself is named, not taken', async () => {
  const passes = async (/** @type {number} */ value) => value === 4 || value >= 6;
  assert.deepEqual(await steadyFrom(passes, 6, 64), { value: 6, exceptions: [4] });
});

test('where everything above passes there is no exception', async () => {
  assert.deepEqual(await steadyFrom(atLeast(9), 9, 64), { value: 9, exceptions: [] });
  assert.deepEqual(await steadyFrom(atLeast(64), 64, 64), { value: 64, exceptions: [] });
});

test('a rate is sustained only if lower ones are', async () => {
  assert.deepEqual(await steadyUpTo(async () => true, 100), { value: 100, exceptions: [] });
  assert.deepEqual(await steadyUpTo(async (rate) => rate !== 95, 100), { value: 85, exceptions: [95] });
  assert.deepEqual(await steadyUpTo(async (rate) => rate > 90, 100), { value: null, exceptions: [85, 70] });
});

test('where not even the largest passes there is no smallest', async () => {
  assert.equal(await smallest(atLeast(65), 64), null);
});

test('few values are tried: twelve of 64 at most', async () => {
  let tried = 0;
  await smallest(async (value) => {
    tried += 1;
    return value >= 33;
  }, 64);
  assert.ok(tried <= 12, `${tried} tried`);
});

for (const border of [3, 200, 1234]) {
  test(`the highest rate below ${border} is found to within 2 %, from either side`, async () => {
    const { passed, failed } = await highest(async (rate) => rate <= border, 200);
    assert.ok(passed !== null && failed !== null);
    assert.ok(passed <= border && border < failed, `${passed} to ${failed}`);
    assert.ok(failed / passed <= PRECISION);
  });
}

test('a search for a rate ends where everything or nothing passes', async () => {
  assert.equal((await highest(async () => true, 1)).failed, null);
  assert.equal((await highest(async () => false, 1)).passed, null);
});

test('targets survive the address; the defaults leave no trace in it', () => {
  assert.equal(formatTargets(DEFAULT_TARGETS), '');
  assert.deepEqual(readTargets(targetTexts('')).targets, DEFAULT_TARGETS);
  const targets = { ttft: null, itl: 20, e2e: 9000, goodput: 99.5, seeds: 3, steady: false };
  assert.equal(formatTargets(targets), 'itl:20,e2e:9000,goodput:99.5,seeds:3,steady:0');
  assert.deepEqual(readTargets(targetTexts(formatTargets(targets))), { targets, problems: {} });
});

test('what cannot be a target is named at its field', () => {
  const { problems } = readTargets({ ttft: 'fast', itl: '-1', goodput: '101', seeds: '2.5' });
  assert.deepEqual(Object.keys(problems).sort(), ['goodput', 'itl', 'seeds', 'ttft']);
  assert.match(readTargets({ seeds: '3' }).problems.ttft, /at least one/);
});

/** @param {number} ms @returns {any} */
const measurement = (ms, part = {}) => ({
  summary: {
    completed: 10,
    verdict: { kind: 'steady' },
    ttft: { p99_ms: ms },
    itl: { p99_ms: 5 },
    e2e: { p99_ms: 100 },
    ...part,
  },
  goodShare: 0.95,
  elapsedMs: 1,
});

test('a run meets its targets or the misses are named', () => {
  assert.deepEqual(missed(measurement(500), DEFAULT_TARGETS), []);
  assert.deepEqual(missed(measurement(501), DEFAULT_TARGETS), ['TTFT p99']);
  assert.deepEqual(missed(measurement(1), { ...DEFAULT_TARGETS, itl: 4, e2e: 99, goodput: 96 }), [
    'ITL p99',
    'E2E p99',
    'goodput',
  ]);
  assert.deepEqual(missed(measurement(1, { verdict: { kind: 'overloaded' } }), DEFAULT_TARGETS), ['overloaded']);
  assert.deepEqual(missed(measurement(1, { verdict: { kind: 'overloaded' } }), { ...DEFAULT_TARGETS, steady: false }), []);
  assert.deepEqual(missed(measurement(1, { completed: 0 }), DEFAULT_TARGETS), ['nothing completed']);
});

/** @param {object} part @returns {any} */
const config = (part = {}) => ({
  seed: 1,
  model: { name: 'm', tp: 1, latency_model: 'roofline' },
  cluster: { num_instances: 4 },
  workload: { rate: 100, concurrency: 0, spec: null, requests: null },
  ...part,
});

/** A model in which an instance of TP t takes 10·t requests per second; TP 1 does not fit. Seed 3 is the unlucky one. */
class ModelClient {
  runs = 0;

  /** @param {any} wanted */
  async measure({ seed, model, cluster, workload }) {
    this.runs += 1;
    await new Promise((done) => setTimeout(done, 0));
    if (model.tp === 1 && this.refuseTp1)
      throw new RefusedSettings(/** @type {any} */ ({ message: 'TP 1 does not fit' }));
    const load = workload.rate / (cluster.num_instances * 10 * model.tp) + (seed === 3 ? 0.1 : 0);
    return measurement(load <= 1 ? 100 * Math.max(load, 0.5) : 10_000);
  }

  refuseTp1 = true;

  cancel() {}
}

/** @param {ModelClient} client @param {any} settings @param {any} targets @returns {Promise<any>} */
async function planWith(client, settings = config(), targets = DEFAULT_TARGETS) {
  /** @type {any} */
  let last = null;
  const planner = new Planner(new Pool(/** @type {any} */ ([client, client])), (plan) => {
    last = plan;
  });
  const catalog = /** @type {any} */ ({ models: [{ name: 'm', tp_roofline: [1, 2, 4] }] });
  await planner.search(settings, targets, catalog);
  return last;
}

test('the smallest cluster is found per TP for the unluckiest seed, and what does not fit says so', async () => {
  const plan = await planWith(new ModelClient());
  const [one, two, four] = plan.sizes;
  assert.equal(one.status, 'refused');
  assert.equal(sizeText(one, false), 'TP 1 does not fit');
  // 100 / (20 n) + 0.1 <= 1 from n = 6 on; 100 / (40 n) + 0.1 <= 1 from n = 3 on.
  assert.equal(two.instances, 6);
  assert.equal(four.instances, 3);
  assert.equal(fewestGpus(plan)?.tp, 2);
  assert.match(conclusion(plan, false), /6 instances with TP 2, 12 GPUs in all/);
  assert.match(conclusion(plan, true), /search again/);
});

test('every probe holds one run per seed', async () => {
  const plan = await planWith(new ModelClient());
  for (const { runs } of plan.sizes[1].probes) assert.equal(runs.length, DEFAULT_TARGETS.seeds);
});

test('the highest rate is found at the present cluster', async () => {
  const client = new ModelClient();
  client.refuseTp1 = false;
  const plan = await planWith(client);
  // rate / 40 + 0.1 <= 1 up to 36.
  assert.equal(plan.rate.status, 'found');
  assert.ok(plan.rate.rate <= 36 && plan.rate.rate > 36 / PRECISION, String(plan.rate.rate));
});

test('the knee is where twice as many bring less than a tenth', async () => {
  const client = new ModelClient();
  client.refuseTp1 = false;
  const [one] = (await planWith(client)).sizes;
  // Mean over the seeds is 100 · max(10 / n, 0.5), with 0.1 more load for one of five: 12 instances find 10 / 12.
  assert.equal(one.instances, 12);
  assert.ok(one.knee > 12 && one.knee < 24, String(one.knee));
});

test('a target that 64 instances miss is reported as not reachable, with what they miss', async () => {
  const client = new ModelClient();
  client.refuseTp1 = false;
  const plan = await planWith(client, config(), { ...DEFAULT_TARGETS, ttft: 10 });
  assert.match(sizeText(plan.sizes[0], false), /not reachable within 64 instances \(TTFT p99\)/);
  assert.match(rateText(plan.rate, false), /^none: even .* miss TTFT p99/);
  assert.match(conclusion(plan, false), /No cluster found/);
});

test('a workload without a rate has none to search', async () => {
  const closed = config({ workload: { rate: 100, concurrency: 8, spec: null, requests: null } });
  assert.equal(hasRate(closed), false);
  assert.equal((await planWith(new ModelClient(), closed)).rate.status, 'pointless');
});

test('a cancelled search stops asking for runs', async () => {
  const client = new ModelClient();
  const planner = new Planner(new Pool(/** @type {any} */ ([client])), (plan) => {
    if (plan.runs === 3) planner.cancel();
  });
  /** @type {any} */
  await planner.search(config(), DEFAULT_TARGETS, null);
  const { runs } = client;
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(client.runs, runs);
  assert.ok(runs < 20);
});

test('the chart of sizes has a line per TP over GPUs and the target', async () => {
  const chart = sizeChart(await planWith(new ModelClient()));
  assert.deepEqual(
    chart?.series.filter(({ kind }) => kind === 'line').map(({ label }) => label),
    ['TP 2', 'TP 4'],
  );
  assert.ok(chart?.markers?.some(({ axis, at }) => axis === 'y' && at === 500));
  assert.ok(chart?.markers?.some(({ axis, at }) => axis === 'x' && at === 12));
});
