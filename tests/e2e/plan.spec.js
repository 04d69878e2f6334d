import { downloaded } from './downloads.js';
import { expect, milliseconds, test } from './support.js';

const SMALL = `#v=2&latency=roofline&instances=7&rate=60&n=300&tab=plan&goal=seeds:1`;

/** Waits for the end of a search. @param {import('@playwright/test').Page} page */
const searched = (page) =>
  expect(page.locator('.plan-outcome')).toContainText(/^(Fewest GPUs|No cluster found)/, { timeout: 60_000 });

test('the view opens with an answer, with the load, the reason why one fewer fails, and two charts', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42&tab=plan');
  await searched(page);
  const one = page.locator('tr[data-tp="1"]');
  // The cluster that holds, not the one that looks well for five seconds.
  await expect(one.locator('td').first()).toHaveText('12');
  await expect(one).toContainText('95.1%');
  await expect(page.locator('tr[data-remark="1"]')).toContainText(
    /Why not 11 instances \(load 10[0-9.]+%\): Overloaded/,
  );
  await expect(page.locator('tr[data-rate]')).toContainText(/6[0-9.]+ requests\/s/);
  // The headline stands in Explore: here the line says what is planned for.
  await expect(page.locator('.plan-simulated')).toContainText(/^Qwen3 14B .* 1,000 requests · BLIS streams · varied: /);
  await expect(page.locator('#plan-sizes canvas')).toBeVisible();
  await expect(page.locator('#plan-rates canvas')).toBeVisible();
});

test('a row can be used, and its run keeps to the target', async ({ page, playground }) => {
  await playground.open(SMALL);
  await searched(page);
  await page.locator('#goal-ttft').fill('200');
  await page.keyboard.press('Enter');
  await searched(page);
  await expect(page).toHaveURL(/slottft=default%3D200ms/);
  const row = page.locator('tr[data-tp="2"]');
  // The search of before may still be the one that is over.
  await expect(row.locator('td').first()).toHaveText(/^[0-9]+$/);
  const instances = await row.locator('td').first().innerText();
  await page
    .locator('tr[data-remark="2"]')
    .getByRole('button', { name: /^Use this/ })
    .click();
  await expect(page.locator('#setting-instances')).toHaveValue(instances);
  await expect(page).toHaveURL(/tp=2/);
  await playground.settled();
  expect(milliseconds(await playground.figure('ttft-p99'))).toBeLessThanOrEqual(200);
});

test('a row with fewer instances than a kill needs is used whole, without the kill', async ({ page, playground }) => {
  await playground.open(`${SMALL}&kill=6@1s&burst=20@2s`);
  await searched(page);
  // The plan is made without either, which is said once.
  await expect(page.locator('.plan-simulated')).toContainText('varied: ');
  await expect(page.locator('.plan-simulated')).not.toContainText(/kill|burst/i);
  await expect(page.locator('caption')).toContainText('Planned without instances that stop and without bursts.');
  await expect(page.locator('.plan-table tbody')).not.toContainText(/planned without/i);
  const instances = await page.locator('tr[data-tp="4"] td').first().innerText();
  expect(Number(instances)).toBeLessThan(7);
  await page
    .locator('tr[data-remark="4"]')
    .getByRole('button', { name: /^Use this/ })
    .click();
  await expect(page).toHaveURL(/tp=4/);
  await expect(page).not.toHaveURL(/kill=/);
  await expect(page.locator('#setting-instances')).toHaveValue(instances);
  await expect(page.locator('#notice')).toContainText('Kill of instance 6 was dropped');
});

test('what cannot be reached says so, with the reason', async ({ page, playground }) => {
  await playground.open(`${SMALL}&slottft=default%3D0.1ms`);
  await searched(page);
  await expect(page.locator('tr[data-tp="1"]')).toContainText('Not reachable: not even 256 instances: TTFT p99');
  await expect(page.locator('tr[data-rate]')).toContainText('Not reachable at any rate: even an idle instance needs');
  await expect(page.locator('.plan-outcome')).toContainText('No cluster found');
});

