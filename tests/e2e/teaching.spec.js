// What the lessons have for teachers: their page, and worksheets on paper.

import { readFileSync } from 'node:fs';
import { LOOKS, take, violations, widthOf } from './axe.js';
import { expect, goTo, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** @type {{lessons: string[], class: {minutes: number, lessons: string[]}}} */
const COURSE = JSON.parse(readFileSync('web/views/lessons/course/course.json', 'utf8'));

const GUIDE = '#v=2&tab=lessons&room=guide';
const SHEETS = '#v=2&tab=lessons&room=sheet';

test('the list leads to the teacher’s page, and this to every lesson of the path', async ({ page, playground }) => {
  await playground.open('#v=2&tab=lessons');
  await page.getByRole('link', { name: 'For teachers' }).click();
  await expect(page.getByRole('heading', { name: 'For teachers' })).toBeFocused();
  await expect(page).toHaveURL(/&tab=lessons&room=guide$/);
  const path = page.getByRole('region', { name: 'The class path' });
  await expect(path.locator('tbody tr')).toHaveCount(COURSE.class.lessons.length);
  await path.getByRole('row').nth(2).getByRole('button', { name: 'Present' }).click();
  await expect(page.locator('.stage-place')).toHaveText(`2/${COURSE.class.lessons.length}`);
  await expect(page).toHaveURL(new RegExp(`lesson=${COURSE.class.lessons[1]}&present=1$`));
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'For teachers' })).toBeVisible();
  await page.getByRole('link', { name: 'All lessons' }).click();
  await expect(page.locator('.lesson-list li')).toHaveCount(COURSE.lessons.length);
});

test('the minutes of the path add up, and fit into the class', async ({ page, playground }) => {
  await playground.open(GUIDE);
  const rows = await page
    .getByRole('region', { name: 'The class path' })
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('.guide-number')].map((cell) => Number(cell.textContent))),
    );
  let from = 0;
  for (const [begins, minutes] of rows) {
    expect(begins).toBe(from);
    from += minutes;
  }
  expect(from).toBeLessThanOrEqual(COURSE.class.minutes);
  await expect(page.getByText(`${COURSE.class.lessons.length} lessons in about ${from} minutes`)).toBeVisible();
});

test('the notes of the path are open in its order, with what is right and what happens; the others are folded', async ({
  page,
  playground,
}) => {
  await playground.open(GUIDE);
  const open = page.locator('.guide-notes[open]');
  const lessonOf = (/** @type {string} */ id) =>
    JSON.parse(readFileSync(`web/views/lessons/course/${id}.json`, 'utf8'));
  await expect(open.locator('summary')).toHaveText(COURSE.class.lessons.map((id) => lessonOf(id).title));
  await expect(page.locator('.guide-notes')).toHaveCount(COURSE.lessons.length);
  for (const [i, id] of COURSE.class.lessons.entries()) {
    const { answers } = lessonOf(id);
    const right = answers.find((/** @type {{right?: boolean}} */ each) => each.right);
    await expect(open.nth(i)).toContainText(right.text);
    await expect(open.nth(i).locator('.guide-reveal')).toHaveText(/\d/, { timeout: 30_000 });
  }
  for (const note of await open.all()) await expect(note).not.toContainText('{{');
});

test('the format of a lesson is there as the project’s guide describes it', async ({ page, playground }) => {
  await playground.open(GUIDE);
  await page.getByText('The format of a lesson').click();
  for (const words of ['situation', '{"greater": [a, factor, b]}', 'Live figures in texts'])
    await expect(page.locator('.guide-format').getByText(words, { exact: true }).first()).toBeVisible();
});

