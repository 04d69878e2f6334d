import { readFileSync } from 'node:fs';
import * as engine from '#engine';
import { openingConfig } from '../opening_config.js';
import { expect, goTo, milliseconds, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** @param {Page} page */
const number = (page) => page.locator('#story-number').innerText();

/** @param {Page} page */
const sentence = (page) => page.locator('#story-sentence');

/** @param {Page} page @param {number} servers */
async function slide(page, servers) {
  await page.locator('#story-servers').fill(String(servers));
  await expect(sentence(page)).toContainText(`With ${servers} server`);
}

test(
  'the front door leads to the Story: the guide’s opening in one sentence and one figure',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.story();
    await expect(sentence(page)).toHaveText('With 4 servers, 1 in 100 waits longer than');
    engine.initSync({ module: readFileSync('pkg/blis_playground_bg.wasm') });
    const result = engine.simulate(openingConfig());
    const p99 = result.summary.ttft.p99_ms;
    result.free();
    expect(Math.abs(milliseconds(await number(page)) / p99 - 1)).toBeLessThan(0.005);
    await expect(page.locator('#story-number')).toHaveText('1,497 ms');
    await expect(page.locator('.badge')).toHaveText('● Behind at once');
    await expect(page.locator('#story-kicker')).toContainText('200 people');
    await expect(page.locator('#story-simulated')).toContainText(
      /Qwen3 14B · H100 .* Roofline .* 1,000 requests · BLIS streams · .*seed 42/,
    );
    await expect(page.locator('#story-why p').first()).toContainText(
      /gets 50 questions a second and can read only 4\d/,
    );
    await expect(page.locator('.layout')).toBeHidden();
  },
);

test(
  'more servers: the figure, the reason, and a factor that is what the two figures make',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.story();
    const before = milliseconds(await number(page));
    await page.getByRole('button', { name: 'Try 12 servers' }).click();
    await expect(sentence(page)).toHaveText('With 12 servers, 99 of 100 see the first word within');
    await playground.settled();
    await expect(page.locator('.badge')).toHaveText('○ Keeps up');
    await expect(page.locator('#story-servers')).toHaveValue('12');
    await expect(page.getByRole('button', { name: /^Try/ })).toBeHidden();
    const now = milliseconds(await number(page));
    const factor = page.locator('.factor');
    await expect(factor).toContainText('× sooner than with 4');
    const told = Number(/[0-9.]+/.exec(await factor.innerText())?.[0]);
    expect(Math.abs(told / (before / now) - 1)).toBeLessThan(0.05);
    await expect(page.locator('#story-number')).toHaveText('54 ms');
    await slide(page, 8);
    await expect(page.locator('.badge')).toHaveText('◐ Fills up later');
    await expect(page.locator('#story-number')).toHaveText('63 ms');
    await expect(page.locator('#story-why p').last()).toContainText('256 conversations');
    await slide(page, 4);
    await expect(factor).toBeHidden();
  },
);

test('the point of the curve is dragged: figure, slider and address follow, and Back leads back', async ({
  page,
  playground,
}) => {
  await playground.story();
  await expect(page.locator('.curve-plot .dot')).toHaveCount(16);
  const now = /** @type {{x: number, y: number, width: number, height: number}} */ (
    await page.locator('.curve-plot circle.now').boundingBox()
  );
  const plot = /** @type {{x: number, width: number}} */ (await page.locator('.curve-plot').boundingBox());
  await page.mouse.move(now.x + now.width / 2, now.y + now.height / 2);
  await page.mouse.down();
  for (const share of [0.4, 0.6, 0.8]) await page.mouse.move(plot.x + plot.width * share, now.y, { steps: 4 });
  await page.mouse.up();
  const servers = Number(await page.locator('#story-servers').inputValue());
  expect(servers).toBeGreaterThan(10);
  await expect(sentence(page)).toContainText(`With ${servers} servers`);
  await expect(page).toHaveURL(new RegExp(`instances=${servers}.*&tab=story$`));
  await page.goBack();
  await expect(sentence(page)).toContainText('With 4 servers');
  await expect(page.locator('#story')).toBeVisible();
});

