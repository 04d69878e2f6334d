import { expect, goTo, milliseconds, test } from './support.js';

test('the stretches of the way add up to the mean E2E of the headline', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=40&n=300&tab=details');
  await expect(page.locator('[data-phase=decode]')).toBeVisible();
  const times = await page.locator('#split tbody td:nth-of-type(1)').allInnerTexts();
  expect(times).toHaveLength(5);
  const sum = times.reduce((total, text) => total + milliseconds(text), 0);
  const mean = milliseconds((await page.locator('[data-figure=e2e] .detail').innerText()).replace('mean ', ''));
  expect(Math.abs(sum - mean) / mean).toBeLessThan(0.02);
});

test(
  'the maps can be read with arrow keys and as a table, and follow the settings',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=2&latency=roofline&instances=2&rate=40&n=300&tab=details');
    const map = page.locator('#batch-map');
    await expect(map.locator('.chart-summary')).toContainText('of at most 256');
    // True in light and in dark colours, where the most is the brightest.
    await expect(map).toContainText(/strongest colour: [0-9]+ running requests/);
    await map.locator('.chart-plot').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowDown');
    await expect(map.locator('.chart-readout')).toContainText(/Instance 1 at [0-9.]+ s: [0-9]+ running requests/);
    await expect(map.locator('[aria-live]')).toContainText('Instance 1');
    await map.getByRole('button', { name: 'table' }).click();
    await expect(map.locator('tbody tr')).toHaveCount(2);
    await page.locator('#setting-instances').fill('3');
    await page.locator('#setting-instances').press('Enter');
    await expect(map.locator('tbody tr')).toHaveCount(3);
  },
);

test('the sweep varies another setting and shows another figure, which the address keeps', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=40&n=200');
  await page.locator('#sweep-axis').selectOption('rate');
  await page.locator('#sweep-figure').selectOption('itl-p99');
  await expect(page.locator('#sweep .chart-summary')).toContainText(/at the current 40 requests\/s/);
  await expect(page).toHaveURL(/over=rate&show=itl-p99/);
  const hash = new URL(page.url()).hash;
  await page.goto('about:blank');
  await playground.open(hash);
  await expect(page.locator('#sweep .chart-summary')).toContainText(/at the current 40 requests\/s/);
  await page.locator('#sweep').getByRole('button', { name: 'table' }).click();
  await expect(page.locator('#sweep caption')).toContainText('ITL p99 against requests per second');
  for (const axis of ['tp', 'running', 'refresh']) {
    await page.locator('#sweep-axis').selectOption(axis);
    await expect(page.locator('#sweep .chart-summary')).toContainText('at the current');
  }
});

test('a long run shows how far the details have come, and they can be given up and asked for again', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&latency=roofline&instances=12&rate=200&n=100000');
  await goTo(page, 'Details');
  const panel = page.locator('#panel-details');
  // Both in one go, so that the run cannot be over in between.
  await page.waitForFunction(() => {
    const view = document.querySelector('#panel-details');
    const told = view?.querySelector('.view-empty')?.textContent ?? '';
    if (!/[0-9,]+ of 100,000 requests, [0-9.,]+ s simulated/.test(told)) return false;
    [...(view?.querySelectorAll('button') ?? [])].find(({ textContent }) => textContent === 'Cancel')?.click();
    return true;
  });
  await expect(panel.locator('.view-empty')).toContainText('Given up');
  await panel.getByRole('button', { name: 'Show the details' }).click();
  await expect(page.locator('[data-phase=decode]')).toBeVisible({ timeout: 60_000 });
});

test('every stretch of the way is seen on a phone, below no fold of its own', async ({ page, playground }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.open('#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42&tab=details');
  await expect(page.locator('[data-phase=decode]')).toBeVisible();
  for (const body of await page.locator('.split-body').all()) {
    const hidden = await body.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
    expect(hidden).toBeLessThanOrEqual(0);
  }
});

test('a distribution has that of the run before in grey, as shares and as bars', async ({ page, playground }) => {
  await page.addInitScript(() => {
    let now = 0;
    performance.now = () => now;
    Object.assign(globalThis, { passTime: () => (now += 5000) });
  });
  await playground.open('#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42&tab=details');
  await expect(page.locator('#distribution .legend')).toHaveText(['TTFT']);
  await page.evaluate(() => /** @type {any} */ (globalThis).passTime());
  await page.locator('#setting-instances').fill('12');
  await page.locator('#setting-instances').press('Enter');
  await expect(page.locator('#distribution .legend')).toHaveText(['TTFT', 'before: 4 instances']);
  for (const scale of ['linear', 'log']) {
    await page.getByLabel('Scale', { exact: true }).selectOption(scale);
    await page.getByLabel('Form', { exact: true }).selectOption('histogram');
    await expect(page.locator('#distribution .legend.outline')).toHaveText('before: 4 instances');
    await page.getByLabel('Form', { exact: true }).selectOption('share');
  }
});

test('in forced colours bars and legends keep their colours; on paper there are no tools @chromium', async ({
  page,
  playground,
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await playground.open('#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42&tab=details');
  await expect(page.locator('[data-phase=decode]')).toBeVisible();
  const kept = (/** @type {string} */ selector, /** @type {string} */ pseudo = '') =>
    page
      .locator(selector)
      .first()
      .evaluate((node, part) => getComputedStyle(node, part).forcedColorAdjust, pseudo);
  for (const selector of ['.split-bar', '.limit-part', '#distribution .chart-plot'])
    expect(await kept(selector), selector).toBe('none');
  expect(await kept('#distribution .legend', '::before')).toBe('none');
  await page.emulateMedia({ forcedColors: 'none', media: 'print' });
  await expect(page.locator('#distribution .chart-tools')).toBeHidden();
  const broken = await page.locator('#distribution').evaluate((chart) => getComputedStyle(chart).breakInside);
  expect(broken).toBe('avoid');
});