test('a worksheet asks and does not tell', async ({ page, playground }) => {
  await playground.open('#v=2&tab=lessons&lesson=three-times-the-machines');
  await page.getByRole('link', { name: 'Worksheet' }).click();
  const sheet = page.locator('.sheet');
  await expect(sheet).toHaveCount(1);
  await expect(sheet).toContainText('Is it three times better?');
  await expect(sheet.locator('.sheet-answers li')).toHaveCount(3);
  await expect(sheet.locator('.sheet-axes ul li')).toHaveCount(5);
  // Room to draw, on an axis of times, and four lines for the reason.
  await expect(sheet.locator('.sheet-times li')).toHaveText(['100 s', '10 s', '1 s', '100 ms', '10 ms']);
  await page.emulateMedia({ media: 'print' });
  expect((await sheet.locator('.sheet-times').boundingBox())?.height).toBeGreaterThanOrEqual(190);
  await page.emulateMedia({ media: 'screen' });
  await expect(sheet.locator('.sheet-lines').first().locator('span')).toHaveCount(4);
  for (const cell of await sheet.locator('.sheet-table td').all()) await expect(cell).toBeEmpty();
  await expect(sheet).not.toContainText('The right answer');
  await expect(sheet.locator('.sheet-foot a')).toHaveText(/\/#v=2&tab=lessons&lesson=three-times-the-machines$/);
  await page.getByRole('link', { name: 'Back to the lesson' }).click();
  await expect(page.getByRole('heading', { name: 'Is it three times better?' })).toBeFocused();
});

test('the teacher’s sheets have the figures that the lesson shows', async ({ page, playground }) => {
  await playground.open(`${SHEETS}&lesson=three-times-the-machines`);
  await page.getByRole('button', { name: 'Add the answers' }).click();
  const answers = page.locator('.sheet-teacher');
  await expect(answers).toContainText('B Far more than three times better');
  // Compared line by line, both have the same figures.
  const heads = await page.locator('.sheet:not(.sheet-teacher) .sheet-table thead th').allInnerTexts();
  await expect(answers.locator('.sheet-table thead th')).toHaveText(heads);
  const p99 = await answers.locator('.sheet-table td').first().innerText();
  const told = await answers.locator('.sheet-reveal').innerText();
  await page.getByRole('button', { name: 'Add the answers' }).click();
  await expect(answers).toHaveCount(0);
  await page.getByRole('link', { name: 'Back to the lesson' }).click();
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Run it and see' }).click();
  await expect(page.locator('.lesson-reveal')).toHaveText(told);
  expect(told).toContain(p99.split('.')[0]);
});

test(
  'on paper each lesson has a page, light in a dark room, on A4 and on Letter, with nothing to press',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await playground.open(SHEETS);
    const count = COURSE.class.lessons.length;
    await expect(page.locator('.sheet')).toHaveCount(count);
    const pages = async (/** @type {string} */ format) =>
      (await page.pdf({ format })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
    expect(await pages('A4')).toBe(count);
    expect(await pages('Letter')).toBe(count);
    await page.getByRole('button', { name: 'Add the answers' }).click();
    await expect(page.locator('.sheet-teacher')).toHaveCount(count);
    // What is for the teacher may be longer than a page.
    expect(await pages('A4')).toBeGreaterThanOrEqual(2 * count);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const part of ['.masthead', '.sheet-tools', '.stage-bar']) await expect(page.locator(part)).toBeHidden();
    const colours = await page
      .locator('.sheet h3')
      .first()
      .evaluate((heading) =>
        [heading, document.body].map((each, i) => getComputedStyle(each)[i === 0 ? 'color' : 'backgroundColor']),
      );
    expect(colours).toEqual(['rgb(23, 33, 43)', 'rgb(255, 255, 255)']);
  },
);

test('every lesson has a worksheet on one page', { tag: '@chromium' }, async ({ page, playground }) => {
  for (const id of COURSE.lessons) {
    await playground.open(`${SHEETS}&lesson=${id}`);
    await expect(page.locator('.sheet-foot a')).toContainText(id);
    for (const format of ['A4', 'Letter'])
      expect((await page.pdf({ format })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, id).toBe(1);
    await page.goto('about:blank');
  }
});

test('a worksheet of no lesson, and no page of the room', async ({ page, playground }) => {
  await playground.open(`${SHEETS}&lesson=nothing`);
  await expect(page.locator('.lessons .error')).toContainText('nothing');
  await page.goto('about:blank');
  await playground.open('#v=2&tab=lessons&room=nothing');
  await expect(page.locator('.lesson-list')).toBeVisible();
  await goTo(page, 'Explore');
  await expect(page).not.toHaveURL(/room/);
});

for (const look of LOOKS) {
  test(`axe finds nothing on the teacher’s pages in ${look.join(' at ')} px, and nothing is too wide`, async ({
    page,
    playground,
  }) => {
    await take(page, look);
    await playground.open(GUIDE);
    const folded = page.locator('.guide details:not([open]) > summary');
    while ((await folded.count()) > 0) await folded.first().click();
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(look[1]);
    await page.goto('about:blank');
    await playground.open(SHEETS);
    await page.getByRole('button', { name: 'Add the answers' }).click();
    await expect(page.locator('.sheet-teacher').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(look[1]);
  });
}
