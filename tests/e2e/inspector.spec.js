import { configOf, engine } from './engine.js';
import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const LINK = '#v=1&latency=roofline&instances=4&rate=60&n=300&route=weighted&blocks=1500&tab=cluster';

/** @param {number} us */
const ms = (us) => `${(us / 1000).toLocaleString('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 })} ms`;

/** @param {string} link */
function outcomeOf(link) {
  const result = engine.simulate(configOf(link));
  const column = (/** @type {import('#engine').ColumnName} */ name) => result.column(name);
  const names = /** @type {const} */ ([
    'arrival_us',
    'first_scheduled_us',
    'ttft_us',
    'e2e_us',
    'instance',
    'preemptions',
  ]);
  const columns = Object.fromEntries(names.map((name) => [name, column(name)]));
  const { ttft, regret_unit: unit } = result.summary;
  result.free();
  return { columns, p99: ttft.p99_ms, unit };
}

/**
 * @param {Page} page
 * @param {string} phase
 */
const phase = (page, phase) => page.locator('.life-table tr', { has: page.getByText(phase, { exact: true }) });

test('the numbers of a request are those of the result', async ({ page, playground }) => {
  const { columns } = outcomeOf(LINK);
  await playground.open(LINK);
  for (const request of [0, 120, 299]) {
    await page.locator('#inspect-request').fill(String(request));
    await page.locator('#inspect-request').press('Enter');
    await expect(page.locator('.life-sentence')).toContainText(`Request ${request}:`);
    const figures = page.locator('.life-figures');
    await expect(figures).toContainText(`TTFT${ms(columns.ttft_us[request])}`);
    await expect(figures).toContainText(`E2E${ms(columns.e2e_us[request])}`);
    await expect(figures).toContainText(`preemptions${columns.preemptions[request]}`);
    const waited = columns.first_scheduled_us[request] - columns.arrival_us[request];
    await expect(phase(page, 'waiting').locator('td').nth(1)).toHaveText(ms(waited));
    await expect(phase(page, 'decode').locator('td').nth(1)).toHaveText(ms(columns.e2e_us[request]));
  }
});

test('the list of the longest waits is sorted and leads to a request', async ({ page, playground }) => {
  const { columns } = outcomeOf(LINK);
  const worst = columns.ttft_us.indexOf(Math.max(...columns.ttft_us));
  await playground.open(LINK);
  const list = page.locator('#inspect-worst');
  await expect(list.locator('option').nth(1)).toHaveAttribute('value', String(worst));
  await list.selectOption({ index: 1 });
  await expect(page.locator('.life-figures')).toContainText(ms(columns.ttft_us[worst]));
});

test('a preempted request says when and why, once for each preemption', async ({ page, playground }) => {
  const { columns } = outcomeOf(LINK);
  const request = columns.preemptions.findIndex((/** @type {number} */ times) => times > 0);
  expect(request).toBeGreaterThanOrEqual(0);
  await playground.open(`${LINK}&request=${request}`);
  const lines = page.locator('.life-eviction');
  await expect(lines.first()).toContainText('of 1,500 KV blocks in use');
  await expect(lines).toHaveCount(columns.preemptions[request]);
});

test('the decision shows what the engine explains', async ({ page, playground }) => {
  const explanation = engine.explainDecision(configOf(LINK), 200);
  if (!explanation) throw new Error('request 200 was not routed');
  await playground.open(`${LINK}&request=200`);
  const decision = page.locator('#inspect-decision');
  await expect(decision.locator('.decision-verdict')).toContainText(`chose instance ${explanation.chosen}`);
  await expect(decision).toContainText(`${ms(explanation.snapshot_age_us)} old`);
  const rows = decision.locator('tbody tr');
  await expect(rows).toHaveCount(4);
  for (const [at, seen] of explanation.instances.entries()) {
    const cells = rows.nth(at).locator('td');
    await expect(cells.nth(0)).toContainText(String(seen.queue_depth));
    if (seen.queue_depth !== seen.true_queue_depth)
      await expect(cells.nth(0)).toContainText(`true ${seen.true_queue_depth}`);
    await expect(cells.nth(3)).toHaveText(String(seen.in_flight));
    await expect(cells.nth(8)).toHaveText(seen.score.toFixed(4));
  }
});

test('a fork to the same instance changes nothing', async ({ page, playground }) => {
  const { columns, p99 } = outcomeOf(LINK);
  const same = columns.instance[200];
  await playground.open(`${LINK}&request=200`);
  await page.locator(`[data-fork="${same}"]`).click();
  const cells = page.locator(`[data-world="${same}"] td`);
  await expect(cells.nth(0)).toHaveText(ms(columns.ttft_us[200]));
  for (const difference of [1, 3, 5]) await expect(cells.nth(difference)).toHaveText('±0');
  await expect(cells.nth(4)).toHaveText(ms(p99 * 1000));
});

test(
  'a fork elsewhere shows both worlds, and that regret is something else',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    const { columns, p99 } = outcomeOf(LINK);
    const other = (columns.instance[200] + 1) % 4;
    const forked = engine.forkRoute(configOf(LINK), 200, other);
    const ttft = forked.column('ttft_us')[200];
    const forkedP99 = forked.summary.ttft.p99_ms;
    forked.free();
    expect(forkedP99).not.toBe(p99);
    await playground.open(`${LINK}&request=200`);
    await page.locator(`[data-fork="${other}"]`).click();
    await expect(page.locator(`[data-world="${other}"] td`).nth(0)).toHaveText(ms(ttft));
    await expect(page.locator(`[data-world="${other}"] td`).nth(4)).toHaveText(ms(forkedP99 * 1000));
    await expect(page.locator('[data-world=was] td').nth(4)).toHaveText(ms(p99 * 1000));
    await expect(page.locator('#inspect-forks')).toContainText('Regret is not the time');
  },
);

test('a request that does not exist is refused in words', async ({ page, playground }) => {
  await playground.open(LINK);
  await expect(page.locator('#inspect-worst option').nth(1)).toBeAttached();
  await page.locator('#inspect-request').fill('300');
  await page.locator('#inspect-request').press('Enter');
  await expect(page.locator('#inspect-complaint')).toContainText('from 0 to 299');
});

test('a rejected request has no decision, and says so', async ({ page, playground }) => {
  const link = '#v=1&latency=roofline&instances=2&rate=60&n=200&admission=token-bucket&bucket=2000&refill=5000';
  const result = engine.simulate(configOf(link));
  const request = result.states.indexOf('rejected');
  result.free();
  expect(request).toBeGreaterThanOrEqual(0);
  await playground.open(`${link}&tab=cluster&request=${request}`);
  await expect(page.locator('.life-sentence')).toContainText('rejected by admission');
  await expect(page.locator('#inspect-decision')).toContainText('never routed');
});
