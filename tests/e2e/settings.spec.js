import { expect, test } from './support.js';

test('changing the number of instances changes the figures', async ({ page, playground }) => {
  await playground.open();
  const before = await playground.figure('ttft-p99');
  await page.locator('#setting-instances').fill('6');
  await page.locator('#setting-instances').press('Enter');
  await expect(page.locator('[data-figure=ttft-p99] .value')).not.toHaveText(before);
  await expect(page.locator('#instances .chart-summary')).toContainText('Between 166 and 167 requests');
});

test('changing the routing policy changes the figures', async ({ page, playground }) => {
  await playground.open();
  const before = await page.locator('.basis').innerText();
  await page.locator('#setting-route').selectOption('least-loaded');
  await expect(page.locator('.basis')).not.toHaveText(before);
  await playground.settled();
  await expect(page.locator('[data-figure=regret] .value')).toBeVisible();
});

test('a slider moves the value, the figures and the address', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open();
  await page.locator('#setting-instances-slider').press('ArrowRight');
  await expect(page.locator('#setting-instances')).toHaveValue('5');
  await expect(page).toHaveURL(/[#&]instances=5(&|$)/);
});

test('the weighted policy brings its scorers, whose weights change the figures', async ({ page, playground }) => {
  await playground.open();
  await expect(page.locator('[data-key=scorers]')).toBeHidden();
  await page.locator('#setting-route').selectOption('weighted');
  await expect(page.locator('[data-key=scorers]')).toBeVisible();
  await playground.settled();
  await page.getByLabel('Weight of scorer 1').fill('7');
  await expect(page).toHaveURL(/scorers=[a-z-]+:7,/);
});

test('a bad value is explained at its control and the last good charts stay', async ({ page, playground }) => {
  await playground.open();
  const before = await page.locator('#headline').innerText();
  const rate = page.locator('#setting-rate');
  await rate.fill('fast');
  await rate.press('Enter');
  const error = page.locator('[data-key=rate] .error');
  await expect(error).toBeVisible();
  await expect(error).toHaveText('Enter a number greater than 0.');
  await expect(rate).toHaveAttribute('aria-invalid', 'true');
  await expect(rate).toHaveAttribute('aria-describedby', /setting-rate-error/);
  expect(await page.locator('#headline').innerText()).toBe(before);
  await expect(page.locator('#old-figures')).toHaveText('Old figures, from the run with Arrival rate 200 requests/s.');

  await rate.fill('100');
  await rate.press('Enter');
  await expect(error).toBeHidden();
  await expect(rate).not.toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#headline')).not.toHaveText(before);
});

test('help is one press away and names the flag of the command line', async ({ page, playground }) => {
  await playground.open();
  await page.locator('[data-key=route] .question').click();
  await expect(page.locator('#setting-route-help')).toContainText('--routing-policy');
});

test('a long run shows its progress and can be cancelled', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open();
  const before = await page.locator('.basis').innerText();
  await page.locator('#setting-n').fill('3000000');
  await page.locator('#setting-n').press('Enter');
  await expect(page.locator('#notice')).toContainText(/Simulating: [0-9,]+ of 3,000,000 requests/);
  await page.locator('#notice').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('#notice')).not.toContainText('Simulating');
  expect(await page.locator('.basis').innerText()).toBe(before);
});

test('another seed gives another run of the same experiment', async ({ page, playground }) => {
  await playground.open();
  const before = await page.locator('.basis').innerText();
  await page.getByRole('button', { name: 'New seed' }).click();
  await expect(page.locator('.basis')).not.toHaveText(before);
  await expect(page).toHaveURL(/[#&]seed=[0-9]+/);
});
