// Finding a model or a GPU among many, a GPU of one's own, and what clusters cost.

import { take, violations, widthOf } from './axe.js';
import { choose, expect, findChoice, goTo, reveal, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

/** @param {Page} page */
const simulated = (page) => page.locator('.simulated').first();

test('a model is found by name and size, chosen with the keyboard, and the focus is back where it was', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  const dialog = await findChoice(page, 'model', 'qwen 30b');
  const options = dialog.getByRole('option');
  await expect(options.first()).toContainText('Qwen3 30B-A3B');
  const input = dialog.getByRole('combobox', { name: 'Find a model' });
  await expect(input).toHaveAttribute('aria-activedescendant', (await options.first().getAttribute('id')) ?? 'none');
  await input.fill('no such thing');
  await expect(options).toHaveCount(0);
  await expect(dialog).toContainText('No model here is called “no such thing”.');
  await input.fill('llama');
  await input.press('ArrowDown');
  const second = await options.nth(1).innerText();
  await input.press('Enter');
  await expect(dialog).toBeHidden();
  await playground.settled();
  await expect(page.locator('#setting-model')).toContainText(second.split('\n')[0]);
  await expect(page.locator('#setting-model')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await expect(dialog.locator('[aria-selected=true]')).toContainText(second.split('\n')[0]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.locator('#setting-model')).toBeFocused();
});

test('a GPU of one’s own is made from a bundled one, checked figure by figure, used, found again and undone', async ({
  page,
  playground,
  context,
}) => {
  await playground.open(SMALL);
  await reveal(page, 'gpu');
  const before = await page.locator('.basis').innerText();
  const gpus = await findChoice(page, 'gpu', 'b200');
  await expect(gpus.getByRole('option').first()).toContainText('$4.89 per hour');
  await page.getByRole('button', { name: 'Your own GPU …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your GPU' });
  await dialog.getByLabel('Start from').selectOption('B200');
  await expect(dialog.getByLabel('Memory [GiB]')).toHaveValue('179.1');
  await dialog.getByLabel('Name').fill('Rack 7');
  await dialog.getByLabel('Memory [GiB]').fill('much');
  await dialog.getByRole('button', { name: 'Use this GPU' }).click();
  await expect(dialog.locator('#gpu-memory-error')).toHaveText('Enter a number.');
  await expect(dialog.getByLabel('Memory [GiB]')).toBeFocused();
  await dialog.getByLabel('Memory [GiB]').fill('200');
  await dialog.getByLabel('Share of the peak, decode').fill('1.5');
  await dialog.getByRole('button', { name: 'Use this GPU' }).click();
  await expect(dialog.locator('#gpu-decode-error')).toHaveText(/^Enter a number .* 1\.$/);
  await dialog.getByLabel('Share of the peak, decode').fill('0.3');
  await dialog.getByLabel('Price [$ per hour]').fill('3,5');
  await dialog.getByRole('button', { name: 'Use this GPU' }).click();
  await expect(dialog).toBeHidden();
  await playground.settled();
  await expect(simulated(page)).toContainText('Qwen3 14B · Rack 7 · TP 1');
  await expect(page.locator('[data-key=gpu]')).toContainText('200 GiB · 7.7 TB/s · $3.50 per hour');
  const figures = await page.locator('.basis').innerText();

  // A reload and another browser find it in the address.
  await page.reload();
  await playground.settled();
  await expect(simulated(page)).toContainText('Rack 7');
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator('.simulated').first()).toContainText('Rack 7');
  await other.close();
  expect(await page.locator('.basis').innerText()).toContain(/digest \w+/.exec(figures)?.[0] ?? 'none');

  // What was used is kept, to be chosen again.
  await reveal(page, 'gpu');
  await choose(page, 'gpu', 'h100');
  await playground.settled();
  await expect(simulated(page)).toContainText('Qwen3 14B · H100 · TP 1');
  const list = await findChoice(page, 'gpu', 'rack');
  await expect(list.getByRole('group', { name: 'Your own' })).toContainText('Rack 7');
  await page.keyboard.press('Enter');
  await playground.settled();
  await expect(simulated(page)).toContainText('Rack 7');
  expect(before).not.toBe(figures);
});

