import { expect, test } from './support.js';

const SMALL = '#v=1&latency=roofline&instances=7&rate=60&n=300&tab=plan';

test('targets lead to the smallest cluster per TP, the highest rate and two charts', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.locator('#goal-ttft').fill('200');
  await page.keyboard.press('Enter');
  await expect(page.locator('.plan-outcome')).toContainText(/Fewest GPUs: [0-9]+ instances? with TP [0-9]/);
  for (const tp of [1, 2, 4, 8]) await expect(page.locator(`tr[data-tp="${tp}"] td`).first()).toHaveText(/^[0-9]+$/);
  await expect(page.locator('tr[data-rate]')).toContainText(/[0-9.]+ requests\/s/);
  await expect(page.locator('#plan-sizes canvas')).toBeVisible();
  await expect(page.locator('#plan-rates canvas')).toBeVisible();
  await expect(page).toHaveURL(/goal=ttft:200/);

  // What the plan says is what the run shows.
  const instances = await page.locator('tr[data-tp="1"] td').first().innerText();
  await page.locator('#setting-instances').fill(instances);
  await page.locator('#setting-instances').press('Enter');
  await playground.settled();
  const [p99, unit] = (await playground.figure('ttft-p99')).split(' ');
  expect(unit).toBe('ms');
  expect(Number(p99)).toBeLessThanOrEqual(200);
  await expect(page.locator('.plan-outcome')).toContainText('search again');
});

test('a target that cannot be reached says so, with the reason', async ({ page, playground }) => {
  await playground.open(`${SMALL}&goal=ttft:0.1,seeds:1`);
  await page.getByRole('button', { name: 'Find the cluster' }).click();
  await expect(page.locator('tr[data-tp="1"]')).toContainText('not reachable within 64 instances (TTFT p99)');
  await expect(page.locator('tr[data-rate]')).toContainText('none: even');
  await expect(page.locator('.plan-outcome')).toContainText('No cluster found');
});

test('a TP on which the model does not fit shows the engine’s message, the others go on', async ({
  page,
  playground,
}) => {
  await playground.open(
    '#v=1&model=meta-llama/llama-3.1-70b-instruct&gpu=H100&tp=4&latency=roofline&instances=2&rate=5&n=50&tab=plan&goal=ttft:2000,seeds:2,steady:0',
  );
  await page.getByRole('button', { name: 'Find the cluster' }).click();
  await expect(page.locator('tr[data-tp="1"].refused')).toContainText(/memory|GiB|KV|fit/i);
  await expect(page.locator('tr[data-tp="4"] td').first()).toHaveText(/^[0-9]+$/);
});

test('a bad target is explained at its field and nothing is searched', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.locator('#goal-ttft').fill('fast');
  await page.keyboard.press('Enter');
  await expect(page.locator('#goal-ttft-error')).toHaveText('This must be a number above 0.');
  await expect(page.locator('#goal-ttft')).toBeFocused();
  await expect(page.locator('.plan-outcome')).toBeEmpty();
});

test('a long search shows what it has, can be cancelled, and never blocks the settings', async ({
  page,
  playground,
}) => {
  await playground.open('#v=1&latency=roofline&instances=4&rate=100&n=20000&tab=plan&goal=ttft:300,seeds:20');
  await page.getByRole('button', { name: 'Find the cluster' }).click();
  await expect(page.locator('.plan-outcome')).toContainText(/Searching: [0-9]+ runs? so far/);
  const delay = await page.evaluate(async () => {
    const start = performance.now();
    await new Promise((done) => setTimeout(done, 0));
    return performance.now() - start;
  });
  expect(delay).toBeLessThan(200);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.plan-outcome')).toContainText('Cancelled after');
  await expect(page.getByRole('button', { name: 'Find the cluster' })).toBeFocused();
});
