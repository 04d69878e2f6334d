// How the page looks, in every situation of the walk: type, what is pressed, what fits, and what axe finds.

import { violations } from './axe.js';
import { hiddenWays, misfits, strayType, tooLow, watchCanvases } from './sizes.js';
import { expect, test } from './support.js';
import { WALK, walkTo } from './walk.js';

/** A desktop and a phone. */
const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 360, height: 740 };

/** The desktop at 200% and at 400%. */
const ZOOMED = [
  { width: 640, height: 360 },
  { width: 320, height: 180 },
];

/** In the full size axe is asked in both colour schemes in both sizes; else in one each. */
const FULL = Boolean(process.env.PAGES_FULL);

/**
 * What is looked at on a phone, in the dark.
 * @param {import('@playwright/test').Page} page
 */
async function lookAtPhone(page) {
  expect.soft(await strayType(page), 'phone').toEqual([]);
  await expect
    .configure({ soft: true, timeout: 5000 })
    .poll(() => misfits(page), 'phone')
    .toEqual([]);
  expect.soft(await hiddenWays(page), 'phone').toEqual([]);
  expect.soft(await tooLow(page), 'phone').toEqual([]);
  expect.soft(await violations(page), 'phone').toEqual([]);
}

for (const situation of WALK) {
  test(`${situation.name} on a desktop, zoomed and on a phone: type, widths, what is pressed; axe finds nothing`, async ({
    page,
    playground,
    address,
  }) => {
    test.slow();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await watchCanvases(page);
    await page.setViewportSize(DESKTOP);
    await walkTo(page, address, situation);
    await playground.settled();
    for (const part of situation.parts) await expect(page.locator(part).first()).toBeVisible();
    expect.soft(await strayType(page)).toEqual([]);
    expect.soft(await misfits(page)).toEqual([]);
    expect.soft(await violations(page)).toEqual([]);
    if (FULL) {
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      expect.soft(await violations(page), 'dark').toEqual([]);
    }
    for (const size of ZOOMED) {
      await page.setViewportSize(size);
      await expect
        .configure({ soft: true, timeout: 5000 })
        .poll(() => misfits(page), `at ${size.width} px`)
        .toEqual([]);
      expect.soft(await hiddenWays(page), `at ${size.width} px`).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.setViewportSize(PHONE);
    await lookAtPhone(page);
  });

  // To reach a situation once for all sizes is enough in the normal size.
  if (!FULL) continue;
  test(`${situation.name}, reached on a phone: type, what is pressed, widths; axe finds nothing`, async ({
    page,
    playground,
    address,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await watchCanvases(page);
    await page.setViewportSize(PHONE);
    await walkTo(page, address, situation);
    await playground.settled();
    for (const part of situation.parts) await expect(page.locator(part).first()).toBeVisible();
    await lookAtPhone(page);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    expect.soft(await violations(page), 'light').toEqual([]);
  });
}
