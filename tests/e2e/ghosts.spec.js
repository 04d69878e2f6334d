// Every chart has the run before in grey, on the same axis.

import { canvasWords, noteCanvasWords } from './canvas_words.js';
import { downloaded } from './downloads.js';
import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const OPENING = '#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42';

/** A clock that goes only when a test says so: how long a run has stood is then no matter of the machine. */
function holdClock() {
  let now = 0;
  performance.now = () => now;
  Object.assign(globalThis, {
    passTime: () => {
      now += 5000;
    },
  });
}

/** @param {Page} page */
const passTime = (page) => page.evaluate(() => /** @type {any} */ (globalThis).passTime());

/**
 * @param {Page} page
 * @param {string} key of the setting
 * @param {string} text
 */
async function change(page, key, text) {
  await page.locator(`#setting-${key}`).fill(text);
  await page.locator(`#setting-${key}`).press('Enter');
}

/** @param {Page} page @param {string} id */
const legend = (page, id) => page.locator(`#${id} .chart-readout .legend`);

test.beforeEach(({ page }) => page.addInitScript(holdClock));

test(
  'the run before is in all charts, in their tables and in saved pictures, and gives way to a pin',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(OPENING);
    for (const id of ['ttft', 'regret', 'instances']) await expect(legend(page, id).first()).toBeVisible();
    await expect(page.locator('.legend', { hasText: 'before' })).toHaveCount(0);
    await passTime(page);
    await change(page, 'rate', '120');
    await playground.settled();
    for (const id of ['sweep', 'ttft', 'regret', 'instances'])
      await expect(legend(page, id).filter({ hasText: 'before: Arrival rate 200 requests/s' }), id).toHaveCount(1);
    await expect(page.locator('#ttft .chart-summary')).toContainText('Before (Arrival rate 200 requests/s): 1.5 s.');
    await page.locator('#ttft').getByRole('button', { name: 'table' }).click();
    await expect(page.locator('#ttft thead th').last()).toHaveText('before: Arrival rate 200 requests/s');
    await page.locator('#instances .save-menu > summary').click();
    const svg = await downloaded(page, () =>
      page.locator('#instances').getByRole('button', { name: 'Download as SVG' }).click(),
    );
    expect(svg.content.toString('utf8')).toContain('before: Arrival rate 200 requests/s');
    await page.getByRole('button', { name: 'Pin' }).click();
    await passTime(page);
    await change(page, 'rate', '100');
    await playground.settled();
    await expect(page.locator('.legend', { hasText: 'before' })).toHaveCount(0);
    await expect(legend(page, 'sweep').filter({ hasText: 'pinned: A' })).toHaveCount(1);
  },
);

test('while a slider is dragged, ghost and axis are those of the run before the drag', async ({ page, playground }) => {
  await noteCanvasWords(page);
  await playground.open(OPENING);
  const axis = async () => {
    const { words } = await canvasWords(page, '#ttft canvas');
    return words.map(({ text }) => text).filter((text) => /^[\d.]+ m?s$/.test(text));
  };
  const upToTwo = ['0 ms', '500 ms', '1 s', '1.5 s', '2 s'];
  await expect.poll(axis).toEqual(upToTwo);
  await passTime(page);
  const slider = page.locator('[data-key=instances] input[type=range]').first();
  await slider.focus();
  for (const instances of [5, 6, 7, 8]) {
    await page.keyboard.press('ArrowRight');
    await playground.settled();
    await expect(page.locator('#setting-instances')).toHaveValue(String(instances));
    await expect(legend(page, 'ttft').filter({ hasText: 'before: 4 instances' })).toHaveCount(1);
    // A run of 56 ms beside one of 1.4 s: it is seen to be fast.
    expect(await axis()).toEqual(upToTwo);
  }
  await passTime(page);
  await page.keyboard.press('ArrowRight');
  await playground.settled();
  await expect(legend(page, 'ttft').filter({ hasText: 'before: 8 instances' })).toHaveCount(1);
  await expect.poll(async () => (await axis()).at(-1)).toBe('100 ms');
});
