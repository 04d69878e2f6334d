import { violations, widthOf } from './axe.js';
import { configOf, engine } from './engine.js';
import { expect, goTo, test } from './support.js';

/** @import {Locator, Page} from '@playwright/test' */

const LINK = '#v=2&latency=roofline&instances=4&rate=60&n=300&blocks=1500';

/** @param {Page} page */
const alive = (page) => page.locator('#live .cluster[data-settled=true]');

/**
 * Whether all of an element is on the screen.
 * @param {Locator} part
 * @param {{width: number, height: number}} screen
 */
async function isVisibleWhole(part, screen) {
  const box = await part.boundingBox();
  if (!box) return false;
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= screen.width && box.y + box.height <= screen.height;
}

test('at 1280×800 controls, cluster, headline and the curve of the main chart are seen at once', async ({
  page,
  playground,
}) => {
  await playground.open();
  await alive(page).waitFor();
  const screen = { width: 1280, height: 800 };
  for (const part of ['#headline', '#live', '#cluster-picture', '#sweep .chart-summary'])
    expect(await isVisibleWhole(page.locator(part), screen), part).toBe(true);
  await expect(page.locator('#sweep .chart-plot')).toBeInViewport({ ratio: 0.5 });
  await expect(page.locator('#setting-instances')).toBeInViewport();
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test(
  'the cluster on the overview plays the run itself, and keeps its time on its own tab',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(LINK);
    await alive(page).waitFor();
    await page.locator('#cluster-time').fill('4000000');
    await expect(page.locator('#live .cluster[data-settled=true][data-time-us="4000000"]')).toBeVisible();
    const playback = new engine.Playback(configOf(LINK));
    const moment = playback.seek(4_000_000);
    const waiting = moment.counts.waiting;
    moment.free();
    playback.free();
    await expect(page.locator('#live [data-state=waiting] dd')).toHaveText(String(waiting));
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(async () => Number(await page.locator('#cluster-time').inputValue())).toBeGreaterThan(4_200_000);
    await page.getByRole('button', { name: 'Pause' }).click();
    // The moment that was under way is still shown.
    await page.locator('#live .cluster[data-settled=true]').waitFor();
    const stopped = await page.locator('#cluster-time').inputValue();
    await goTo(page, 'Cluster');
    await expect(page.locator('#panel-cluster #cluster-time')).toHaveValue(stopped);
  },
);

test('the cluster on the overview follows the settings', async ({ page, playground }) => {
  await playground.open(LINK);
  await alive(page).waitFor();
  await page.locator('#setting-instances').fill('6');
  await page.locator('#setting-instances').press('Enter');
  await playground.settled();
  // The picture of the new run comes after its figures.
  await expect(async () => {
    await page.locator('#cluster-picture').focus();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
    await expect(page.locator('#cluster-readout')).toContainText('Instance 5:', { timeout: 500 });
  }).toPass({ timeout: 20_000 });
});

test('the cluster comes into a place that was kept for it', async ({ page, playground }) => {
  await page.addInitScript(() => {
    const shifts = /** @type {any} */ (globalThis);
    shifts.shift = 0;
    new PerformanceObserver((list) => {
      for (const { value, sources } of /** @type {any[]} */ (list.getEntries()))
        if (sources.some((/** @type {any} */ { node }) => node?.closest?.('#live, #charts > figure')))
          shifts.shift += value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await playground.open();
  await alive(page).waitFor();
  expect(await page.evaluate(() => /** @type {any} */ (globalThis).shift)).toBeLessThan(0.01);
});

test('one figure is larger than all others, and the verdict stands beside it', async ({ page, playground }) => {
  await playground.open();
  const sizes = await page
    .locator('#headline .value')
    .evaluateAll((values) => values.map((value) => Number.parseFloat(getComputedStyle(value).fontSize)));
  const [hero, ...others] = sizes;
  expect(hero).toBeGreaterThan(2 * Math.max(...others));
  const badge = page.locator('#headline .badge');
  await expect(badge).toHaveText('● Overloaded');
  await expect(page.locator('#headline .reason')).toHaveText(/^[A-Z].*\.$/);
  const [figure, verdict] = await Promise.all([
    page.locator('[data-figure=ttft-p99] .value').boundingBox(),
    badge.boundingBox(),
  ]);
  expect(verdict?.x).toBeGreaterThan((figure?.x ?? 0) + (figure?.width ?? 0));
  await expect(page.locator('[data-figure=regret]')).toContainText(/[0-9.]+ on average\s*[0-9]+ at worst/);
});

test(
  'what the figures mean is said on a press, by keyboard, too',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(LINK);
    const button = page.getByRole('button', { name: 'What do these mean?' });
    await button.focus();
    await page.keyboard.press('Enter');
    const list = page.getByRole('region', { name: 'What the figures mean' });
    for (const name of ['p99', 'TTFT p99', 'ITL mean', 'E2E p99', 'Regret', '◐ Too short to tell'])
      await expect(list.locator('dt', { hasText: name }).first()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(list).toBeHidden();
    await expect(button).toBeFocused();
  },
);

for (const [width, height] of [
  [1280, 720],
  [360, 740],
])
  test(`the headline keeps its height from run to run at ${width} px`, async ({ page, playground }) => {
    await page.setViewportSize({ width, height });
    await playground.open('#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42');
    const height_ = async () => (await page.locator('#headline').boundingBox())?.height;
    const before = await height_();
    for (const instances of [5, 8, 12]) {
      await page.evaluate((many) => {
        location.hash = `#v=2&latency=roofline&instances=${many}&rate=200&n=1000&seed=42`;
      }, instances);
      await expect(page.locator('.simulated')).toContainText(` ${instances} instances `);
      await playground.settled();
      expect(await height_(), `${instances} instances`).toBe(before);
    }
  });

test('losses are in red and named', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=1&rate=200&n=300&timeout=1');
  const detail = page.locator('[data-figure=completed] .detail');
  await expect(detail).toHaveText(/^of 300: [0-9]+ timed out$/);
  await expect(detail).toHaveClass(/lost/);
});

/** @type {[string, number, number, boolean][]} */
const SCREENS = [
  ['phone', 360, 780, false],
  ['tablet', 820, 1180, false],
  ['projector', 1920, 1080, false],
  ['desktop at 200%', 640, 400, false],
  ['desktop in the dark', 1280, 800, true],
];

test('axe finds nothing and nothing is too wide on any screen', async ({ page, playground }) => {
  test.slow();
  await playground.open(`${LINK}&request=200`);
  await alive(page).waitFor();
  for (const [name, width, height, dark] of SCREENS) {
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await page.setViewportSize({ width, height });
    await expect.poll(() => widthOf(page), name).toBeLessThanOrEqual(width);
    expect(await violations(page), name).toEqual([]);
  }
});
