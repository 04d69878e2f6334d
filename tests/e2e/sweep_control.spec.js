// The sweep is a control: its mark is pulled along the curve, and a point of it is pressed.

import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const LINK = '#v=2&latency=roofline&instances=4&rate=60&n=300&blocks=1500';

/**
 * Where a value of the x axis is on the screen, read from the places of the points as the keys read them.
 * @param {Page} page
 * @param {number} value
 */
async function placeOf(page, value) {
  const plot = page.locator('#sweep .chart-plot');
  await plot.scrollIntoViewIfNeeded();
  await plot.focus();
  await page.keyboard.press('Home');
  const readout = page.locator('#sweep .chart-readout');
  const wanted = new RegExp(`^${value} instances?:`);
  for (let i = 0; i < 20 && !wanted.test(await readout.innerText()); i += 1) await page.keyboard.press('ArrowRight');
  await expect(readout).toHaveText(wanted);
  const cursor = await page.locator('#sweep .u-cursor-x').boundingBox();
  const over = await page.locator('#sweep .u-over').boundingBox();
  if (!cursor || !over) throw new Error('the sweep is not drawn');
  return { x: cursor.x, y: over.y + over.height * 0.8 };
}

/** @param {Page} page */
const instances = (page) => page.locator('#setting-instances');

/** Notes the words that are written on the canvas of the sweep. */
function noteMarks() {
  const { fillText } = CanvasRenderingContext2D.prototype;
  /** @type {string[]} */
  const marks = [];
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    if (text.startsWith('now: ')) marks.push(text);
    return fillText.call(this, text, ...where);
  };
  Object.assign(globalThis, { marks });
}

/** @param {Page} page */
const lastMark = (page) => page.evaluate(() => /** @type {any} */ (globalThis).marks.at(-1));

test.beforeEach(({ page }) => page.addInitScript(noteMarks));

test(
  'the mark is pulled along the curve: it follows at once, and settings and run come after it',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(LINK);
    await expect.poll(() => lastMark(page)).toBe('now: 4');
    // What theory says changes the words above the plot, and so its place.
    await page.locator('#sweep .chart-notes > *').first().waitFor();
    const [from, over, to] = [await placeOf(page, 4), await placeOf(page, 6), await placeOf(page, 9)];
    const before = await page.evaluate(() => history.length);
    const figure = await playground.figure('ttft-p99');
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(over.x + 2, over.y, { steps: 3 });
    await expect.poll(() => lastMark(page)).toBe('now: 6');
    await page.mouse.move(to.x + 3, to.y, { steps: 3 });
    await expect.poll(() => lastMark(page)).toBe('now: 9');
    await expect(instances(page)).toHaveValue('9');
    await page.mouse.up();
    await playground.settled();
    await expect(page).toHaveURL(/instances=9/);
    await expect(page.locator('#sweep .chart-summary')).toContainText('at the current 9');
    expect(await playground.figure('ttft-p99')).not.toBe(figure);
    expect(await lastMark(page)).toBe('now: 9');
    // The way there is one step of the history.
    expect(await page.evaluate(() => history.length)).toBe(before + 1);
    await page.goBack();
    await expect(instances(page)).toHaveValue('4');
    await expect(page).toHaveURL(/instances=4/);
  },
);

test('a sweep that is only offered shows the figure of the run', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=4&rate=200&n=400000');
  await page.locator('#sweep').getByRole('button', { name: 'table' }).click();
  await expect(page.locator('#sweep-table')).toContainText(await playground.figure('ttft-p99'));
});

test('a press on a point goes there, and Enter to the one under the cursor', async ({ page, playground }) => {
  await playground.open(LINK);
  const at = await placeOf(page, 7);
  await page.mouse.click(at.x, at.y);
  await expect(instances(page)).toHaveValue('7');
  await playground.settled();
  await placeOf(page, 3);
  await page.keyboard.press('Enter');
  await expect(instances(page)).toHaveValue('3');
  await playground.settled();
  await expect(page).toHaveURL(/instances=3/);
});

test('every plain setting that is swept can be set in the sweep', async ({ page, playground }) => {
  await playground.open(LINK);
  for (const [axis, key] of [
    ['rate', 'rate'],
    ['running', 'running'],
    ['refresh', 'refresh'],
    ['tp', 'tp'],
  ]) {
    // prettier-ignore
    await page.locator('#sweep-axis').selectOption(axis);
    await playground.settled();
    await expect(page.locator('#sweep')).toHaveClass(/chooses/);
    await page.locator('#sweep .chart-plot').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await playground.settled();
    await expect(page).toHaveURL(new RegExp(`[#&]${key}=`));
    await expect(page.locator('#notice')).not.toContainText('expected');
  }
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 360, height: 740 } });

  test('a tap goes to a point, and a move upwards scrolls the page', async ({ page, playground }) => {
    await playground.open(LINK);
    const at = await placeOf(page, 8);
    await page.touchscreen.tap(at.x, at.y);
    await expect.poll(() => lastMark(page)).toBe('now: 8');
    await expect(page.locator('#sweep .chart-summary')).toContainText('at the current 8');
    const action = await page.locator('#sweep .u-over').evaluate((over) => getComputedStyle(over).touchAction);
    expect(action).toBe('pan-y');
    // Of what the page does not offer, as in the other charts, every move is the browser's.
    const other = await page.locator('#ttft .u-over').evaluate((over) => getComputedStyle(over).touchAction);
    expect(other).toBe('auto');
  });
});
