// A lesson in front of a class: what fills the window, the keys, and the bets of the class.

import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const LESSON = '#v=2&tab=lessons&lesson=three-times-the-machines';
const PRESENTED = `${LESSON}&present=1`;
const PROJECTOR = { width: 1280, height: 720 };

test.beforeEach(({ page }) => page.setViewportSize(PROJECTOR));

/** @param {Page} page @param {string} name */
async function expectStep(page, name) {
  await expect(page.locator('.stage-dots [aria-current=step]')).toHaveText(name);
  await expect(page.locator('.lesson-step.now')).toHaveCount(1);
}

/** Hands by answer, as they are shown. @param {Page} page */
const hands = (page) =>
  page
    .locator('.class-hands input')
    .evaluateAll((fields) => fields.map((field) => /** @type {HTMLInputElement} */ (field).value));

test('a presented lesson is all that is seen, its question in the largest type', async ({ page, playground }) => {
  await playground.open(PRESENTED);
  await expectStep(page, 'Question');
  await expect(page.locator('.masthead')).toBeHidden();
  await expect(page.getByRole('heading', { name: 'A cluster answers too slowly.' })).toBeFocused();
  const sizes = await page.evaluate(() =>
    [':root', '.lesson-question', '.lesson-situation'].map((each) =>
      Number.parseFloat(getComputedStyle(/** @type {Element} */ (document.querySelector(each))).fontSize),
    ),
  );
  expect(sizes).toEqual([20, 60, 25]);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect(page.locator('.lesson-question')).toHaveCSS('font-size', '90px');
  await page.setViewportSize({ width: 1024, height: 768 });
  await expect(page.locator('.lesson-question')).toHaveCSS('font-size', '60px');
});

test(
  'keys lead from step to step; the reveal is a press of its own; a reload stays at the step',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(PRESENTED);
    await page.keyboard.press('ArrowRight');
    await expectStep(page, 'Bet');
    await expect(page.getByRole('heading', { name: 'What do you expect?' })).toBeFocused();
    await expect(page.getByText('✓ Right:')).toBeHidden();
    await page.keyboard.press('PageUp');
    await expectStep(page, 'Question');
    await page.keyboard.press('Space');
    await page.keyboard.press('PageDown');
    await expectStep(page, 'Reveal');
    await expect(page.locator('.class-outcome .right')).toContainText('Far more than three times better');
    await page.keyboard.press('Shift+Space');
    await expectStep(page, 'Bet');
    await page.keyboard.press('ArrowRight');
    await expectStep(page, 'Reveal');
    const figures = await page.locator('.lesson-reveal').innerText();
    await page.reload();
    await expectStep(page, 'Reveal');
    await expect(page.locator('.lesson-reveal')).toHaveText(figures);
    await expect(page.locator('.masthead')).toBeHidden();
  },
);

test('what only runs can show cannot be pressed before', async ({ page, playground }) => {
  await playground.open(PRESENTED);
  await expect(page.locator('.stage-dots button', { hasText: 'Why' })).toBeDisabled();
  await page.locator('.stage-dots button', { hasText: 'Reveal' }).click();
  await expectStep(page, 'Reveal');
  await page.locator('.stage-dots button', { hasText: 'Why' }).click();
  await expectStep(page, 'Why');
});

test('the reason is one large sentence with the others below it, and what it rests on comes with the next press', async ({
  page,
  playground,
}) => {
  await playground.open(PRESENTED);
  await page.locator('.stage-dots button', { hasText: 'Reveal' }).click();
  await page.locator('.stage-dots button', { hasText: 'Why' }).click();
  await expectStep(page, 'Why');
  await expect(page.locator('.lesson-gist')).toHaveCSS('font-size', '40px');
  await expect(page.locator('.lesson-reason > p').first()).toHaveCSS('font-size', '25px');
  await expect(page.locator('.lesson-rests')).toBeHidden();
  for (const claims of await page.locator('.lesson .claims').all()) await expect(claims).toBeHidden();
  await page.getByRole('button', { name: 'Evidence' }).click();
  await expectStep(page, 'Why');
  await expect(page.locator('.lesson-reasons')).toBeHidden();
  await expect(page.locator('.lesson-rests li').first()).toHaveCSS('font-size', '24px');
  const lefts = await page
    .locator('.lesson-rests li')
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().x));
  expect(new Set(lefts).size).toBe(1);
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.lesson-gist')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expectStep(page, 'Change');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.lesson-gist')).toBeVisible();
});

