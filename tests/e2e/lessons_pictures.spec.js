// The two pictures of a lesson: what they show is what the engine has.

import { readFileSync } from 'node:fs';
import { scenePairs, withSeed } from '../../web/views/lessons/scenes.js';
import { engine } from './engine.js';
import { expect, revealLesson, test } from './support.js';

/** @import {Page} from '@playwright/test' */
/** @import {Lesson} from '../../web/views/lessons/types.d.ts' */

/** @type {Lesson} */
const LESSON = JSON.parse(readFileSync('web/views/lessons/course/three-times-the-machines.json', 'utf8'));

const FIRST = `#v=2&tab=lessons&lesson=${LESSON.id}`;

/** What is played in the tests of pictures. @type {Lesson['pictures']} */
const PLAYED = { scenes: ['four', 'twelve'], seconds: [0, 5] };

/**
 * The first lesson with other pictures than its own, or without.
 * @param {Page} page
 * @param {Lesson['pictures']} pictures
 */
async function withPictures(page, pictures) {
  const lesson = { ...LESSON, pictures };
  await page.route(`**/lessons/data/${lesson.id}.json`, (route) => route.fulfill({ json: lesson }));
}

/**
 * How many requests wait and run in a scene at a time, of the engine itself.
 * @param {string} name
 * @param {number} seconds
 */
function countsAt(name, seconds) {
  const scene = LESSON.scenes.find((each) => each.name === name);
  if (scene === undefined) throw new Error(`no scene ${name}`);
  const { config } = engine.configFromPairs(scenePairs(LESSON, scene));
  const playback = new engine.Playback(withSeed(/** @type {any} */ (config), 1));
  const { counts } = playback.seek(seconds * 1e6);
  return { waiting: counts.waiting + counts.evicted, running: counts.prefill + counts.decode };
}

test('two pictures play by themselves on one time, and stand at its end with the figures of their runs', async ({
  page,
  playground,
}) => {
  await withPictures(page, PLAYED);
  await playground.open(FIRST);
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  const button = page.locator('.duo-play');
  await expect(button).toHaveText('Pause');
  await button.click();
  await expect(button).toHaveText('Play');
  const time = page.getByRole('slider', { name: 'Time' });
  expect(Number(await time.inputValue())).toBeLessThan(100);
  await button.click();
  await expect(button).toHaveText('Play again', { timeout: 20_000 });
  await expect(page.locator('.duo-clock')).toHaveText('5.0 s');
  await expectDuo(page, 5);
  await page.getByRole('button', { name: 'Show all of it' }).click();
  const p99 = await page.locator('[data-metric="ttft.p99_ms"] .bar-value').allTextContents();
  await expect(page.locator('.duo-wait')).toHaveText([p99[0], p99[4]]);
  // Any time in between, with the keyboard too.
  await time.fill('50');
  await expect(page.locator('.duo-clock')).toHaveText('2.5 s');
  await expectDuo(page, 2.5);
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toHaveText('Pause');
});

/**
 * The pictures say, in words and to those who only hear them, what the engine has at that time.
 * @param {Page} page
 * @param {number} seconds
 */
async function expectDuo(page, seconds) {
  const counts = ['four', 'twelve'].map((name) => countsAt(name, seconds));
  await expect(page.locator('.duo-waiting')).toHaveText(counts.map(({ waiting }) => String(waiting)));
  const words = counts.map(({ waiting, running }) => `${waiting} waiting, ${running} being answered.`);
  await expect(page.locator('.duo canvas').first()).toHaveAttribute(
    'aria-label',
    new RegExp(`^4 instances after .*${words[0]}$`),
  );
  await expect(page.locator('.duo canvas').last()).toHaveAttribute(
    'aria-label',
    new RegExp(`^12 instances after .*${words[1]}$`),
  );
  await expect(page.locator('.lesson-pictures [role=status]')).toContainText(words[1]);
}

test('where less motion is asked for the pictures stand at their end, and play when they are told to', async ({
  page,
  playground,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await withPictures(page, PLAYED);
  await playground.open(FIRST);
  await revealLesson(page);
  await expect(page.locator('.duo-clock')).toHaveText('5.0 s');
  await expect(page.locator('.duo-play')).toHaveText('Play again');
  await expectDuo(page, 5);
  await page.locator('.duo-play').click();
  await expect(page.locator('.duo-play')).toHaveText('Pause');
  await expect(page.locator('.duo-play')).toHaveText('Play again', { timeout: 20_000 });
});

test('a lesson without pictures goes on without them', async ({ page, playground }) => {
  await withPictures(page, undefined);
  await playground.open(FIRST);
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await expect(page.locator('.lesson')).toHaveAttribute('data-step', 'reveal');
  await expect(page.getByRole('button', { name: 'Show the figures' })).toBeVisible();
  await expect(page.locator('.duo')).toHaveCount(0);
});

test('on a phone the pictures stand one above the other, and bars have the names of their runs', async ({
  page,
  playground,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await withPictures(page, PLAYED);
  await playground.open(FIRST);
  await revealLesson(page);
  const [first, second] = await Promise.all([0, 1].map((at) => page.locator('.duo-side').nth(at).boundingBox()));
  expect(second?.x).toBe(first?.x);
  expect(second?.y).toBeGreaterThanOrEqual((first?.y ?? 0) + (first?.height ?? 0));
  await expect(page.locator('.lesson-bars').first().locator('.bar-name')).toHaveText(
    LESSON.scenes.map(({ label }) => label),
  );
});
