// Takes pictures of the built page: docs/screenshot.png for the README, and into shots/ every situation of the walk on a
// desktop and on a phone, light and dark. As a command: `node scripts/screenshot.mjs [name of a situation …]`; with
// `readme` for the README's picture alone.

import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { WALK, walkTo } from '../tests/e2e/walk.js';
import { BROWSER_ARGUMENTS, findProgram } from './browser.mjs';
import { serve } from './serve.mjs';

/** @import {Browser} from '@playwright/test' */
/** @import {Situation} from '../tests/e2e/walk.js' */

/** @typedef {{name: string, width: number, height: number}} Screen */

/** @type {Screen[]} */
const SCREENS = [
  { name: 'desktop', width: 1280, height: 720 },
  { name: 'phone', width: 360, height: 740 },
];

const SCHEMES = /** @type {const} */ (['light', 'dark']);

const README = 'readme';

/**
 * @param {Browser} browser
 * @param {string} address
 * @param {Situation} situation
 * @param {Screen} screen
 * @param {'light'|'dark'} colorScheme
 * @param {{path: string, whole?: string}} picture of the window, and of the whole page
 * @param {'reduce'|'no-preference'} [reducedMotion] without motion the cluster stands at its fullest queue at once
 */
async function takePicture(
  browser,
  address,
  situation,
  { width, height },
  colorScheme,
  picture,
  reducedMotion = 'reduce',
) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion });
  page.on('console', (message) => console.error(`${picture.path}: ${message.text()}`));
  page.on('pageerror', (error) => console.error(`${picture.path}: ${error.stack}`));
  await walkTo(page, address, situation);
  await page.locator('body[data-busy=false]').waitFor({ timeout: 60_000 });
  await page.screenshot({ path: picture.path });
  if (picture.whole) await page.screenshot({ path: picture.whole, fullPage: true });
  console.log(picture.path);
  await page.close();
}

const wanted = process.argv.slice(2);
const isWanted = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);
const unknown = wanted.filter((name) => name !== README && !WALK.some((situation) => situation.name === name));
if (unknown.length > 0) throw new Error(`not in the walk: ${unknown.join(', ')}`);

const { address, close } = await serve({ folder: 'dist', base: '/some/sub/path/' });
const browser = await chromium.launch({ executablePath: findProgram('browser'), args: BROWSER_ARGUMENTS });
mkdirSync('shots', { recursive: true });
try {
  if (isWanted(README)) {
    const picture = { path: 'docs/screenshot.png' };
    // As most people see it: after the play.
    await takePicture(browser, address, WALK[0], SCREENS[0], 'light', picture, 'no-preference');
  }
  for (const situation of WALK.filter(({ name }) => isWanted(name)))
    for (const screen of SCREENS)
      for (const scheme of SCHEMES) {
        const path = `shots/${situation.name}-${screen.name}-${scheme}`;
        const picture = { path: `${path}.png`, whole: `${path}-whole.png` };
        await takePicture(browser, address, situation, screen, scheme, picture);
      }
} finally {
  await browser.close();
  await close();
}
