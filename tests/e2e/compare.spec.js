import { expect, goTo, setInstances, test } from './support.js';

test('a pinned run is shown against the current one: figures, both charts, table', async ({ page, playground }) => {
  await playground.open();
  const before = await playground.figure('ttft-p99');
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await setInstances(page, 12);
  await playground.settled();
  const delta = page.locator('[data-figure=ttft-p99] .delta');
  await expect(delta).toContainText(`A: ${before}`);
  await expect(delta).toContainText(/▼ −[0-9.]+ m?s \(−[0-9]+%\) better/);
  await expect(page.locator('[data-figure=throughput] .delta')).toContainText(/▲ \+[0-9.]+\/s .*better/);
  // Regret compares a decision with a ranking: it is neither good nor bad.
  await expect(page.locator('[data-figure=regret] .delta.same')).toBeVisible();
  await expect(page.locator('#ttft .legend.dashed')).toHaveText('pinned: A');
  await expect(page.locator('#sweep .legend.dashed')).toHaveText('pinned: A');

  await goTo(page, 'Compare');
  const row = page.locator('tr[data-run=A]');
  await expect(row).toContainText(before);
  await expect(page.locator('#panel-compare thead')).toContainText('Instances');
  await expect(page.locator('#panel-compare thead')).not.toContainText('Arrival rate');
  await expect(row.locator('td:not(.row-actions)').first()).toHaveText('4');
  await expect(page.locator('tr[data-run=Now] td:not(.row-actions)').first()).toHaveText('12');
});

test(
  'pins survive a reload, can be opened again and removed by keyboard',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&tab=compare');
    await page.getByRole('button', { name: 'Pin this run' }).click();
    await page.locator('#setting-instances').fill('3');
    await page.locator('#setting-instances').press('Enter');
    await playground.settled();
    await expect(page).toHaveURL(/instances=3/);
    await page.reload();
    await playground.settled();
    await expect(page.locator('tr[data-run=A]')).toBeVisible();
    await page.getByRole('button', { name: 'Open A' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('#setting-instances')).toHaveValue('2');
    await page.getByRole('button', { name: 'Remove A' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('#panel-compare')).toContainText('Nothing is pinned');
    await expect(page.locator('.delta')).toHaveCount(0);
  },
);

test(
  'a pin keeps its name in another tab, where it can be removed for both',
  { tag: '@firefox' },
  async ({ page, playground, context, address }) => {
    const link = '#v=2&latency=roofline&instances=2&rate=20&n=100&tab=compare';
    await playground.open(link);
    await page.getByRole('button', { name: 'Pin this run' }).click();
    const name = page.getByLabel('Name of pin A');
    await name.fill('two small ones');
    await page.keyboard.press('Tab');
    await expect(page.getByLabel('Name of pin two small ones')).toHaveValue('two small ones');
    // The table is made anew, and the keyboard goes on where it was.
    await expect(page.locator('.row-actions button').first()).toBeFocused();
    const other = await context.newPage();
    await other.goto(address + link);
    await expect(other.getByLabel('Name of pin two small ones')).toBeVisible({ timeout: 60_000 });
    // Figures of long ago are not shown unasked.
    await expect(other.locator('.delta').first()).toBeVisible();
    await expect(other.locator('#headline .delta')).toHaveCount(0);
    await other.getByRole('button', { name: 'Remove two small ones' }).click();
    await expect(page.locator('#panel-compare')).toContainText('Nothing is pinned');
    await other.close();
  },
);

test('what else stands in the storage, or no room in it, breaks nothing', async ({ page, playground }) => {
  await page.addInitScript(() => {
    localStorage.setItem('blis-playground-pins-2', '[{"id":"x","name":"x","digest":"x","pairs":[],"cdf":{}},7]');
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&tab=compare');
  await expect(page.locator('#panel-compare')).toContainText('Nothing is pinned');
  await page.getByRole('button', { name: 'Pin this run' }).click();
  await expect(page.locator('tr[data-run=A]')).toBeVisible();
  await expect(page.locator('.pins-lost')).toContainText('keeps nothing for this page');
});

test('a difference that seeds alone make is said to be no clear one', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=4&rate=20&n=200');
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await page.evaluate(() => {
    location.hash = '#v=2&latency=roofline&instances=4&rate=20&n=200&seed=5';
  });
  await expect(page.locator('.simulated')).toContainText('+1 changed setting');
  await playground.settled();
  const delta = page.locator('[data-figure=ttft-p99] .delta');
  await expect(delta).toContainText('no clear difference');
  await expect(delta).toHaveClass(/same/);
  await page.getByRole('tab', { name: 'Compare' }).click();
  await expect(page.locator('tr[data-run=A]')).toContainText(/no clear difference: seeds alone differ by [0-9.]+ ms/);
});

test('an embedded page shows no pins of the one who reads it', async ({ page, playground }) => {
  const link = '#v=2&latency=roofline&instances=2&rate=20&n=100';
  await playground.open(link);
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(page.locator('#headline .delta').first()).toBeVisible();
  await page.goto('about:blank');
  await playground.open(`${link}&embed=1`);
  await expect(page.locator('#headline .value').first()).toBeVisible();
  await expect(page.locator('.delta')).toHaveCount(0);
});

test('where storage is denied the page works, and pins last until it is left', async ({ page, playground }) => {
  await page.addInitScript(() => {
    for (const name of ['sessionStorage', 'localStorage'])
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
  });
  await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&tab=compare');
  await page.getByRole('button', { name: 'Pin this run' }).click();
  await expect(page.locator('tr[data-run=A]')).toBeVisible();
});

test('pinned runs fit beside the settings: their actions are seen, and no figure is cut', async ({
  page,
  playground,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await playground.open('#v=2&model=qwen/qwen3-14b&latency=roofline&instances=4&rate=200&n=1000&tab=compare');
  await page.locator('[data-action=pin]').last().click();
  await page.locator('#setting-instances').fill('5');
  await page.locator('#setting-instances').press('Enter');
  await expect(page.locator('.compare-table thead')).toContainText('Instances');
  await playground.settled();
  const frame = page.locator('.view-scroll:has(.compare-table)');
  const [wide, shown] = await frame.evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
  expect(wide).toBeLessThanOrEqual(shown);
  await expect(page.locator('.row-actions button').first()).toBeInViewport();
  expect((await page.locator('.pin-name').boundingBox())?.width).toBeLessThan(90);
});