test('bars are as wide as their place, and the longest says how many times the shortest it is', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&tab=lessons&lesson=one-fails&present=1');
  await page.locator('.stage-dots button', { hasText: 'Reveal' }).click();
  await page.locator('.stage-dots button', { hasText: 'Chart' }).click();
  await expectStep(page, 'Chart');
  const bars = page.locator('.lesson-bars').first();
  await expect(bars.locator('.bar-factor')).toHaveText(/^\d{2,3}×$/);
  const filled = await bars.evaluate((figure) => {
    const widths = [...figure.querySelectorAll('.bar')].map((bar) => bar.clientWidth);
    return Math.max(...widths) / figure.clientWidth;
  });
  expect(filled).toBeGreaterThan(0.55);
  await expect(bars.locator('figcaption')).toHaveCSS('font-size', '20px');
});

test('p plays the pictures and stops them, on their step alone', async ({ page, playground }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await playground.open(PRESENTED);
  await page.locator('.stage-dots button', { hasText: 'Reveal' }).click();
  await page.locator('.stage-dots button', { hasText: 'Pictures' }).click();
  const button = page.locator('.duo-play');
  await expect(button).toHaveText('Play again');
  await page.keyboard.press('p');
  await expect(button).toHaveText('Pause');
  await page.keyboard.press('p');
  await expect(button).toHaveText(/^Play/);
  await page.locator('.stage-dots button', { hasText: 'Chart' }).click();
  await page.keyboard.press('p');
  await page.locator('.stage-dots button', { hasText: 'Pictures' }).click();
  await expect(button).toHaveText(/^Play/);
});

test('Esc leaves, a button of the lesson begins, and Back leads out of it', async ({ page, playground }) => {
  await playground.open(LESSON);
  await expect(page.locator('.stage-bar')).toBeHidden();
  await page.getByRole('button', { name: 'Present' }).click();
  await expect(page).toHaveURL(/lesson=three-times-the-machines&present=1$/);
  await expectStep(page, 'Question');
  await page.keyboard.press('Escape');
  await expect(page.locator('.masthead')).toBeVisible();
  await expect(page.locator('.stage-bar')).toBeHidden();
  await expect(page.locator('.class-bets')).toHaveCount(0);
  await expect(page.locator('.lesson-form')).toBeVisible();
  await expect(page).toHaveURL(/lesson=three-times-the-machines$/);
  await page.goBack();
  await expect(page.locator('.masthead')).toBeHidden();
  await page.getByRole('button', { name: 'Leave' }).click();
  await expect(page.locator('.masthead')).toBeVisible();
});

