import { readFileSync } from 'node:fs';
import * as engine from '#engine';
import { openingConfig } from '../opening_config.js';
import { expect, milliseconds, test } from './support.js';

test(
  'the page opens on the opening scene, with a result and a sweep',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open();
    await expect(page.locator('#setting-instances')).toHaveValue('4');
    await expect(page.locator('#setting-rate')).toHaveValue('200');
    await expect(page.locator('.basis')).toContainText('1,000 requests');
    engine.initSync({ module: readFileSync('pkg/blis_playground_bg.wasm') });
    const result = engine.simulate(openingConfig());
    await expect(page.locator('.basis')).toContainText(`digest ${result.digest}`);
    result.free();
    await expect(page.locator('.basis')).toContainText(/[0-9.]+ s simulated/);
    await expect(page.locator('#sweep .chart-summary')).toContainText('From');
    expect(Number(await playground.figure('regret'))).toBeGreaterThan(0);
  },
);

test('the sweep shows the same p99 as the run, marks the current count and lists every count', async ({
  page,
  playground,
}) => {
  await playground.open();
  const p99 = await playground.figure('ttft-p99');
  await expect(page.locator('#sweep .chart-summary')).toContainText(`${p99} at the current 4`);
  await page.getByRole('button', { name: 'table' }).first().click();
  const rows = page.locator('#sweep tbody tr');
  await expect(rows).toHaveCount(12);
  await expect(rows.nth(3)).toContainText(p99);
});

test('the text computes how much faster twelve instances are than four, as the headline shows', async ({
  page,
  playground,
}) => {
  await playground.open();
  const four = await playground.figure('ttft-p99');
  await page.getByRole('button', { name: '12 instances' }).click();
  await playground.settled();
  const twelve = await playground.figure('ttft-p99');
  const text = page.locator('#opening-factor');
  await expect(text).toContainText(`TTFT p99 is ${four} at 4 instances and ${twelve} at 12`);
  const factor = Number(/([0-9.]+) times faster/.exec(await text.innerText())?.[1]);
  expect(factor).toBeGreaterThan(10);
  expect(Math.abs(factor / (milliseconds(four) / milliseconds(twelve)) - 1)).toBeLessThan(0.03);
  // No other text of the page holds a factor of its own.
  await expect(page.locator('.explain')).not.toContainText(/over (20|twenty)|twenty times/);
});

test('the verdict tells a run in overload from one that is too short', async ({ page, playground }) => {
  await playground.open();
  await expect(page.locator('#headline .verdict')).toContainText('Overloaded');
  await page.getByRole('button', { name: '12 instances' }).click();
  await expect(page.locator('#headline .verdict')).toContainText('Too short to tell');
});
