// Explore with the opening scene: what it shows is the run of the Story.

import { duration, wait } from '../../web/shared/format.js';
import { openingConfig } from '../opening_config.js';
import { engine } from './engine.js';
import { expect, goTo, setInstances, test } from './support.js';

test(
  'Explore shows the scene of the Story: the same run, and its sweep',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.story();
    const told = await page.locator('#story-number').innerText();
    await goTo(page, 'Explore');
    await expect(page.locator('#setting-instances')).toHaveValue('4');
    await expect(page.locator('#setting-rate')).toHaveValue('200');
    const result = engine.simulate(openingConfig());
    const { digest, summary } = result;
    result.free();
    // The Story says whole milliseconds, Explore three digits.
    expect(told).toBe(wait(summary.ttft.p99_ms));
    const figure = duration(summary.ttft.p99_ms);
    await expect(page.locator('.basis')).toContainText(`1,000 requests`);
    await expect(page.locator('.basis')).toContainText(`digest ${digest}`);
    await expect(page.locator('.basis')).toContainText(/[0-9.]+ s simulated/);
    expect(await playground.figure('ttft-p99')).toBe(figure);
    await expect(page.locator('#sweep .chart-summary')).toContainText(`${figure} at the current 4`);
  },
);

test('the table of the sweep lists every count, with the p99 of the run at the current one', async ({
  page,
  playground,
}) => {
  await playground.open();
  const p99 = await playground.figure('ttft-p99');
  await page.locator('#sweep').getByRole('button', { name: 'table' }).click();
  const rows = page.locator('#sweep tbody tr');
  await expect(rows.nth(3)).toContainText(p99);
  await expect(rows.nth(11)).toContainText('12');
});

test('the verdict tells a run in overload from one that is too short', async ({ page, playground }) => {
  await playground.open();
  await expect(page.locator('#headline .verdict')).toContainText('Overloaded');
  await setInstances(page, 12);
  await expect(page.locator('#headline .verdict')).toContainText('Too short to tell');
});
