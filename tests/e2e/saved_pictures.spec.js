// A chart that is saved as SVG names the same steps at the same places as the one on the page, whatever it shows.

import { downloaded } from './downloads.js';
import { expect, goTo, revealLesson, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** @typedef {{text: string, x: number, y: number}} Word */

const LINK = '#v=2&latency=roofline&instances=4&rate=60&n=300&blocks=1500';

/** What every picture says it is about. */
const SIMULATED =
  /<desc>[^<]* Qwen3 14B · H100 · (TP 1 · )?Roofline · [^<]*· (everything else at its default|\+\d+ changed settings?)/;

/** Notes what is written on every canvas since it was last wiped. */
function noteWords() {
  /** @type {Map<HTMLCanvasElement, Word[]>} */
  const written = new Map();
  const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...where) {
    written.set(this.canvas, []);
    return clearRect.apply(this, where);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, width) {
    const words = written.get(this.canvas) ?? [];
    words.push({ text, x, y });
    written.set(this.canvas, words);
    return width === undefined ? fillText.call(this, text, x, y) : fillText.call(this, text, x, y, width);
  };
  Object.assign(globalThis, {
    wordsOn: (/** @type {HTMLCanvasElement} */ canvas) => written.get(canvas) ?? [],
    allWords: () => [...written.values()].flat().map(({ text }) => text),
  });
}

/**
 * What is written on the canvas of a chart, apart from marks.
 * @param {Page} page
 * @param {string} id
 * @returns {Promise<Word[]>}
 */
const drawnWords = (page, id) =>
  page.locator(`#${id} canvas`).evaluate((canvas) => /** @type {any} */ (globalThis).wordsOn(canvas));

/**
 * The words of a saved picture by what they are: of either axis, and all that the canvas has as well.
 * @param {Page} page
 * @param {string} id
 */
async function savedWords(page, id) {
  const chart = page.locator(`#${id}`);
  await chart.locator('.save-menu > summary').click();
  const { content } = await downloaded(page, () => chart.getByRole('button', { name: 'Download as SVG' }).click());
  expect(content.toString('utf8'), id).toMatch(SIMULATED);
  // The page itself takes no markup in.
  const blank = await page.context().newPage();
  const words = await blank.evaluate((source) => {
    const sheet = new DOMParser().parseFromString(source, 'image/svg+xml');
    const texts = [...sheet.querySelectorAll('g text')].map((text) => ({
      lines: [...text.childNodes].map((node) => node.textContent?.trim() ?? '').filter((line) => line !== ''),
      x: Number(text.getAttribute('x')),
      y: Number(text.getAttribute('y')),
    }));
    const further = Math.max(...texts.map(({ lines }) => lines.length), 1) - 1;
    // The name of the y axis stands above the plot, the legend below it: beside the canvas on the page.
    const onCanvas = texts.filter(({ x, y }) => x !== 16 && y < 372 + 18 * further);
    return {
      x: onCanvas.filter(({ y, lines }) => y === 340 && lines.length > 0),
      y: onCanvas.filter(({ x, lines }) => x === 74 && lines.length > 0),
      all: onCanvas.flatMap(({ lines }) => lines),
    };
  }, content.toString('utf8'));
  await blank.close();
  return words;
}

/**
 * Whether numbers are a multiple of others, moved.
 * @param {number[]} drawn
 * @param {number[]} saved
 * @param {number} within of the saved ones
 */
function expectSamePlaces(drawn, saved, within) {
  const [first, last] = [drawn[0], drawn[drawn.length - 1]];
  drawn.forEach((at, i) => {
    const share = (at - first) / (last - first || 1);
    const expected = saved[0] + share * (saved[saved.length - 1] - saved[0]);
    expect(Math.abs(saved[i] - expected)).toBeLessThan(within);
  });
}

/**
 * The saved picture of a chart beside the one on the page.
 * @param {Page} page
 * @param {string} id
 */
async function expectSame(page, id) {
  await expect(page.locator(`#${id} .chart-summary`)).not.toBeEmpty();
  await page.locator(`#${id}`).scrollIntoViewIfNeeded();
  /** @type {Awaited<ReturnType<typeof savedWords>>} */
  let saved = { x: [], y: [], all: [] };
  /** @type {Awaited<ReturnType<typeof drawnWords>>} */
  let drawn = [];
  // The line of theory may come between the two.
  await expect(async () => {
    saved = await savedWords(page, id);
    drawn = (await drawnWords(page, id)).filter(({ text }) => text !== '');
    expect(drawn.map(({ text }) => text).sort(), id).toEqual([...saved.all].sort());
  }).toPass({ timeout: 20_000 });
  expect(saved.y.length, id).toBeGreaterThan(1);
  for (const [axis, words] of /** @type {['x'|'y', typeof saved.x][]} */ ([
    ['x', saved.x],
    ['y', saved.y],
  ])) {
    const outermost = (/** @type {Word} */ a, /** @type {Word} */ b) => (axis === 'x' ? b.y - a.y : a.x - b.x);
    /** Labels may begin with the same words: the next of them is the next one along the axis. @type {Map<string, number>} */
    const met = new Map();
    const known = words.map(({ lines: [text], ...saved }) => {
      const nth = met.get(text) ?? 0;
      met.set(text, nth + 1);
      // A number on both axes: that of the x axis is the lowest, that of the y axis the leftmost.
      const all = drawn.filter((word) => word.text === text).sort(outermost);
      const across = axis === 'x' ? 'y' : 'x';
      const along = all.filter((word) => Math.abs(word[across] - all[0][across]) < 1);
      along.sort((one, other) => (axis === 'x' ? one.x - other.x : other.y - one.y));
      return [along[nth][axis], saved[axis]];
    });
    // A pixel of the canvas, which rounds, is about two units of the picture.
    expectSamePlaces(known.map(([at]) => at), known.map(([, at]) => at), 4); // prettier-ignore
  }
}

