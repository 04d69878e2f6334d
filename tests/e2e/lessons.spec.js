import { readFileSync } from 'node:fs';
import { widthOf } from './axe.js';
import { expect, goTo, revealLesson, test } from './support.js';

/** @import {Page} from '@playwright/test' */
/** @import {Lesson} from '../../web/views/lessons/types.d.ts' */

/** @param {string} name @returns {any} */
const read = (name) => JSON.parse(readFileSync(`web/views/lessons/course/${name}.json`, 'utf8'));

const COURSE = read('course');

const COUNT = COURSE.lessons.length;

/** @type {Lesson[]} */
const LESSONS = COURSE.lessons.map(read);

const FIRST = '#v=2&tab=lessons&lesson=three-times-the-machines';

/** Tab until a control has the focus. @param {Page} page @param {string} selector */
async function tabTo(page, selector) {
  for (let i = 0; i < 40; i += 1) {
    if (await page.evaluate((name) => document.activeElement?.matches(name) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} is not reached`);
}

test('all lessons are listed; one is opened, and is part of the address', async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&rate=10&n=100');
  await goTo(page, 'Lessons');
  await expect(page.locator('.lesson-list > li')).toHaveCount(COUNT);
  await expect(page.locator('.course-way li')).toHaveCount(COURSE.class.lessons.length);
  const minutes = LESSONS.filter(({ id }) => COURSE.class.lessons.includes(id)).map((lesson) => lesson.minutes);
  await expect(page.locator('.course-class')).toContainText(
    `about ${minutes.reduce((all, each) => all + each)} minutes`,
  );
  await page.locator('.lesson-list').getByRole('link', { name: 'Three times the machines' }).click();
  await expect(page.getByRole('heading', { name: 'A cluster answers too slowly.' })).toBeFocused();
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
  await expect(page.getByText('hardly any sooner')).toHaveCount(0);
});

test('the question is read first and large, then the situation, then the bet', async ({ page, playground }) => {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await playground.open(FIRST);
    const parts = ['.lesson-question', '.lesson-situation', '.predictions', '.lesson-act', '.lesson-about'].map(
      (part) => page.locator(part),
    );
    const tops = await Promise.all(parts.map(async (part) => (await part.boundingBox())?.y ?? 0));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    const size = (/** @type {Element} */ node) => Number.parseFloat(getComputedStyle(node).fontSize);
    expect(await parts[0].evaluate(size)).toBe(width > 640 ? 30 : 20);
    expect(await parts[1].evaluate(size)).toBeGreaterThanOrEqual(16);
    for (const choice of await page.locator('.prediction').all())
      expect((await choice.boundingBox())?.height).toBeGreaterThanOrEqual(48);
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
  const link = '#v=2&tab=lessons&lesson=how-many-instances';
  await playground.open(link);
  await revealLesson(page);
  await expect(page.locator('.lesson-letter').first()).toBeHidden();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.reload();
  await page.locator('.lesson-evidence > summary').click();
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
  'a number on the keyboard is an answer, Enter runs it, and a right bet is told once',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(FIRST);
    await page.keyboard.press('9');
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
    await page.keyboard.press('3');
    await page.keyboard.press('2');
    await expect(page.getByRole('radio').nth(1)).toBeChecked();
    await expect(page.getByRole('radio').nth(1)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: '✓ You were right.' })).toBeFocused();
    await expect(page.getByText('You were right')).toHaveCount(1);
    await expect(page.locator('.lesson-outcome dd')).toHaveText([/^Far more than three times better/]);
    await expect(page.locator('.lesson-outcome s')).toHaveCount(0);
  },
);

test('every lesson of the course, one after the other, by keyboard alone to its end', async ({ page, playground }) => {
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await playground.open(FIRST);
  for (const [at, lesson] of LESSONS.entries()) {
    await expect(page.locator('.lesson-question')).toHaveText(lesson.question);
    await expect(page.locator('.course-steps [aria-current=page]')).toHaveText(String(at + 1));
    // Right and wrong by turns.
    const right = lesson.answers.findIndex((answer) => answer.right);
    const bet = at % 2 === 0 ? right : (right + 1) % lesson.answers.length;
    await page.keyboard.press(String(bet + 1));
    await page.keyboard.press('Enter');
    const verdict = bet === right ? '✓ You were right.' : 'Not this time.';
    await expect(page.getByRole('heading', { name: verdict })).toBeFocused({ timeout: 60_000 });
    await expect(page.locator('.lesson-outcome dd').last()).toHaveText(lesson.answers[right].text);
    const labels = lesson.scenes.map(({ label }) => label);
    if (lesson.pictures) {
      const shown = lesson.pictures.scenes.map(
        (name) => lesson.scenes.find((scene) => scene.name === name)?.label ?? '',
      );
      await expect(page.locator('.duo-side figcaption')).toHaveText(shown);
    }
    for (const step of ['chart', 'why', 'change']) {
      await tabTo(page, '.lesson-onward .primary');
      await page.keyboard.press('Enter');
      await expect(page.locator(`.lesson-step[data-step=${step}] > h3`)).toBeFocused();
    }
    // What is named is of this lesson, and not of the one before.
    for (const bars of await page.locator('.lesson-bars').all())
      await expect(bars.locator('.bar-name')).toHaveText(labels);
    await expect(page.locator('#lesson-metric option')).toHaveCount(lesson.metrics.length);
    await expect(page.locator('.claims .verdict')).toHaveCount(lesson.claims.length);
    expect(await page.locator('.claims .fails').count(), lesson.id).toBe(0);
    await expect(page.locator('.lesson')).not.toContainText(/\{\{|NaN|undefined/);
    await expect(page.locator('.course-steps .bet-right, .course-steps .bet-wrong')).toHaveCount(at + 1);
    // However long names and values are, a phone has room for them.
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await widthOf(page), lesson.id).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 720 });
    await tabTo(page, '.lesson-next a');
    await page.keyboard.press('Enter');
  }
  // The last one leads to the list, which tells how all of them went, in words and in signs.
  await expect(page.locator('.course-done')).toContainText(`All ${COUNT} lessons done.`);
  await page.reload();
  await expect(page.locator('.lesson-list > li')).toHaveCount(COUNT);
  const words = LESSONS.map((_lesson, at) => (at % 2 === 0 ? 'You were right' : 'It turned out otherwise'));
  await expect(page.locator('.lesson-list .bet')).toHaveText(words);
  await expect(page.locator('.lesson-number')).toHaveText(words.map((_words, at) => (at % 2 === 0 ? '✓' : '✗')));
  await page.getByRole('button', { name: 'Start the course over' }).click();
  await expect(page.locator('.lesson-list .bet')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Begin with the first' })).toBeVisible();
});

test('the one thing to change is tried in its place, with the figures that the playground then shows', async ({
  page,
  playground,
}) => {
  await playground.open(FIRST);
  await revealLesson(page);
  const before = await page.locator('.lesson-bars .bar-value').first().innerText();
  await page.getByRole('button', { name: /^Try it here/ }).click();
  const row = page.locator('.lesson-changed [data-metric="ttft.p99_ms"] td');
  await expect(row.first()).toHaveText(before);
  const after = await row.last().innerText();
  expect(after).not.toBe(before);
  await page.locator('.lesson-links a').first().click();
  await expect(page.locator('[data-figure=ttft-p99] .value')).toHaveText(after);
});

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
  await playground.open('#v=2&tab=lessons&lesson=how-many-instances');
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
  await page.locator('.lesson-next a').click();
  await expect(page.getByRole('heading', { name: 'A short test says' })).toBeFocused();
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
  await playground.open('#v=2&tab=lessons&lesson=regret');
  await revealLesson(page);
  await expect.poll(lastTexts).toContain('Round robin');
  await page.locator('.lesson-next a').click();
  await expect(page.getByRole('heading', { name: 'where its beginning is cached' })).toBeFocused();
  await lastTexts();
  await revealLesson(page);
  await expect.poll(lastTexts).toContain('Queue and cache alike');
});

test('a lesson that does not exist is named above the list', async ({ page, playground }) => {
  await playground.open('#v=2&tab=lessons&lesson=nothing');
  await expect(page.locator('.lessons .error')).toContainText('nothing');
  await expect(page.locator('.lesson-list > li')).toHaveCount(COUNT);
});
