// The code that a projector shows is the link: read by a decoder that shares nothing with what drew it.

import jsQR from 'jsqr';
import { LOOKS, violations, widthOf } from './axe.js';
import { expect, test } from './support.js';

/** @import {Locator, Page} from '@playwright/test' */

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

/**
 * What a camera reads off the screen.
 * @param {Page} page
 * @param {Locator} picture
 */
async function scanned(page, picture) {
  const shot = (await picture.screenshot()).toString('base64');
  const blank = await page.context().newPage();
  const { width, height, dark } = await blank.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0);
    const points = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    const dark = Array.from({ length: points.length / 4 }, (_, at) => (points[at * 4] < 128 ? 1 : 0)).join('');
    return { width: bitmap.width, height: bitmap.height, dark };
  }, shot);
  await blank.close();
  const points = new Uint8ClampedArray(dark.length * 4).fill(255);
  for (let at = 0; at < dark.length; at += 1) if (dark[at] === '1') points.fill(0, at * 4, at * 4 + 3);
  const decode = /** @type {typeof jsQR} */ (/** @type {any} */ (jsQR).default ?? jsQR);
  return decode(points, width, height)?.data ?? null;
}

test('the link of Share is shown as a code, in every look, and Escape leads back', async ({ page, playground }) => {
  for (const [scheme, width] of LOOKS) {
    await page.setViewportSize({ width, height: width > 640 ? 720 : 740 });
    await page.emulateMedia({ colorScheme: scheme });
    await playground.open(SMALL);
    await page.getByRole('button', { name: 'Share' }).click();
    const link = await page.getByLabel('Link', { exact: true }).inputValue();
    const open = page.locator('#share-panel').getByRole('button', { name: 'QR code' });
    await open.click();
    const picture = page.getByRole('img', { name: 'QR code of the link' });
    expect(await scanned(page, picture)).toBe(link);
    // As large as the window allows, and nothing to scroll for.
    const box = await picture.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(width > 640 ? 500 : 300);
    await expect(page.getByRole('dialog')).toContainText('Point the camera');
    await expect(page.getByRole('button', { name: 'Close' })).toBeInViewport();
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(open).toBeFocused();
    await expect(page.locator('#share-panel')).toBeVisible();
    await page.goto('about:blank');
  }
});

test('the code comes and goes by the keyboard alone', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.getByRole('button', { name: 'Share' }).click();
  const open = page.locator('#share-panel').getByRole('button', { name: 'QR code' });
  await open.press('Enter');
  await expect(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(open).toBeFocused();
});

test('in forced colours the code stays black on white', async ({ page, playground }) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await playground.open(SMALL);
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  await page.locator('#share-panel').getByRole('button', { name: 'QR code' }).click();
  expect(await scanned(page, page.getByRole('img', { name: 'QR code of the link' }))).toBe(link);
});

test('a long link says what reads its code, and what makes it shorter', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.getByRole('button', { name: 'Share' }).click();
  const field = page.getByLabel('Link', { exact: true });
  for (const [length, words, codes] of /** @type {[number, string, number][]} */ ([
    [600, 'This link has 600 characters: a phone reads its code from close by only', 1],
    [1300, 'This link has 1,300 characters, too many for a code', 0],
  ])) {
    await field.evaluate((node, size) => {
      if (node instanceof HTMLTextAreaElement) node.value = node.value.padEnd(size, 'x');
    }, length);
    await page.locator('#share-panel').getByRole('button', { name: 'QR code' }).click();
    await expect(page.getByRole('dialog')).toContainText(words);
    await expect(page.getByRole('dialog')).toContainText('A link gets shorter if');
    await expect(page.getByRole('img', { name: 'QR code of the link' })).toHaveCount(codes);
    await page.getByRole('button', { name: 'Close' }).click();
  }
});

test('a lesson has the code of its own link beside it', async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&tab=lessons&lesson=run-length');
  await page.getByRole('button', { name: 'QR code' }).click();
  const link = `${page.url().split('#')[0]}#v=2&tab=lessons&lesson=run-length`;
  await expect(page.getByRole('dialog')).toContainText(link);
  expect(await scanned(page, page.getByRole('img', { name: 'QR code of the link' }))).toBe(link);
});
