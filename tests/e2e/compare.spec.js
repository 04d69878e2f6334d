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
  await expect(page.locator('[data-figure=throughput] .delta')).toContainText(/▲ \+.* \/s .*better/);
  await expect(page.locator('#ttft .legend.dashed')).toHaveText('pinned: A');
  await expect(page.locator('#sweep .legend.dashed')).toHaveText('pinned: A');

  await goTo(page, 'Compare');
  const row = page.locator('tr[data-run=A]');
  await expect(row).toContainText(before);
  await expect(page.locator('#panel-compare thead')).toContainText('Instances');
  await expect(page.locator('#panel-compare thead')).not.toContainText('Arrival rate');
  await expect(row.locator('td').first()).toHaveText('4');
  await expect(page.locator('tr[data-run=Now] td').first()).toHaveText('12');
});

test(
  'pins survive a reload, can be opened again and removed by keyboard',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=1&latency=roofline&instances=2&rate=20&n=100&tab=compare');
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

test('where storage is denied the page works, and pins last until it is left', async ({ page, playground }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'sessionStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await playground.open('#v=1&latency=roofline&instances=2&rate=20&n=100&tab=compare');
  await page.getByRole('button', { name: 'Pin this run' }).click();
  await expect(page.locator('tr[data-run=A]')).toBeVisible();
});
