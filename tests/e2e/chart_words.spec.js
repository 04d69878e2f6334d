// The words in charts can be read: none runs into another, none is cut off, and every axis says where it is.

import { canvasWords, collisions, crossed, noteCanvasWords } from './canvas_words.js';
import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const OPENING = '#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42';

/**
 * @param {Page} page
 * @param {string} id
 */
async function expectReadable(page, id) {
  const chart = page.locator(`#${id}`);
  await expect(chart.locator('.chart-summary')).not.toBeEmpty();
  await chart.scrollIntoViewIfNeeded();
  await expect(async () => {
    const { words, struck } = await canvasWords(page, `#${id} canvas`);
    expect(words.length, id).toBeGreaterThan(3);
    expect(collisions(words), id).toEqual([]);
    expect(struck, id).toEqual([]);
    const { width, height } = await chart
      .locator('canvas')
      .evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas));
    const cut = words.filter(
      ({ left, right, top, bottom }) => left < -1 || right > width + 1 || top < -1 || bottom > height + 1,
    );
    expect(
      cut.map(({ text }) => text),
      id,
    ).toEqual([]);
  }).toPass({ timeout: 20_000 });
}

test('marks of the sweep over rates have their labels side by side', async ({ page, playground }) => {
  await noteCanvasWords(page);
  await playground.open(`${OPENING}&over=rate`);
  await expect(page.locator('#sweep .chart-note')).toBeVisible();
  await expectReadable(page, 'sweep');
  const { words, lines } = await canvasWords(page, '#sweep canvas');
  expect(lines).toHaveLength(2);
  expect(crossed(words, lines)).toEqual([]);
  const marks = words.map(({ text }) => text).filter((text) => /now|theory/.test(text));
  expect(marks).toEqual([expect.stringMatching(/^now: 200$/), expect.stringMatching(/^theory: /)]);
});

for (const width of [320, 360]) {
  test(`all words in charts of the overview and of the details can be read at ${width} px`, async ({
    page,
    playground,
  }) => {
    await noteCanvasWords(page);
    await page.setViewportSize({ width, height: 740 });
    await playground.open(OPENING);
    for (const id of ['sweep', 'ttft', 'regret', 'instances']) await expectReadable(page, id);
    await page.getByRole('tab', { name: 'Details' }).click();
    for (const id of ['distribution', 'goodput', 'waits', 'decisions', 'regret-instances'])
      await expectReadable(page, id);
  });
}

test('a logarithmic axis over less than a decade has at least two labels', async ({ page, playground }) => {
  await noteCanvasWords(page);
  await playground.open('#v=2&tab=details');
  await expect(page.locator('#distribution .chart-summary')).not.toBeEmpty();
  const times = async () => {
    const { words } = await canvasWords(page, '#distribution canvas');
    return words.map(({ text }) => text).filter((text) => / m?s$/.test(text));
  };
  for (const figure of ['ttft', 'itl', 'e2e']) {
    await page.getByLabel('Figure of the distribution').selectOption(figure);
    await expect.poll(async () => new Set(await times()).size, figure).toBeGreaterThan(1);
  }
});
