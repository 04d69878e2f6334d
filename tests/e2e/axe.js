// What axe says of a view, and the looks in which it is asked.

import AxeBuilder from '@axe-core/playwright';

/** @import {Page} from '@playwright/test' */

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** @typedef {['light'|'dark', number]} Look colours and width in px */

/** Every colour scheme and every width; all pairs of them only in the full size. @type {Look[]} */
export const LOOKS = process.env.PAGES_FULL
  ? [
      ['light', 1280],
      ['light', 360],
      ['dark', 1280],
      ['dark', 360],
    ]
  : [
      ['light', 1280],
      ['dark', 360],
    ];

/**
 * Shows the page in a look.
 * @param {Page} page
 * @param {Look} look
 */
export async function take(page, [colorScheme, width]) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 800 });
}

/**
 * What axe finds, one line a rule.
 * @param {Page} page
 */
export async function violations(page) {
  const { violations: found } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

/** How wide the page is. @param {Page} page */
export const widthOf = (page) => page.evaluate(() => document.documentElement.scrollWidth);
