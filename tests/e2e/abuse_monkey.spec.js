import { digestOf } from './engine.js';
import { NONSENSE, rampage } from './monkey.js';
import { expect, goTo, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** Few requests, so that the monkey and not the engine sets the pace; the monkey itself may change that. */
const START = '#v=2&latency=roofline&instances=4&rate=60&n=200';

/** What the page may keep after the same thousand changes once more: chart data of another run, not a leak. */
const MOST_GROWTH = 4_000_000;

/** The text of everything in the overview that is computed from the settings alone: not the time, nor the run before. */
async function figuresOf(/** @type {Page} */ page) {
  const values = await page.locator('[data-figure] .value, [data-figure] .detail').allInnerTexts();
  const basis = await page.locator('.basis').allInnerTexts();
  const summaries = await page.locator('#sweep .chart-summary').allTextContents();
  return [...values, ...basis.map((text) => text.replace(/ in [^ ]+ ms/, '')), ...summaries];
}

/** One monkey; a second one in the full size. */
const SEEDS = process.env.PAGES_FULL ? [1, 2] : [1];

for (const seed of SEEDS) {
  test(`after 500 random changes (seed ${seed}) the page shows what a fresh load of its address shows`, async ({
    page,
    playground,
    context,
  }) => {
    // Bounded by the number of changes, whatever else the machine does.
    test.setTimeout(240_000);
    await playground.open(START);
    expect(await page.evaluate(rampage, { seed, changes: 500, nonsense: NONSENSE })).toBe(500);
    await goTo(page, 'Overview');
    await playground.settled();
    // The address is written a little later than the charts: both are read each time.
    await expect(async () => {
      expect((await figuresOf(page)).join()).toContain(digestOf(new URL(page.url()).hash));
    }).toPass({ timeout: 20_000 });
    const shown = await figuresOf(page);
    expect(shown.length).toBeGreaterThan(12);
    const fresh = await context.newPage();
    await fresh.goto(page.url());
    await expect.poll(() => figuresOf(fresh)).toEqual(shown);
    expect(shown.join()).toContain(digestOf(new URL(fresh.url()).hash));
  });
}

test(
  'changes leave no more memory in use the fourth time than the second',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    test.setTimeout(240_000);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('HeapProfiler.enable');
    const use = async () => {
      await playground.open(START);
      await page.evaluate(rampage, { seed: 3, changes: process.env.PAGES_FULL ? 100 : 50, nonsense: NONSENSE });
      await page.evaluate((hash) => {
        location.hash = hash;
      }, START);
      await playground.settled();
      await devtools.send('HeapProfiler.collectGarbage');
      const { usedSize } = await devtools.send('Runtime.getHeapUsage');
      const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
      return { usedSize, nodes, jsEventListeners };
    };
    await use();
    const before = await use();
    await use();
    const after = await use();
    expect(after.usedSize).toBeLessThan(before.usedSize + MOST_GROWTH);
    expect(after.nodes).toBeLessThan(before.nodes * 1.2);
    expect(after.jsEventListeners).toBeLessThan(before.jsEventListeners * 1.2);
  },
);