test('a TP on which the model does not fit shows the reason, the others go on', async ({ page, playground }) => {
  await playground.open(
    '#v=2&model=meta-llama/llama-3.1-70b-instruct&gpu=H100&tp=4&latency=roofline&instances=2&rate=5&n=50&tab=plan&slottft=default%3D2s&goal=seeds:2',
  );
  await searched(page);
  await expect(page.locator('tr[data-tp="1"].refused')).toContainText(/GiB/);
  await expect(page.locator('tr[data-tp="4"] td').first()).toHaveText(/^[0-9]+$/);
});

test('a bad target is explained at its field and nothing is searched', async ({ page, playground }) => {
  await playground.open(SMALL);
  await searched(page);
  const before = await page.locator('.plan-outcome').innerText();
  await page.locator('#goal-ttft').fill('fast');
  await page.keyboard.press('Enter');
  await expect(page.locator('#goal-ttft-error')).toHaveText('This must be a number from 0.001 to 1,000,000,000.');
  await expect(page.locator('#goal-ttft')).toBeFocused();
  await expect(page.locator('.plan-outcome')).toHaveText(before);
});

test('what costs much waits with an estimate; asked for, it shows progress and can be cancelled', async ({
  page,
  playground,
}) => {
  await playground.open(
    '#v=2&latency=roofline&instances=4&rate=200&n=1000&tab=plan&slottft=default%3D300ms&goal=seeds:20',
  );
  await expect(page.locator('.plan-outcome')).toContainText(/takes about [0-9,]+ simulated requests/, {
    timeout: 60_000,
  });
  await page.getByRole('button', { name: 'Find the cluster' }).click();
  await expect(page.locator('.plan-outcome')).toContainText(/Searching: [0-9,]+ requests simulated \(/);
  await expect(page.locator('.plan-outcome')).toContainText(/run [0-9]+ of [0-9]+/);
  await page.locator('#setting-rate').focus();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.plan-outcome')).toContainText('Cancelled:');
  await expect(page.getByRole('button', { name: 'Find the cluster' })).toBeFocused();
});

test('with users who wait for answers there is no rate to search, and no empty chart of it', async ({
  page,
  playground,
}) => {
  await playground.open(
    '#v=2&latency=roofline&instances=2&users=20&n=200&tab=plan&slottft=default%3D300ms&goal=seeds:1',
  );
  await searched(page);
  await expect(page.locator('tr[data-rate]')).toContainText('Not available: users set the pace');
  await expect(page.locator('#plan-rates')).toBeHidden();
  await expect(page.locator('.plan-remark').first()).toContainText('there is no load');
});

test('the plan can be taken along as CSV', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open(SMALL);
  await searched(page);
  const { name, content } = await downloaded(page, () => page.getByRole('button', { name: 'Download as CSV' }).click());
  expect(name).toBe('blis-plan.csv');
  const [heads, first, ...others] = content.toString().trimEnd().split('\n');
  expect(heads).toMatch(/^row,question,tp,status,verdict,reason,instances,/);
  expect(heads).toMatch(/,targets,goodput_target_percent,seeds,simulated$/);
  expect(first).toMatch(/^answer,instances,1,found,passes,/);
  expect(first).toContain(',TTFT within 500 ms,,1,');
  // All TPs and the rate, and what was tried for them.
  expect(others.filter((line) => line.startsWith('answer,'))).toHaveLength(4);
  expect(others.filter((line) => line.startsWith('tried,')).length).toBeGreaterThan(4);
});

test('on a phone the rows of the table say which they are however far it is moved', async ({ page, playground }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.open(SMALL);
  await searched(page);
  const table = page.getByRole('region', { name: 'Clusters that meet the targets' });
  await table.evaluate((region) => region.scrollTo({ left: region.scrollWidth }));
  const [head, frame] = await Promise.all([page.locator('tr[data-tp="1"] th').boundingBox(), table.boundingBox()]);
  expect(Math.abs((head?.x ?? 0) - (frame?.x ?? 0))).toBeLessThan(4);
  const button = page.locator('.plan-csv');
  await expect(button).toBeVisible();
  expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
});
