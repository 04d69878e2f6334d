// How the picture of the cluster looks and what it says, whatever run it shows.

import { downloaded } from './downloads.js';
import { expect, goTo, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** Four instances with little memory: queues, prefill, decode and preemptions. */
const LINK = '#v=2&latency=roofline&instances=4&rate=60&n=300&blocks=1500&tab=cluster';

/** @param {Page} page */
const settled = (page) => page.locator('.cluster[data-settled=true]').waitFor();

/**
 * @param {Page} page
 * @param {number} timeUs
 */
async function seek(page, timeUs) {
  await page.locator('#cluster-time').fill(String(timeUs));
  await expect(page.locator(`.cluster[data-settled=true][data-time-us="${timeUs}"]`)).toBeVisible();
}

test('help that was opened on one tab is closed on the other, and does not shrink the picture', async ({
  page,
  playground,
}) => {
  await playground.open(LINK.replace('&tab=cluster', '&tab=overview'));
  await page.locator('#live .cluster[data-settled=true]').waitFor();
  const height = async () => (await page.locator('#cluster-picture').boundingBox())?.height;
  const before = await height();
  await page.locator('.transport .question').click();
  await expect(page.locator('.transport .help')).toBeVisible();
  expect(await height()).toBe(before);
  await page.getByRole('tab', { name: 'Cluster' }).click();
  await expect(page.locator('#panel-cluster .transport')).toBeVisible();
  await expect(page.locator('.transport .help')).toBeHidden();
});

test('the pointer has an instance put into words below the picture', async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  await seek(page, 4_000_000);
  const box = await page.locator('#cluster-picture').boundingBox();
  if (!box) throw new Error('the picture has no place');
  await page.mouse.move(box.x + box.width - 30, box.y + 30);
  await expect(page.locator('#cluster-readout')).toContainText(/^Instance \d: .* slots/);
});

test('the legend counts what the picture shows, also where it is only brought along', async ({ page, playground }) => {
  await playground.story();
  await settled(page);
  await goTo(page, 'Explore');
  await expect(page.locator('#live .cluster-legend')).toBeVisible();
  const numbers = await page.locator('.cluster-legend dd').allInnerTexts();
  const all = numbers.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0);
  expect(all, numbers.join(' ')).toBe(1000);
});

test('on a phone the words about a request have a line of their own', async ({ page, playground }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.open(LINK);
  await settled(page);
  await seek(page, 4_000_000);
  await page.locator('#cluster-picture').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.locator('.cluster.compact')).toBeVisible();
  await expect(page.locator('#cluster-readout')).toContainText(/^Request \d+: /);
  const words = await page.locator('#cluster-readout').boundingBox();
  const legend = await page.locator('.cluster-legend').boundingBox();
  if (!words || !legend) throw new Error('words and legend have no place');
  expect(words.y + words.height).toBeLessThanOrEqual(legend.y);
});

test('nothing on the picture is smaller than 14 px, and amber is only where something waits', async ({
  page,
  playground,
}) => {
  await page.addInitScript(() => {
    const fonts = new Set();
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function note(...args) {
      fonts.add(`${this.font}`);
      Object.assign(globalThis, { fontsOfCanvases: fonts });
      if (String(args[0]).startsWith('0 waiting')) Object.assign(globalThis, { colourOfNone: this.fillStyle });
      return Reflect.apply(fillText, this, args);
    };
  });
  await playground.open(LINK);
  await settled(page);
  await seek(page, 0);
  const { sizes, none, amber } = await page.evaluate(() => {
    const { fontsOfCanvases, colourOfNone } = /** @type {any} */ (globalThis);
    const styles = getComputedStyle(document.documentElement);
    return {
      sizes: [...fontsOfCanvases].map((font) => Number(/([\d.]+)px/.exec(font)?.[1])),
      none: colourOfNone,
      amber: styles.getPropertyValue('--state-waiting').trim(),
    };
  });
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(14);
  expect(none).toMatch(/^#/);
  expect(none).not.toBe(amber);
});

test('the picture is saved at twice its size, with what was simulated below it', async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  const width = await page.locator('#cluster-picture').evaluate((canvas) => canvas.clientWidth);
  await page.locator('.cluster .save-menu > summary').click();
  const { name, content } = await downloaded(page, () =>
    page.locator('.cluster').getByRole('button', { name: 'Download as PNG' }).click(),
  );
  expect(name).toMatch(/^the-cluster-at-[\d-]+s\.png$/);
  expect(content.subarray(1, 4).toString()).toBe('PNG');
  expect(content.readUInt32BE(16)).toBeGreaterThanOrEqual(2 * width);
});

test('on paper there is the picture and no control', async ({ page, playground }) => {
  await playground.open(`${LINK}&request=200`);
  await settled(page);
  await page.locator('[data-fork]').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  for (const shown of ['#cluster-picture', '.cluster-legend', '#inspect-title', '.life-line'])
    await expect(page.locator(shown)).toBeVisible();
  for (const hidden of ['#cluster-play', '#cluster-time', '.cluster .save-menu', '.inspector-head', '[data-fork]'])
    await expect(page.locator(hidden).first()).toBeHidden();
});

test('with forced colours the picture has those of the system', { tag: '@chromium' }, async ({ page, playground }) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await page.addInitScript(() => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function note(...args) {
      if (args[0] === '#0') Object.assign(globalThis, { colourOfName: this.fillStyle });
      return Reflect.apply(fillText, this, args);
    };
  });
  await playground.open(LINK);
  await settled(page);
  const [drawn, own] = await page.evaluate(() => {
    const context = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
    context.fillStyle = getComputedStyle(document.body).color;
    return [/** @type {any} */ (globalThis).colourOfName, context.fillStyle];
  });
  expect(drawn).toBe(own);
});
