// A view's style sheet stays when the view is left: what was seen before looks the same after it.

import { expect, goTo, revealLesson, test } from './support.js';

test('the headline is as before once lessons and plan have been shown, and fits a phone', async ({
  page,
  playground,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.open();
  const headline = page.locator('.results > .headline');
  const height = () => headline.evaluate((node) => node.getBoundingClientRect().height);
  const before = await height();
  await goTo(page, 'Story');
  await goTo(page, 'Lessons');
  await page.locator('.lesson-list').getByRole('link', { name: 'Three times the machines' }).click();
  await revealLesson(page);
  await expect(page.locator('.claims .verdict').first()).toBeVisible();
  for (const place of ['Explore', 'Plan', 'Explore']) {
    await goTo(page, place);
    await playground.settled();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
  expect(await height()).toBe(before);
});

test('the figures of a million requests stay in their cells', async ({ page, playground }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 1280, height: 720 });
  await playground.open('#v=2&instances=12&rate=200&n=1000000');
  if (await page.locator('.notice .run').isVisible()) await page.locator('.notice .run').click();
  await expect(page.locator('[data-figure=completed] .value')).toHaveText('787,768', { timeout: 90_000 });
  const out = await page.locator('.headline .figure').evaluateAll((cells) =>
    cells.flatMap((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const words = Math.max(...[...range.getClientRects()].map(({ right }) => right));
      return words > cell.getBoundingClientRect().right + 0.5 ? [cell.textContent] : [];
    }),
  );
  expect(out).toEqual([]);
  const hero = await page.locator('.headline .hero').boundingBox();
  expect(hero?.width).toBeLessThan(300);
});

test('a lesson’s results begin at the top of a phone, and on paper they are as wide as the sheet', async ({
  page,
  playground,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await playground.open('#v=2&tab=lessons&lesson=three-times-the-machines');
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Run it and see' }).click();
  const heading = page.getByRole('heading', { name: 'Not this time.' });
  await expect(heading).toBeFocused();
  await expect(heading).toBeInViewport();
  expect((await heading.boundingBox())?.y).toBeLessThan(200);
  await page.getByRole('button', { name: 'Show all of it' }).click();
  await page.locator('.lesson-evidence > summary').click();
  await page.setViewportSize({ width: 700, height: 990 });
  await page.emulateMedia({ media: 'print' });
  const width = await page
    .locator('.lesson-table')
    .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
  expect(width[0]).toBeLessThanOrEqual(width[1]);
  expect(width[1]).toBeGreaterThan(600);
  await expect(page.locator('.lesson-links')).toBeHidden();
  await expect(page.locator('.lesson-about')).toBeHidden();
  const ground = await page.locator('body').evaluate((node) => getComputedStyle(node).backgroundColor);
  expect(ground).toBe('rgb(255, 255, 255)');
});
