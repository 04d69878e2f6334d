import { LOOKS, take, violations, widthOf } from './axe.js';
import { readFileSync } from 'node:fs';
import { expect, goTo, revealLesson, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** How many lessons there are. */
const COUNT = JSON.parse(readFileSync('web/views/lessons/course/course.json', 'utf8')).lessons.length;

const FIRST = '#v=1&tab=lessons&lesson=three-times-the-machines';

test('all lessons are listed; one is opened, and is part of the address', async ({ page, playground }) => {
  await playground.open('#v=1&instances=3&rate=10&n=100');
  await goTo(page, 'Lessons');
  await expect(page.locator('.lesson-list li')).toHaveCount(COUNT);
  await page.getByRole('link', { name: 'Three times the machines' }).click();
  await expect(page.getByRole('heading', { name: 'Three times the machines' })).toBeFocused();
  await expect(page).toHaveURL(/instances=3.*&tab=lessons&lesson=three-times-the-machines$/);
  await goTo(page, 'Overview');
  await expect(page).not.toHaveURL(/lesson/);
  await expect(page.locator('#setting-instances')).toHaveValue('3');
});

test('question and situation are there before anything runs, results are not', async ({ page, playground }) => {
  await playground.open(FIRST);
  await expect(page.locator('.lesson-question')).toContainText('Is it three times better?');
  await expect(page.locator('.lesson-situation')).toContainText('1,000 requests, 200 per second');
  await expect(page.locator('[data-step=reveal]')).toBeHidden();
  await expect(page.getByText('hardly any faster')).toHaveCount(0);
});

test('the question is read first and large, then the situation, then the bet', async ({ page, playground }) => {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await playground.open(FIRST);
    const parts = ['.lesson-question', '.lesson-situation', '.predictions', '.lesson-runs'].map((part) =>
      page.locator(part),
    );
    const tops = await Promise.all(parts.map(async (part) => (await part.boundingBox())?.y ?? 0));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    const size = (/** @type {Element} */ node) => Number.parseFloat(getComputedStyle(node).fontSize);
    expect(await parts[0].evaluate(size)).toBe(width > 640 ? 30 : 20);
    expect(await parts[1].evaluate(size)).toBeGreaterThanOrEqual(16);
    for (const choice of await page.locator('.prediction').all())
      expect((await choice.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await page.goto('about:blank');
  }
});

test('a wrong guess is struck through beside what it turns out to be', async ({ page, playground }) => {
  await playground.open(FIRST);
  await revealLesson(page);
  await expect(page.locator('.lesson-outcome s')).toContainText('About three times better');
  await expect(page.locator('.lesson-outcome dd')).toHaveCount(2);
  await expect(page.locator('.lesson-right')).toHaveCount(0);
});

test('runs have letters only where bars have no room for their names', async ({ page, playground }) => {
  const link = '#v=1&tab=lessons&lesson=how-many-instances';
  await playground.open(link);
  await revealLesson(page);
  await expect(page.locator('.lesson-letter').first()).toBeHidden();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.reload();
  await playground.settled();
  await expect(page.locator('.lesson-letter').first()).toBeVisible();
});

test('nothing is revealed without a prediction', async ({ page, playground }) => {
  await playground.open(FIRST);
  await page.getByRole('button', { name: 'Run it and see' }).click();
  await expect(page.getByRole('alert')).toHaveText(/Choose first/);
  await expect(page.getByRole('radio').first()).toBeFocused();
  await expect(page.locator('[data-step=reveal]')).toBeHidden();
  await page.getByRole('radio').first().check();
  await expect(page.getByRole('alert')).toBeHidden();
});

test(
  'by keyboard alone: predict, run, see what was expected and what happens',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(FIRST);
    await page.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'What happens' })).toBeFocused();
    const outcome = page.locator('.lesson-outcome dd');
    // A right guess is said once, not as two equal sentences.
    await expect(outcome).toHaveCount(1);
    await expect(outcome).toContainText('Far more than three times better');
    await expect(page.getByText('✓ You were right.')).toHaveCount(1);
    await page.getByRole('button', { name: 'Show all of it' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('.claims li')).toHaveCount(10);
    await expect(page.locator('.claims .holds')).toHaveCount(10);
    await expect(page.locator('.lesson-table tbody tr')).toHaveCount(5);
    await expect(page.locator('.lesson-table tbody tr').first()).toContainText(/4 instances.* s/);
    await expect(page.locator('.lesson')).not.toContainText('{{');
    await expect(page.locator('#lesson-chart canvas')).toBeVisible();
  },
);

