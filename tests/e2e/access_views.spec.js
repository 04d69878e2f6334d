// The views beside the overview: axe, phone width, targets of the pointer.

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** What brings each view into a state worth looking at. @type {Record<string, (page: Page) => Promise<void>>} */
const VIEWS = {
  details: (page) => page.locator('#panel-details[data-busy=false]').waitFor(),
  compare: async (page) => {
    await page.getByRole('button', { name: 'Pin this run' }).click();
    await page.locator('#setting-instances').evaluate((/** @type {HTMLInputElement} */ input) => {
      input.value = '3';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.locator('tr[data-run=Now]').waitFor();
  },
  plan: async (page) => {
    await page.getByRole('button', { name: 'Find the cluster' }).click();
    await expect(page.locator('.plan-outcome')).toContainText('Fewest GPUs');
  },
  share: async (page) => {
    await page.getByRole('button', { name: 'Share' }).click();
    await page.locator('.hide-choices summary').click();
  },
};

for (const [view, act] of Object.entries(VIEWS)) {
  for (const [scheme, width] of /** @type {const} */ ([
    ['light', 1280],
    ['dark', 360],
  ])) {
    test(`axe finds nothing in ${view}, ${scheme} at ${width} px, and nothing is too wide or too small`, async ({
      page,
      playground,
    }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      await playground.open(`#v=1&latency=roofline&instances=2&rate=40&n=200&tab=${view}`);
      await act(page);
      await playground.settled();
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`),
      ).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, select, input:not([type=range]), summary')]
          .filter((each) => each.checkVisibility())
          .map((each) => ({ what: each.outerHTML.slice(0, 80), box: each.getBoundingClientRect() }))
          .filter(({ box }) => box.height < 24 || box.width < 24)
          .map(({ what, box }) => `${what} ${box.width}x${box.height}`),
      );
      expect(small).toEqual([]);
    });
  }
}
