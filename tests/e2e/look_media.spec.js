// The page for those who see it in other ways: in the colours of the system, on paper, and by keyboard alone.

import { expect, goTo, test } from './support.js';
import { WALK, walkTo } from './walk.js';

/** @import {Locator, Page} from '@playwright/test' */

/**
 * What sets an element apart for the eye, its weight and its place aside.
 * @param {Locator} element
 */
const appearance = (element) =>
  element.evaluate((each) => {
    const style = getComputedStyle(each);
    const sides = ['top', 'right', 'bottom', 'left'].map((side) =>
      ['style', 'width', 'color'].map((part) => style.getPropertyValue(`border-${side}-${part}`)).join(' '),
    );
    return [...sides, style.outline, style.textDecoration, style.color, style.backgroundColor].join('; ');
  });

/** @param {string} name */
function situation(name) {
  const found = WALK.find((each) => each.name === name);
  if (!found) throw new Error(`the walk has no ${name}`);
  return found;
}

test(
  'in forced colours the current place, the selected tab and pressed buttons differ by more than weight',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await playground.open();
    const places = page.locator('#places a');
    const current = await appearance(page.locator('#places a[aria-current]'));
    for (const other of await places.and(page.locator(':not([aria-current])')).all())
      expect(await appearance(other)).not.toBe(current);
    const selected = await appearance(page.locator('[role=tab][aria-selected=true]'));
    for (const other of await page.locator('[role=tab][aria-selected=false]').all())
      expect(await appearance(other)).not.toBe(selected);
    const toggle = page.locator('#sweep').getByRole('button', { name: 'log' });
    const pressed = await toggle.getAttribute('aria-pressed');
    const before = await appearance(toggle);
    await toggle.click();
    await expect(toggle).toHaveAttribute('aria-pressed', String(pressed !== 'true'));
    // What the pointer is over looks otherwise by that alone.
    await page.mouse.move(0, 0);
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    await expect.poll(() => appearance(toggle)).not.toBe(before);
  },
);

test(
  'in forced colours the Story keeps its slider, its curve and its zones',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    await playground.story();
    await expect(page.locator('.curve-plot .dot')).toHaveCount(16);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    for (const part of ['.zone.behind', '.zone.fills', '.zone.keeps', '.line'])
      expect(
        await page.locator(`.curve-plot ${part}`).evaluate((each) => getComputedStyle(each).stroke),
        part,
      ).not.toBe(paper);
    const slider = page.locator('#story-servers');
    const seen = await slider.screenshot();
    await slider.evaluate((/** @type {HTMLElement} */ each) => each.style.setProperty('opacity', '0'));
    expect(await slider.screenshot()).not.toEqual(seen);
  },
);

/** What is pressed and so has no use on paper. @param {Page} page */
const pressable = (page) =>
  page
    .locator('button, nav a, input[type=range], .skip-link, [role=tab]')
    .evaluateAll((all) => all.filter((each) => each.checkVisibility()).map((each) => each.outerHTML.slice(0, 100)));

for (const name of ['story', 'overview', 'cluster-inspected', 'details', 'plan-found', 'lesson-revealed', 'theory'])
  test(
    `on paper ${name} has no controls and no chart in two pieces`,
    { tag: '@chromium' },
    async ({ page, playground, address }) => {
      test.slow();
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await walkTo(page, address, situation(name));
      await playground.settled();
      await page.emulateMedia({ media: 'print' });
      expect.soft(await pressable(page)).toEqual([]);
      const cut = await page.locator('figure, .curve-plot, #cluster-picture').evaluateAll((all) =>
        all
          .filter((each) => each.checkVisibility())
          .filter((each) => {
            for (let box = /** @type {Element|null} */ (each); box; box = box.parentElement)
              if (getComputedStyle(box).breakInside.startsWith('avoid')) return false;
            return true;
          })
          .map((each) => each.id || each.outerHTML.slice(0, 100)),
      );
      expect.soft(cut).toEqual([]);
      expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    },
  );

test(
  'the first press of Tab leads past the navigation, and the address stays',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.story();
    for (const place of ['Story', 'Explore']) {
      await goTo(page, place);
      const address = page.url();
      await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
      await page.reload();
      await playground.settled();
      await page.keyboard.press('Tab');
      await expect(page.locator('#skip')).toBeFocused();
      await expect(page.locator('#skip')).toBeInViewport({ ratio: 1 });
      await page.keyboard.press('Enter');
      await expect(page.locator('#content')).toBeFocused();
      expect(page.url()).toBe(address);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
    }
  },
);

/**
 * Presses Tab until something has the focus, as one who cannot point does.
 * @param {Page} page
 * @param {Locator} wanted
 */
async function tabTo(page, wanted) {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((each) => each === document.activeElement)) return;
  }
  throw new Error(`not reached by 40 presses of Tab: ${wanted}`);
}

test(
  'by keyboard alone from the front door to a lesson that is revealed',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.story();
    await tabTo(page, page.locator('#story-servers'));
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('#story-sentence')).toContainText('With 5 servers');
    await tabTo(page, page.getByRole('link', { name: 'Lesson 1: place your bet' }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'A cluster answers too slowly.' })).toBeVisible();
    await expect(page.locator('#content')).toBeFocused();
    await tabTo(page, page.getByRole('radio').first());
    await page.keyboard.press('Space');
    await tabTo(page, page.getByRole('button', { name: 'Run it and see' }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Not this time.' })).toBeFocused();
  },
);