test('the end of a lesson leads to the next one of the path, from its question', async ({ page, playground }) => {
  await playground.open(PRESENTED);
  const steps = await page.locator('.stage-dots li').count();
  for (let step = 2; step <= steps; step += 1) {
    await page.keyboard.press('ArrowRight');
    // What the reason rests on is a press of its own.
    if (step === steps) await page.keyboard.press('ArrowRight');
    await expect(page.locator(`.stage-dots li:nth-child(${step}) [aria-current=step]`)).toBeVisible();
  }
  await expect(page.getByRole('button', { name: 'Next lesson' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.stage-place')).toHaveText(/^2\//);
  await expectStep(page, 'Question');
  await expect(page.getByRole('heading', { name: 'A short test says' })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('heading', { name: 'One thing to change' })).toBeFocused();
});

test(
  'hands are counted by keys, steppers and typing; bars only come when they are asked for',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(PRESENTED);
    await page.keyboard.press('1');
    await page.keyboard.press('ArrowRight');
    await expectStep(page, 'Bet');
    // A digit on another step is no bet.
    expect(await hands(page)).toEqual(['0', '0', '0']);
    await expect(page.locator('.class-total')).toHaveText('No hands counted yet');
    for (const key of ['1', '1', '2', '3', 'Shift+Digit3', 'Shift+Digit3']) await page.keyboard.press(key);
    expect(await hands(page)).toEqual(['2', '1', '0']);
    await page.getByRole('button', { name: 'One hand more for answer B' }).click();
    await page.getByRole('button', { name: 'One hand fewer for answer A' }).click();
    await page.getByLabel('Hands for answer C', { exact: true }).fill('1,234');
    await page.keyboard.press('ArrowUp');
    expect(await hands(page)).toEqual(['1', '2', '1235']);
    await page.getByLabel('Hands for answer C', { exact: true }).blur();
    await page.getByLabel('Hands for answer C', { exact: true }).fill('10,000');
    await expect(page.getByRole('alert')).toHaveText('Enter a whole number from 0 to 9,999.');
    await expect(page.locator('.class-total')).toHaveText('1,238 hands in all');
    await expect(page.getByLabel('Hands for answer C', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await page.getByLabel('Hands for answer C', { exact: true }).fill('3');
    await expect(page.getByRole('alert')).toBeEmpty();
    await expect(page.locator('.class-total')).toHaveText('6 hands in all');
    await expect(page.locator('.class-bets .class-bar')).toHaveCount(0);
    await page.getByRole('button', { name: 'Show bars' }).click();
    const widths = await page
      .locator('.class-bets .class-fill')
      .evaluateAll((bars) =>
        bars.map((bar) => bar.clientWidth / /** @type {Element} */ (bar.parentElement).clientWidth),
      );
    for (const [i, share] of [1 / 6, 2 / 6, 3 / 6].entries()) expect(widths[i]).toBeCloseTo(share, 1);
    await page.reload();
    await expectStep(page, 'Bet');
    expect(await hands(page)).toEqual(['1', '2', '3']);
    await expect(page.locator('.class-bets .class-bar')).toHaveCount(3);
    await page.keyboard.press('PageDown');
    await expectStep(page, 'Reveal');
    await expect(page.locator('.class-outcome .class-count')).toHaveText([/^1 /, /^2 /, /^3 /]);
    await expect(page.locator('.class-score')).toHaveText('2 of 6 were right.');
  },
);

test('a digit typed into a field is not counted twice, and the arrow keys move in it', async ({ page, playground }) => {
  await playground.open(PRESENTED);
  await page.keyboard.press('ArrowRight');
  await page.getByLabel('Hands for answer A', { exact: true }).click();
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('3');
  expect(await hands(page)).toEqual(['132', '0', '0']);
  await expectStep(page, 'Bet');
});

test('a full stop blanks the screen until any key; t hides the time', async ({ page, playground }) => {
  await playground.open(PRESENTED);
  await page.keyboard.press('.');
  await expect(page.locator('.stage-blank')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.stage-blank')).toBeHidden();
  await expectStep(page, 'Question');
  await expect(page.locator('.stage-time')).toHaveText(/^0 of \d+ min · class 0 of 45$/);
  await page.keyboard.press('t');
  await expect(page.locator('.stage-time')).toHaveText('Show the time');
  await page.reload();
  await expect(page.locator('.stage-time')).toHaveText('Show the time');
  await page.locator('.stage-time').click();
  await expect(page.locator('.stage-time')).toHaveText(/of 45$/);
});

test('f fills the screen, and leaving the presentation leaves it', async ({ page, playground }) => {
  await playground.open(PRESENTED);
  await page.keyboard.press('f');
  await expect(page.getByRole('button', { name: 'Leave full screen' })).toBeVisible();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(page.locator('.masthead')).toBeVisible();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBeNull();
});

test('without a lesson there is nothing to present: the list is there, with its ways', async ({ page, playground }) => {
  for (const lesson of ['', '&lesson=nothing']) {
    await playground.open(`#v=2&tab=lessons${lesson}&present=1`);
    await expect(page.locator('.lesson-list')).toBeVisible();
    await expect(page.locator('.masthead')).toBeVisible();
    await expect(page).not.toHaveURL(/present/);
    await page.goto('about:blank');
  }
});

test('a locked link that hides parts is presented like any other: nothing besides the step', async ({
  page,
  playground,
}) => {
  await playground.open(`${PRESENTED}&hide=place.explore&lock=1`);
  await expectStep(page, 'Question');
  await expect(page.locator('.link-notice')).toBeHidden();
  const beyond = () =>
    page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight);
  expect(await beyond()).toBe(0);
  await page.keyboard.press('Escape');
  await expect(page.locator('.link-notice')).toBeVisible();
  await expect(page).toHaveURL(/lock=1/);
});