test('chart, its table and the table of runs show the same figures', async ({ page, playground }) => {
  await playground.open(FIRST);
  await revealLesson(page);
  const inTable = await page.locator('.lesson-table tbody tr').first().locator('td').nth(1).innerText();
  await page.getByLabel('Chart shows').selectOption({ label: 'TTFT mean' });
  await page.locator('#lesson-chart').getByRole('button', { name: 'table' }).click();
  await expect(page.locator('#lesson-chart tbody td').first()).toHaveText(inTable);
});

test('a run opens in the playground with the figures of the lesson', async ({ page, playground }) => {
  await playground.open(FIRST);
  await revealLesson(page);
  const p99 = await page.locator('.lesson-table tbody tr').nth(3).locator('td').first().innerText();
  await page.locator('.lesson-table').getByRole('link', { name: '8 instances' }).click();
  await expect(page.getByRole('tab', { name: 'Overview' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('#setting-instances')).toHaveValue('8');
  await expect(page.locator('[data-figure=ttft-p99] .value')).toHaveText(p99);
});

test('another seed gives other figures, and the claims are checked again', async ({ page, playground }) => {
  await playground.open(FIRST);
  await revealLesson(page);
  const first = await page.locator('.lesson-table tbody').innerText();
  await page.getByRole('button', { name: 'Run with another seed' }).click();
  await expect(page.locator('.lesson-seed')).toContainText('Seed 2');
  await expect(page.locator('.lesson-table tbody')).not.toHaveText(first);
  await expect(page.locator('.claims .verdict')).toHaveCount(10);
});

test('a lesson under way can be cancelled and run again', async ({ page, playground }) => {
  await playground.open('#v=1&tab=lessons&lesson=how-many-instances');
  await page.getByRole('radio').first().check();
  // Both in one go, so that the runs cannot be over in between.
  await page.evaluate(() => {
    /** @type {HTMLElement|null} */ (document.querySelector('.lesson-form [type=submit]'))?.click();
    /** @type {HTMLElement|null} */ (document.querySelector('.lesson-progress button'))?.click();
  });
  await expect(page.locator('.lesson-form')).toBeVisible();
  await expect(page.locator('.lesson-progress')).toBeHidden();
  await expect(page.locator('[data-step=reveal]')).toBeHidden();
  await revealLesson(page);
  await expect(page.locator('.lesson-table tbody tr')).toHaveCount(6);
});

test('the last sentence leads to the next lesson, which starts unanswered', async ({ page, playground }) => {
  await playground.open(FIRST);
  await revealLesson(page);
  await page.getByRole('link', { name: 'How long is long enough?' }).click();
  await expect(page.getByRole('heading', { name: 'How long is long enough?' })).toBeFocused();
  await expect(page.locator('[data-step=reveal]')).toBeHidden();
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
});

test('the chart of the next lesson has the texts of its own runs', async ({ page, playground }) => {
  /** What the picture says under its bars, from the canvas itself: no other part of the page knows it. */
  await page.addInitScript(() => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    const shown = /** @type {string[]} */ ([]);
    Object.assign(window, { shown });
    CanvasRenderingContext2D.prototype.fillText = function write(text, ...place) {
      if (this.canvas.closest('#lesson-chart')) shown.push(text);
      return fillText.call(this, text, ...place);
    };
  });
  const lastTexts = () => page.evaluate(() => /** @type {any} */ (window).shown.splice(0).join(' '));
  await playground.open('#v=1&tab=lessons&lesson=how-many-instances');
  await revealLesson(page);
  await expect.poll(lastTexts).toContain('8 instances, 5,000');
  await page.getByRole('link', { name: 'Big or many?' }).click();
  await expect(page.getByRole('heading', { name: 'Big or many?' })).toBeFocused();
  await lastTexts();
  await revealLesson(page);
  await expect.poll(lastTexts).toContain('8 × 1 GPU');
});

test('a lesson that does not exist is named above the list', async ({ page, playground }) => {
  await playground.open('#v=1&tab=lessons&lesson=nothing');
  await expect(page.locator('.lessons .error')).toContainText('nothing');
  await expect(page.locator('.lesson-list li')).toHaveCount(COUNT);
});

for (const look of LOOKS) {
  test(`axe finds nothing in the lessons in ${look.join(' at ')} px, and nothing is too wide`, async ({
    page,
    playground,
  }) => {
    await take(page, look);
    await playground.open('#v=1&tab=lessons');
    await expect(page.locator('.lesson-list li')).toHaveCount(COUNT);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Big or many?' }).click();
    await page.getByRole('button', { name: 'Run it and see' }).click();
    expect(await violations(page)).toEqual([]);
    await revealLesson(page);
    await page.locator('.lesson-meanings summary').click();
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(look[1]);
  });
}