test('a finger that scrolls over the curve changes nothing', { tag: '@chromium' }, async ({ page, playground }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.story();
  await page.locator('.curve-plot .dot').nth(15).waitFor();
  await page.locator('.curve-plot').scrollIntoViewIfNeeded();
  const plot = /** @type {{x: number, y: number, width: number, height: number}} */ (
    await page.locator('.curve-plot').boundingBox()
  );
  const session = await page.context().newCDPSession(page);
  const x = plot.x + plot.width * 0.7;
  const touch = (/** @type {string} */ type, /** @type {number} */ y) =>
    session.send('Input.dispatchTouchEvent', {
      type: /** @type {any} */ (type),
      touchPoints: type === 'touchEnd' ? [] : [{ x, y }],
    });
  const length = await page.evaluate(() => history.length);
  await touch('touchStart', plot.y + 150);
  for (let y = 140; y > 20; y -= 20) await touch('touchMove', plot.y + y);
  await touch('touchEnd', 0);
  await expect(page.locator('#story-servers')).toHaveValue('4');
  expect(await page.evaluate(() => history.length)).toBe(length);
});

test('beyond 16 servers slider and curve reach further, and do not run away', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=40&rate=600&n=500&tab=story');
  const most = Number(await page.locator('#story-servers').getAttribute('max'));
  expect(most).toBeGreaterThan(40);
  await slide(page, 30);
  await playground.settled();
  await expect(page.locator('#story-servers')).toHaveAttribute('max', String(most));
});

test('where no one gets an answer, the Story has no figure and says so', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=8&rate=200&n=500&admission=reject-all&tab=story');
  await expect(sentence(page)).toHaveText('With 8 servers, no one sees a first word');
  await expect(page.locator('#story-number')).toHaveText('–');
  await expect(page.locator('.badge')).not.toContainText('Keeps up');
  await expect(page.locator('#story-of')).toContainText('500 of 500 got no answer');
});

test('the three zones are where theory has them, and are named', async ({ page, playground }) => {
  await playground.story();
  for (const zone of ['behind', 'fills', 'keeps']) await expect(page.locator(`.zone.${zone}`)).toHaveCount(1);
  const x = async (/** @type {string} */ zone) => (await page.locator(`.zone.${zone}`).boundingBox())?.x ?? NaN;
  const dots = page.locator('.curve-plot .dot');
  const dot = async (/** @type {number} */ servers) => (await dots.nth(servers - 1).boundingBox())?.x ?? NaN;
  expect(await x('fills')).toBeGreaterThan(await dot(4));
  expect(await x('fills')).toBeLessThan(await dot(5));
  expect(await x('keeps')).toBeGreaterThan(await dot(11));
  expect(await x('keeps')).toBeLessThan(await dot(12));
  await expect(page.locator('.zone-words.behind').first()).toHaveText('behind');
});

test(
  'the next step is the bet of the first lesson; Back returns to the Story',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.story();
    await page.getByRole('link', { name: 'Lesson 1: place your bet' }).click();
    await expect(page.getByRole('heading', { name: 'A cluster answers too slowly.' })).toBeVisible();
    await expect(page.getByRole('radio').first()).toBeVisible();
    await page.goBack();
    await expect(sentence(page)).toContainText('With 4 servers');
  },
);

test('another scene has the same Story, says what it is, and leads back to the opening', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=30&n=500&over=rate&tab=story');
  await expect(sentence(page)).toContainText('With 2 servers');
  await expect(page.locator('.curve-plot .dot')).toHaveCount(16);
  await expect(page.locator('#story-kicker')).toContainText('30 people');
  await page.getByRole('button', { name: 'Back to the opening scene' }).click();
  await expect(page.locator('#story-kicker')).toContainText('200 people');
  await expect(page.getByRole('button', { name: 'Back to the opening scene' })).toBeHidden();
  await expect(page.locator('#story-servers')).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('#story-kicker')).toContainText('30 people');
});

test('the picture plays the arrivals once, and then stands at the fullest queue', async ({ page, playground }) => {
  await playground.story();
  await expect(page.locator('#story-cluster .cluster')).toBeVisible();
  // It begins at the start, when nothing waits, and ends where most wait.
  await page.locator('#story-cluster .cluster[data-settled=true]').waitFor({ timeout: 30_000 });
  const rest = Number(await page.locator('#story-cluster .cluster').getAttribute('data-time-us'));
  expect(rest).toBeGreaterThan(3e6);
  expect(rest).toBeLessThan(7e6);
});

test('the Story says server; the word of the other places comes once', async ({ page, playground }) => {
  await playground.story();
  const text = await page.locator('#story').innerText();
  expect(text.match(/instance/gi)).toHaveLength(1);
  await goTo(page, 'Explore');
  await expect(page.locator('#form')).toContainText('Instances');
});

test(
  'without motion the picture stands at the fullest queue at once',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await playground.story();
    const cluster = page.locator('#story-cluster .cluster[data-settled=true]');
    await cluster.waitFor();
    expect(Number(await cluster.getAttribute('data-time-us'))).toBeGreaterThan(3e6);
  },
);
