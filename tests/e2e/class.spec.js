// A class of 45 minutes: the path on a projector, by keyboard, and two phones that open the same lessons on their own.

import { readFileSync } from 'node:fs';
import { violations } from './axe.js';
import { misfits } from './sizes.js';
import { expect, test } from './support.js';

/** @import {Browser, Page} from '@playwright/test' */

/** @type {{class: {lessons: string[]}}} */
const COURSE = JSON.parse(readFileSync('web/views/lessons/course/course.json', 'utf8'));

const PATH = COURSE.class.lessons;

const PROJECTOR = { width: 1280, height: 720 };
const PHONE = { width: 360, height: 740 };

/** Hands by answer. */
const HANDS = [12, 7, 3];

/** @param {string} id */
const lessonOf = (id) => JSON.parse(readFileSync(`web/views/lessons/course/${id}.json`, 'utf8'));

/**
 * What is wrong with what is seen: what does not fit, and what axe finds, which says nothing about the browser.
 * @param {Page} page
 * @param {boolean} axe
 */
const faults = async (page, axe) => [...(await misfits(page)), ...(axe ? await violations(page) : [])];

/** What of the step would have to be scrolled to, in px. @param {Page} page */
const beyond = (page) =>
  page.evaluate(() => {
    const lesson = document.querySelector('.lesson');
    const root = document.documentElement;
    const more = (/** @type {Element|null} */ each) =>
      each === null ? 0 : Math.max(each.scrollHeight - each.clientHeight, each.scrollWidth - each.clientWidth);
    return Math.max(more(lesson), more(root));
  });

/** The figures of a lesson as they are read. @param {Page} page */
const figures = (page) =>
  page
    .locator('.lesson-reveal, .bar-value, .lesson-reason p')
    .evaluateAll((all) => all.map((each) => each.textContent));

/**
 * A phone in a pocket of its own, with everything that it complains of.
 * @param {Browser} browser
 * @param {string} address of the page
 */
async function phone(browser, address) {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, colorScheme: 'dark' });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    page,
    complaints,
    open: async (/** @type {string} */ lesson) => {
      await page.goto('about:blank');
      await page.goto(`${address}#v=2&tab=lessons&lesson=${lesson}`);
    },
    close: () => context.close(),
  };
}

/**
 * A student bets, runs the lesson and uncovers all of it.
 * @param {Page} page
 * @param {number} answer
 */
async function takeLesson(page, answer) {
  await page.getByRole('radio').nth(answer).check();
  await page.getByRole('button', { name: 'Run it and see' }).click();
  await page.getByRole('button', { name: 'Show all of it' }).click();
  await expect(page.locator('section[data-step=change]')).toBeVisible();
}

test(
  'a class goes its path: bets by keyboard, figures as on the phones, nothing to scroll and nothing wrong at any step',
  { tag: '@firefox' },
  async ({ page, playground, browser, browserName, address }) => {
    test.setTimeout(300_000);
    const axe = browserName === 'chromium';
    // The pictures then stand at their end at once.
    if (axe) await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize(PROJECTOR);
    const phones = [await phone(browser, address), await phone(browser, address)];
    const current = page.locator('.stage-dots [aria-current=step]');
    const shows = async (/** @type {string} */ name) => {
      await expect(current).toHaveText(name);
      await expect(page.locator('.lesson-step.now')).toBeVisible();
      expect.soft(await beyond(page), `${page.url()} ${name}`).toBe(0);
      expect.soft(await faults(page, axe), `${page.url()} ${name}`).toEqual([]);
    };
    await playground.open('#v=2&tab=lessons');
    await page.getByRole('button', { name: 'Present the class path' }).click();
    for (const [number, id] of PATH.entries()) {
      const { question, answers, pictures } = lessonOf(id);
      await expect(page.locator('.stage-place')).toHaveText(`${number + 1}/${PATH.length}`);
      await expect(page.locator('.lesson-question')).toHaveText(question);
      await shows('Question');
      const arrived = Promise.all(phones.map(({ open }) => open(id)));
      await page.keyboard.press('PageDown');
      await shows('Bet');
      for (const [answer] of answers.entries())
        for (let hand = 0; hand < HANDS[answer]; hand += 1) await page.keyboard.press(`Digit${answer + 1}`);
      await page.getByRole('button', { name: 'Show bars' }).click();
      const counted = HANDS.slice(0, answers.length);
      await expect(page.locator('.class-total')).toHaveText(
        `${counted.reduce((sum, each) => sum + each)} hands in all`,
      );
      await shows('Bet');
      await arrived;
      const done = Promise.all(phones.map((each, i) => takeLesson(each.page, (number + i) % answers.length)));
      await page.keyboard.press('PageDown');
      await expect(page.locator('.class-score')).toBeVisible();
      await shows('Reveal');
      const right = answers.findIndex((/** @type {{right?: boolean}} */ each) => each.right);
      await expect(page.locator('.class-score')).toHaveText(
        `${counted[right]} of ${counted.reduce((sum, each) => sum + each)} were right.`,
      );
      if (pictures !== undefined) {
        await page.keyboard.press('PageDown');
        await page.locator('.duo-play').waitFor();
        await shows('Pictures');
      }
      // What the reason rests on is a press of its own.
      for (const name of ['Chart', 'Why', 'Why', 'Change']) {
        await page.keyboard.press('PageDown');
        await shows(name);
      }
      await done;
      const shown = await figures(page);
      expect(shown.length).toBeGreaterThan(5);
      for (const [i, each] of phones.entries()) {
        expect(await figures(each.page), `${id} on phone ${i}`).toEqual(shown);
        expect.soft(await faults(each.page, axe && i === 0), `${id} on phone ${i}`).toEqual([]);
      }
      await page.keyboard.press('PageDown');
    }
    // At the end of the path there is nothing to go on to.
    await expect(page.getByRole('button', { name: 'The end' })).toBeDisabled();
    await expect(page.locator('.stage-place')).toHaveText(`${PATH.length}/${PATH.length}`);
    for (const each of phones) {
      expect(each.complaints).toEqual([]);
      await each.close();
    }
  },
);
