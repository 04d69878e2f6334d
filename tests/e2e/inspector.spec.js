import { time } from '../../web/words/inspector.js';
import { configOf, engine } from './engine.js';
import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const LINK = '#v=2&latency=roofline&instances=4&rate=60&n=300&route=weighted&blocks=1500&tab=cluster';

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
    await expect(figures).toContainText(`TTFT${time(columns.ttft_us[request])}`);
    await expect(figures).toContainText(`E2E${time(columns.e2e_us[request])}`);
    await expect(figures).toContainText(`preemptions${columns.preemptions[request]}`);
    const waited = columns.first_scheduled_us[request] - columns.arrival_us[request];
    // Phases that took no time are left out.
    if (waited > 0) await expect(phase(page, 'waiting').locator('td').nth(1)).toHaveText(time(waited));
    else await expect(phase(page, 'waiting')).toHaveCount(0);
    await expect(phase(page, 'decode').locator('td').nth(1)).toHaveText(time(columns.e2e_us[request]));
  }
});

test('the list of the longest waits is sorted and leads to a request', async ({ page, playground }) => {
  const { columns } = outcomeOf(LINK);
  const worst = columns.ttft_us.indexOf(Math.max(...columns.ttft_us));
  await playground.open(LINK);
  const list = page.locator('#inspect-worst');
  await expect(list.locator('option').nth(1)).toHaveAttribute('value', String(worst));
  await list.selectOption({ index: 1 });
  await expect(page.locator('.life-figures')).toContainText(time(columns.ttft_us[worst]));
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
  await expect(decision).toContainText(`${time(explanation.snapshot_age_us)} old`);
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

test(
  'a request is a question with an answer, the picture at that moment, and what would have been elsewhere',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    const link = '#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42&tab=cluster';
    const { columns, p99 } = outcomeOf(link);
    const request = 986;
    const chosen = columns.instance[request];
    const other = (chosen + 1) % 4;
    const forked = engine.forkRoute(configOf(link), request, other);
    const ttft = forked.column('ttft_us')[request];
    const forkedP99 = forked.summary.ttft.p99_ms;
    forked.free();
    expect(forkedP99).not.toBe(p99);
    await playground.open(`${link}&request=${request}`);
    const waited = columns.first_scheduled_us[request] - columns.arrival_us[request];
    await expect(page.locator('#inspect-title')).toHaveText(`Why did request ${request} wait ${time(waited)}?`);
    await expect(page.locator('#inspect-wait')).toContainText(/\d+ requests were ahead of it/);
    const arrival = Math.round(columns.arrival_us[request]);
    await expect(page.locator(`.cluster[data-settled=true][data-time-us="${arrival}"]`)).toBeVisible();
    // The one that it went to is no choice.
    await expect(page.locator('[data-fork]')).toHaveCount(3);
    await expect(page.locator(`[data-fork="${chosen}"]`)).toHaveCount(0);
    await expect(page.locator('.what-if')).toContainText(`As simulated, on instance ${chosen}`);
    await page.locator(`[data-fork="${other}"]`).click();
    const shift = ttft - columns.ttft_us[request];
    const words = `${time(ttft)}, ${time(Math.abs(shift))} ${shift < 0 ? 'sooner' : 'later'}`;
    await expect(page.locator('.what-if-chips li', { has: page.locator(`[data-fork="${other}"]`) })).toContainText(
      words,
    );
    // The figures are folded away until they are wanted.
    await expect(page.locator('.forks')).toBeHidden();
    await page.getByText('Both worlds in numbers').click();
    await expect(page.locator(`[data-world="${other}"] td`).nth(0)).toHaveText(time(ttft));
    await expect(page.locator(`[data-world="${other}"] td`).nth(4)).toHaveText(time(forkedP99 * 1000));
    await expect(page.locator('[data-world=was] td').nth(4)).toHaveText(time(p99 * 1000));
    await expect(page.locator('#inspect-forks')).toContainText('Regret is not the time');
  },
);

test('on a phone nothing of a decision or of the choices lies beyond the edge', async ({ page, playground }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.open(`${LINK}&request=200`);
  await page.getByText('Why the router sent it there').click();
  await page.locator('[data-fork]').first().click();
  await expect(page.locator('.fork-answer').first()).toContainText(/sooner|later|no difference/);
  const parts = page.locator('.candidates tbody :is(th, td), [data-fork], .fork-answer:not(:empty), #inspect-title');
  const edges = await parts.evaluateAll((all) =>
    all.map((part) => part.getBoundingClientRect()).map(({ left, right }) => [left, right]),
  );
  expect(edges.length).toBeGreaterThan(30);
  for (const [left, right] of edges) {
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(360);
  }
  const heights = await page.locator('[data-fork]').evaluateAll((all) => all.map((chip) => chip.clientHeight + 2));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
});

test('at 1280 px no number of a life or a decision is clipped', async ({ page, playground }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await playground.open(`${LINK}&request=200`);
  await page.getByText('What it went through', { exact: true }).click();
  await page.getByText('Why the router sent it there').click();
  for (const table of ['.life-table', '.candidates']) {
    await expect(page.locator(table)).toBeVisible();
    const hidden = await page
      .locator(`.scroller:has(> ${table})`)
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(hidden, table).toBeLessThanOrEqual(0);
  }
});

test('a request that does not exist is refused in words', async ({ page, playground }) => {
  await playground.open(LINK);
  await expect(page.locator('#inspect-worst option').nth(1)).toBeAttached();
  await page.locator('#inspect-request').fill('300');
  await page.locator('#inspect-request').press('Enter');
  await expect(page.locator('#inspect-complaint')).toContainText('from 0 to 299');
});

test('a rejected request has no decision, and says so', async ({ page, playground }) => {
  const link = '#v=2&latency=roofline&instances=2&rate=60&n=200&admission=token-bucket&bucket=2000&refill=5000';
  const result = engine.simulate(configOf(link));
  const request = result.states.indexOf('rejected');
  result.free();
  expect(request).toBeGreaterThanOrEqual(0);
  await playground.open(`${link}&tab=cluster&request=${request}`);
  await expect(page.locator('.life-sentence')).toContainText('turned away at the gateway');
  await expect(page.locator('#inspect-decision')).toContainText('never routed');
});