test.beforeEach(({ page }) => page.addInitScript(noteWords));

test('saved pictures of the overview are those of the page, on both scales', async ({ page, playground }) => {
  await playground.open(LINK);
  for (const id of ['sweep', 'ttft', 'regret', 'instances']) await expectSame(page, id);
  const scale = page.locator('#sweep').getByRole('button', { name: 'log scale' });
  const before = await scale.getAttribute('aria-pressed');
  await scale.click();
  await expect(scale).not.toHaveAttribute('aria-pressed', String(before));
  await expectSame(page, 'sweep');
});

test('saved pictures of the details are those of the page', async ({ page, playground }) => {
  await playground.open(`${LINK}&tab=details`);
  for (const id of ['distribution', 'goodput', 'waits', 'decisions', 'regret-instances']) await expectSame(page, id);
  await page.getByLabel('Scale', { exact: true }).selectOption('linear');
  await page.getByLabel('Form', { exact: true }).selectOption('histogram');
  await expectSame(page, 'distribution');
  const map = page.locator('#queue-map');
  await map.locator('.save-menu > summary').click();
  const svg = await downloaded(page, () => map.getByRole('button', { name: 'Download as SVG' }).click());
  expect(svg.content.toString('utf8')).toMatch(SIMULATED);
  await map.locator('.save-menu > summary').click();
  await downloaded(page, () => map.getByRole('button', { name: 'Download as PNG' }).click());
  const words = await page.evaluate(() => /** @type {any} */ (globalThis).allWords());
  expect(words.filter((/** @type {string} */ text) => text.startsWith('Qwen3 14B · H100 · '))).toHaveLength(1);
});

test('a single instance and a single request are saved as they are drawn', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=1&rate=1&n=1');
  for (const id of ['instances', 'ttft']) await expectSame(page, id);
  await goTo(page, 'Details');
  for (const id of ['distribution', 'waits', 'regret-instances']) await expectSame(page, id);
});

test('saved pictures of a plan and of a lesson are those of the page', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=40&n=200&tab=plan');
  await page.getByRole('button', { name: 'Download as CSV' }).waitFor({ timeout: 60_000 });
  for (const id of ['plan-sizes', 'plan-rates']) await expectSame(page, id);
  await playground.open('#v=2&tab=lessons&lesson=three-times-the-machines');
  await revealLesson(page);
  await expectSame(page, 'lesson-chart');
});

test('a chart whose table is shown in its place can be saved as a picture', async ({ page, playground }) => {
  await playground.open(LINK);
  const chart = page.locator('#ttft');
  await chart.getByRole('button', { name: 'table' }).click();
  // Another kind of series: the plot of before does not do.
  await page.getByRole('button', { name: 'Pin' }).click();
  await page.locator('#setting-rate').fill('50');
  await page.locator('#setting-rate').press('Enter');
  await playground.settled();
  const saved = await savedWords(page, 'ttft');
  expect(saved.y.length).toBeGreaterThan(1);
  await chart.locator('.save-menu > summary').click();
  const png = await downloaded(page, () => chart.getByRole('button', { name: 'Download as PNG' }).click());
  // A slide is this wide, whatever the screen.
  expect(png.content.readUInt32BE(16)).toBe(1600);
  expect(png.content.readUInt32BE(20)).toBeGreaterThan(900);
});

test('a picture is copied as PNG, with what was simulated below it, and it says so @chromium', async ({
  page,
  playground,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await playground.open(`${LINK}&tab=details`);
  for (const id of ['distribution', 'queue-map']) {
    const chart = page.locator(`#${id}`);
    await expect(chart.locator('.chart-summary')).not.toBeEmpty();
    await chart.locator('.save-menu > summary').click();
    await chart.getByRole('button', { name: 'Copy picture' }).click();
    await expect(chart.locator('[aria-live]')).toHaveText('The picture is on the clipboard.');
    const { type, width, height } = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const blob = await item.getType('image/png');
      const { width, height } = await createImageBitmap(blob);
      return { type: blob.type, width, height };
    });
    expect([type, width]).toEqual(['image/png', 1600]);
    expect(height).toBeGreaterThan(700);
  }
  const words = await page.evaluate(() => /** @type {any} */ (globalThis).allWords());
  expect(words.filter((/** @type {string} */ text) => text.startsWith('Qwen3 14B · H100 · '))).toHaveLength(2);
});

test('where the browser has no clipboard for pictures, none is offered', async ({ page, playground }) => {
  await page.addInitScript(() => Object.assign(globalThis, { ClipboardItem: undefined }));
  await playground.open(LINK);
  await page.locator('#ttft .save-menu > summary').click();
  await expect(page.locator('#ttft').getByRole('button', { name: 'Download as PNG' })).toBeVisible();
  await expect(page.locator('#ttft').getByText('Copy picture')).toBeHidden();
});