test('a table of GPUs is pasted, its figures are shown, and a wrong one is refused in place', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  await reveal(page, 'gpu');
  await page.locator('#setting-gpu').click();
  await page.getByRole('button', { name: 'Your own GPU …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your GPU' });
  await dialog.getByText('Or paste it').click();
  const text = dialog.getByLabel('A table of GPUs, in JSON');
  await text.fill('{"X1": {"TFlopsPeak": 500, "BwPeakTBs": "fast"}}');
  await dialog.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(dialog.getByRole('alert').first()).toHaveText('It cannot be read: X1: “BwPeakTBs” has to be a number.');
  await text.fill(
    '{"X1": {"TFlopsPeak": 500, "BwPeakTBs": 2.5, "MemoryGiB": 96}, "X2": {"TFlopsPeak": 900, "BwPeakTBs": 4, "MemoryGiB": 96}}',
  );
  await dialog.getByRole('button', { name: 'Read', exact: true }).click();
  await dialog.getByLabel('Which of them').selectOption({ label: 'X2' });
  await expect(dialog.getByLabel('Rate in 16 bits [TFLOP/s]')).toHaveValue('900');
  await expect(dialog.getByLabel('Share of the peak, prefill')).toHaveValue('0.45');
  await dialog.getByRole('button', { name: 'Use this GPU' }).click();
  await playground.settled();
  await expect(simulated(page)).toContainText('X2 · TP 1');
});

test('what a run costs is compared, swept over GPUs and planned for several of them', async ({ page, playground }) => {
  await playground.open(`${SMALL}&over=gpu&show=cost`);
  await expect(page.locator('#charts')).toContainText('per million answer tokens');
  await expect(page.locator('#charts .chart.turned')).toContainText(
    /Of \d+, the best is \$[\d.]+ on MI\d+X; now \$[\d.]+ on H100/,
  );
  await page.getByRole('button', { name: 'Pin' }).click();
  await reveal(page, 'price');
  await page.locator('#setting-price').fill('5');
  await page.locator('#setting-price').press('Enter');
  await goTo(page, 'Compare');
  const table = page.locator('.compare-table');
  await expect(table.locator('[data-run=A]')).toContainText('$4.58');
  await expect(table.locator('[data-run=Now]')).toContainText('$10.00');
  await goTo(page, 'Plan');
  await page.getByText('Which GPU?').click();
  await page.getByLabel(/^H100\s?80 GiB/).check();
  await page.getByLabel(/^L40S\s?48 GiB/).check();
  await page.getByRole('button', { name: 'Find the cluster' }).click();
  await expect(page.locator('.plan-outcome')).toContainText(/^Cheapest: .* on L40S|^Cheapest: .* on H100/, {
    timeout: 60_000,
  });
  const rows = page.locator('.plan-table tr[data-gpu]');
  await expect(rows).toHaveCount(8);
  const dollars = await rows.locator('td:nth-last-child(2)').allInnerTexts();
  const known = dollars.map((words) => Number(words.replace(/[$,]/g, '')));
  expect(known).toEqual([...known].sort((a, b) => a - b));
  await page
    .locator('.plan-table')
    .getByRole('button', { name: /^Use this: .* on L40S$/ })
    .first()
    .click();
  await playground.settled();
  await expect(page.locator('[data-key=gpu]')).toContainText('L40S');
  await expect(page).toHaveURL(/goal=[^&]*gpu:L40S/);
});

for (const [width, scheme] of /** @type {const} */ ([
  [390, 'dark'],
  [1280, 'light'],
])) {
  test(`choosing fits at ${width} px in ${scheme}, and axe finds nothing @chromium`, async ({ page, playground }) => {
    await take(page, [scheme, width]);
    await playground.open(SMALL);
    if (width < 600) await page.locator('#settings > summary').click();
    const dialog = await findChoice(page, 'model', 'qwen');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await reveal(page, 'gpu');
    await page.locator('#setting-gpu').click();
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    await page.getByRole('button', { name: 'Your own GPU …' }).click();
    await expect(page.getByRole('dialog', { name: 'Your GPU' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await expect(dialog).toBeHidden();
  });
}
