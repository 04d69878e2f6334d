// The views beside the overview: axe, phone width, targets of the pointer.

import { LOOKS, take, violations, widthOf } from './axe.js';
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
  for (const look of LOOKS) {
    test(`axe finds nothing in ${view}, ${look.join(' at ')} px, and nothing is too wide or too small`, async ({
      page,
      playground,
    }) => {
      await take(page, look);
      await playground.open(`#v=1&latency=roofline&instances=2&rate=40&n=200&tab=${view}`);
      await act(page);
      await playground.settled();
      expect(await violations(page)).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(look[1]);
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
