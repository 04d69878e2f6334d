// The picture as it stands in the Story.

import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** Four instances that are behind at once. */
const LINK = '#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42&tab=story';

const time = (/** @type {Page} */ page) => page.locator('#story-cluster #cluster-time');

/** Where the picture rests: at its fullest queue. @param {Page} page */
async function rest(page) {
  await page.locator('#story-cluster .cluster[data-settled=true]').waitFor();
  return Number(await page.locator('.cluster').getAttribute('data-time-us'));
}

test(
  'the arrivals play once, and then the picture stands at its fullest queue and can be replayed',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(LINK);
    const play = page.locator('#cluster-play');
    await expect(play).toHaveText('Pause');
    await expect.poll(async () => Number(await time(page).inputValue())).toBeGreaterThan(500_000);
    await expect(play).toHaveText('Replay');
    const at = await rest(page);
    expect(at).toBeGreaterThan(4_500_000);
    expect(at).toBeLessThan(5_500_000);
    await expect(page.locator('.story-legend')).toContainText(/1\d\d waiting/);
    await play.click();
    await expect(play).toHaveText('Pause');
    await expect.poll(async () => Number(await time(page).inputValue())).toBeLessThan(4_000_000);
    await play.click();
    await expect(play).toHaveText('Play');
    const stopped = await rest(page);
    await play.click();
    await expect.poll(async () => Number(await time(page).inputValue())).toBeGreaterThan(stopped);
  },
);

test(
  'where less motion is asked for, nothing plays before a press',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await playground.open(LINK);
    expect(await rest(page)).toBeGreaterThan(4_500_000);
    await expect(page.locator('.cluster-calm')).toBeVisible();
    await page.locator('#cluster-play').click();
    await expect.poll(async () => Number(await time(page).inputValue())).toBe(500_000);
    await expect.poll(async () => Number(await time(page).inputValue())).toBeGreaterThanOrEqual(1_000_000);
  },
);

test('another run ends the play and stands at its own fullest queue', async ({ page, playground }) => {
  await playground.open(LINK);
  await expect(page.locator('#cluster-play')).toHaveText('Pause');
  await page.evaluate(() => {
    location.hash = location.hash.replace('instances=4', 'instances=5');
  });
  await expect(page.locator('#cluster-picture')).toHaveAttribute('aria-label', /^Picture of 5 servers/);
  await expect(page.locator('#cluster-play')).toHaveText('Replay');
  expect(await rest(page)).toBeGreaterThan(4_000_000);
});

test('a hidden page ends the play for good', { tag: '@chromium' }, async ({ page, playground }) => {
  await playground.open(LINK);
  await expect(page.locator('#cluster-play')).toHaveText('Pause');
  const show = (/** @type {boolean} */ hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await show(true);
  const stopped = await rest(page);
  await show(false);
  await page.evaluate(async () => {
    for (let frames = 0; frames < 20; frames += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
  });
  await expect(page.locator('#cluster-play')).toHaveText('Play');
  expect(Number(await time(page).inputValue())).toBe(stopped);
});

for (const [width, height] of [
  [360, 740],
  [1280, 800],
]) {
  test(`the picture of the Story has no legend, speed or table at ${width} px`, async ({ page, playground }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await playground.open(LINK);
    await rest(page);
    for (const part of ['.cluster-legend', '.cluster-speed', '#cluster-table', '.cluster-bars', '#cluster-step'])
      await expect(page.locator(part)).toBeHidden();
    const box = await page.locator('.story-legend').boundingBox();
    expect(box?.height, 'one line').toBeLessThan(30);
    await expect(page.locator('.cluster-clock')).toHaveText(/^\d\.\d s$/);
  });
}
