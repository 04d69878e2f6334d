import { LOOKS, take, violations } from './axe.js';
import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

for (const look of LOOKS) {
  test(`axe finds nothing in ${look.join(' at ')} px`, async ({ page, playground }) => {
    await take(page, look);
    await playground.open('#v=2&latency=roofline&instances=8&rate=200&n=500&route=weighted');
    expect(await violations(page)).toEqual([]);
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true;
    });
    expect(await violations(page)).toEqual([]);
  });

  test(`axe finds nothing in an error or a table in ${look.join(' at ')} px`, async ({ page, playground }) => {
    await take(page, look);
    await playground.open('#v=2&instances=3&rate=-5&n=200');
    await page.getByRole('button', { name: 'table' }).first().click();
    await page.locator('[data-key=route] .question').click();
    expect(await violations(page)).toEqual([]);
  });
}

test('nothing has to be scrolled to at 1280 by 800: settings, figures and main charts', async ({
  page,
  playground,
}) => {
  await playground.open();
  // The cluster among them is tested in overview.spec.js; charts of the second row are below it.
  for (const id of ['setting-instances', 'setting-rate', 'setting-model', 'setting-route', 'headline']) {
    await expect(page.locator(`#${id}`)).toBeInViewport({ ratio: 1 });
  }
  // Of the charts the sentence and the curve; what the axes are called may lie below.
  for (const id of ['sweep', 'ttft']) {
    await expect(page.locator(`#${id} .chart-summary`)).toBeInViewport({ ratio: 1 });
    await expect(page.locator(`#${id} .chart-plot`)).toBeInViewport({ ratio: 0.4 });
  }
});

test('nothing is wider than a phone of 360 px', { tag: '@firefox' }, async ({ page, playground }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await playground.open();
  await page.locator('#settings > summary h2').click();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
});

test('the arrow keys read a chart, aloud and on the screen', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open();
  const chart = page.locator('#sweep');
  await chart.locator('.chart-plot').focus();
  await page.keyboard.press('Home');
  await expect(chart.locator('.chart-readout')).toContainText('1 instance: p99');
  await page.keyboard.press('ArrowRight');
  await expect(chart.locator('.chart-readout')).toContainText('2 instances: p99');
  await expect(chart.locator('[aria-live]')).toContainText('2 instances: p99');
  await page.keyboard.press('Escape');
  await expect(chart.locator('.chart-readout')).not.toContainText('2 instances');
});

test('settings can be changed with the keyboard alone', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open();
  const before = await playground.figure('ttft-p99');
  for (let i = 0; i < 40; i += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.id)) === 'setting-instances') break;
  }
  await expect(page.locator('#setting-instances')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('9');
  await expect(page.locator('[data-figure=ttft-p99] .value')).not.toHaveText(before);
});

test('a table holds the same figures as its chart', async ({ page, playground }) => {
  await playground.open();
  const chart = page.locator('#instances');
  await chart.locator('.chart-plot').focus();
  await page.keyboard.press('End');
  const spoken = await chart.locator('.chart-readout').innerText();
  await chart.getByRole('button', { name: 'table' }).click();
  const last = chart.locator('tbody tr').last();
  await expect(last.locator('th')).toHaveText(spoken.split(':')[0]);
  await expect(last.locator('td')).toHaveText(spoken.split('requests ')[1]);
});

test('every target of the pointer is at least 24 px in both directions', async ({ page, playground }) => {
  await playground.open();
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, select, input:not([type=range]), summary')]
      .filter((each) => each.checkVisibility())
      .map((each) => ({ what: each.outerHTML.slice(0, 80), box: each.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 24 || box.width < 24)
      .map(({ what, box }) => `${what} ${box.width}x${box.height}`),
  );
  expect(small).toEqual([]);
});
