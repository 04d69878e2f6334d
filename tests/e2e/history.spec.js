import { downloaded } from './downloads.js';
import { expect, goTo, revealLesson, setInstances, test, useTraffic } from './support.js';

/** @import {Page} from '@playwright/test' */

const LESSON = '#v=2&tab=lessons&lesson=three-times-the-machines';

/** @param {Page} page */
const selectedTab = (page) => page.locator('[role=tab][aria-selected=true]');

/** @param {Page} page */
const currentPlace = (page) => page.locator('#places [aria-current]');

/** @param {Page} page */
const digest = async (page) => (await page.locator('.basis').first().innerText()).match(/digest ([0-9a-f]{16})/)?.[1];

/** @param {Page} page @param {() => Promise<void>} settled */
async function exportedTrace(page, settled) {
  await page.getByRole('button', { name: 'Share' }).click();
  const files = [];
  for (const name of ['Trace header (YAML)', 'Trace data (CSV)']) {
    const file = await downloaded(page, () => page.getByRole('button', { name }).click());
    files.push({ name: file.name, mimeType: 'text/plain', buffer: file.content });
  }
  await settled();
  return files;
}

test(
  'Back leads through story and views to the beginning, and not out of the page',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.story();
    const first = await page.locator('#story-number').innerText();
    await page.getByRole('button', { name: 'Try 12 servers' }).click();
    await expect(page).toHaveURL(/instances=12/);
    await playground.settled();
    await goTo(page, 'Explore');
    const twelve = await digest(page);
    await goTo(page, 'Details');
    await expect(page).toHaveURL(/tab=details/);
    await page.goBack();
    await expect(selectedTab(page)).toHaveText('Overview');
    await expect(page.locator('#setting-instances')).toHaveValue('12');
    await page.goBack();
    await expect(currentPlace(page)).toHaveText('Story');
    await expect(page.locator('#story-servers')).toHaveValue('12');
    await page.goBack();
    await expect(page.locator('#story-servers')).toHaveValue('4');
    await expect(page.locator('#story-number')).toHaveText(first);
    await page.goForward();
    await expect(page.locator('#story-servers')).toHaveValue('12');
    await page.goForward();
    await expect(selectedTab(page)).toHaveText('Overview');
    expect(await digest(page)).toBe(twelve);
    await page.goForward();
    await expect(selectedTab(page)).toHaveText('Details');
  },
);

test('what is typed is no step: Back goes to the view before it', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&rate=10&n=100');
  const length = await page.evaluate(() => history.length);
  await page.locator('#setting-instances').fill('5');
  await page.locator('#setting-instances').press('Enter');
  await expect(page).toHaveURL(/instances=5/);
  await page.locator('#setting-rate').fill('12');
  await page.locator('#setting-rate').press('Enter');
  await expect(page).toHaveURL(/rate=12/);
  expect(await page.evaluate(() => history.length)).toBe(length);
  await goTo(page, 'Compare');
  await page.goBack();
  await expect(selectedTab(page)).toHaveText('Overview');
  await expect(page.locator('#setting-rate')).toHaveValue('12');
});

test('by the keyboard: passing along the tabs is one step', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&rate=10&n=100');
  await page.getByRole('tab', { name: 'Overview' }).focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight');
  await expect(selectedTab(page)).toHaveText('Compare');
  await page.goBack();
  await expect(selectedTab(page)).toHaveText('Overview');
  await expect(page.getByRole('tab', { name: 'Compare' })).not.toHaveAttribute('aria-selected', 'true');
});

test(
  'a lesson is left by Back, and by a link into the playground and Back it is as it was',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=2&instances=3&rate=10&n=100');
    await goTo(page, 'Lessons');
    await page.locator('.lesson-list').getByRole('link', { name: 'Three times the machines' }).click();
    await expect(page.getByRole('heading', { name: 'A cluster answers too slowly.' })).toBeFocused();
    await page.goBack();
    await expect(page.locator('.lesson-list li a').first()).toBeVisible();
    await page.goForward();
    await revealLesson(page, 1);
    await expect(page.locator('.lesson-right')).toBeVisible();
    const figures = await page.locator('.lesson-figures').innerText();
    await page.locator('.lesson-table').getByRole('link').nth(1).click();
    await expect(selectedTab(page)).toHaveText('Overview');
    await page.goBack();
    await expect(currentPlace(page)).toHaveText('Lessons');
    await expect(page.locator('.lesson-figures')).toHaveText(figures, { useInnerText: true });
  },
);

test('a bet and what it uncovered survive a reload', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open(LESSON);
  await page.getByRole('radio').nth(1).check();
  await page.reload();
  await playground.settled();
  await expect(page.getByRole('radio').nth(1)).toBeChecked();
  await revealLesson(page, 1);
  const figures = await page.locator('.lesson-figures').innerText();
  await page.reload();
  await expect(page.locator('.lesson-figures')).toHaveText(figures, { useInnerText: true });
});

test('where storage is denied, bets live as long as the page', async ({ page, playground }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'sessionStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await playground.open(LESSON);
  await page.getByRole('radio').nth(1).check();
  await page.getByRole('link', { name: 'All lessons' }).click();
  await page.goBack();
  await expect(page.getByRole('radio').nth(1)).toBeChecked();
});

test('starting over can be undone, an imported trace included', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=200&n=300&seed=5');
  const before = await digest(page);
  const files = await exportedTrace(page, playground.settled);
  await page.locator('#share-file').setInputFiles(files);
  await useTraffic(page);
  await expect(page.locator('.workload-card')).toBeVisible();
  await playground.settled();
  expect(await digest(page), 'the trace of a run gives the run again').toBe(before);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(page.locator('.workload-card')).toBeHidden();
  await expect(page.getByText('Started over.')).toBeVisible();
  await expect(page.locator('#setting-instances')).toHaveValue('4');
  await playground.settled();
  expect(await digest(page)).not.toBe(before);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.workload-card')).toContainText(/blis-trace-.*\.csv.*300 requests · 200 requests\/s/);
  await playground.settled();
  expect(await digest(page)).toBe(before);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden();
});

test('by the keyboard: the way back is the next stop, and the focus returns', async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&rate=10&n=100');
  await page.getByRole('button', { name: 'Start over' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Started over.')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#setting-instances')).toHaveValue('3');
  await expect(page.getByRole('button', { name: 'Start over' })).toBeFocused();
});

test('a change after starting over takes the way back away', async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&rate=10&n=100');
  await page.getByRole('button', { name: 'Start over' }).click();
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  await expect(page.locator('#setting-instances')).toHaveValue('4');
  await setInstances(page, 8);
  await expect(undo).toBeHidden();
});

test('a trace comes back whole, is shown as a card, and is removed and brought back', async ({ page, playground }) => {
  await playground.open();
  const before = await digest(page);
  const [p99, itl] = [await playground.figure('ttft-p99'), await playground.figure('itl')];
  const files = await exportedTrace(page, playground.settled);
  await page.locator('#share-file').setInputFiles(files);
  await useTraffic(page);
  const card = page.locator('.workload-card');
  await expect(card).toContainText('1,000 requests · 200 requests/s');
  await playground.settled();
  expect(await digest(page)).toBe(before);
  expect([await playground.figure('ttft-p99'), await playground.figure('itl')]).toEqual([p99, itl]);
  await expect(page.locator('.headline')).not.toContainText('workload.');
  await page.keyboard.press('Escape');

  await card.getByRole('button', { name: 'Remove' }).click();
  await expect(card).toBeHidden();
  await expect(page.locator('#setting-rate')).toBeVisible();
  await expect(page.getByText('.csv removed.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card).toBeVisible();
  await page.goBack();
  await expect(card).toBeHidden();
  await page.goForward();
  await expect(card).toContainText('.csv');
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 390]) {
    test(`toast and card have room at ${width} px in ${scheme} @chromium`, async ({ page, playground }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100');
      const files = await exportedTrace(page, playground.settled);
      await page.locator('#share-file').setInputFiles(files);
      await useTraffic(page);
      // On a phone the settings are folded, and the card with them.
      await expect(page.locator('.workload-card')).toHaveJSProperty('hidden', false);
      await playground.settled();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Start over' }).click();
      for (const name of ['Undo', 'Dismiss']) {
        const button = page.getByRole('button', { name });
        await button.waitFor();
        const box = await button.boundingBox();
        expect(Math.min(box?.width ?? 0, box?.height ?? 0), name).toBeGreaterThanOrEqual(44);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
  }
}
