// The page under test: served as a stranger would, below a sub-path of a plain static server with a strict policy.

import { expect, test as base } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { openingPairs } from '../../web/address/opening.js';
import { formatHash } from '../../web/address/url.js';

/** @import {Fixtures, FrameLocator, Page, PlaywrightTestArgs, PlaywrightTestOptions, PlaywrightWorkerArgs, PlaywrightWorkerOptions} from '@playwright/test' */

/** @typedef {{open: (hash?: string) => Promise<void>, story: () => Promise<void>, figure: (id: string) => Promise<string>, settled: () => Promise<void>}} Playground */

/**
 * Every test gets a page, and fails if anything was written to the console or asked of another origin.
 * @type {Fixtures<{playground: Playground}, {address: string}, PlaywrightTestArgs & PlaywrightTestOptions, PlaywrightWorkerArgs & PlaywrightWorkerOptions>}
 */
const fixtures = {
  address: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const { address, close } = await serve({ folder: 'dist', base: '/some/sub/path/' });
      await use(address);
      await close();
    },
    { scope: 'worker' },
  ],
  playground: async ({ page, address }, use) => {
    /** @type {string[]} */
    const complaints = [];
    page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(address)) complaints.push(`request to ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} for ${response.url()}`);
    });
    await use(playgroundOn(page, address));
    expect(complaints).toEqual([]);
  },
};

export const test = base.extend(fixtures);

export { expect };

/**
 * @param {Page} page
 * @param {string} address
 * @returns {Playground}
 */
function playgroundOn(page, address) {
  const settled = () => page.locator('body[data-busy=false]').waitFor({ timeout: 60_000 });
  return {
    settled,
    /** The overview, with the opening scene unless an address says otherwise. */
    async open(hash = formatHash(openingPairs())) {
      await page.goto(address + hash);
      await settled();
    },
    /** The front door. */
    async story() {
      await page.goto(address);
      await settled();
    },
    figure: (id) => page.locator(`[data-figure=${id}] .value`).innerText(),
  };
}

/**
 * Opens the section that a setting of the form is folded into.
 * @param {Page} page
 * @param {string} key of the setting in links
 */
export async function reveal(page, key) {
  await page.locator(`#form [data-key=${key}]`).evaluate((field) => {
    const section = field.closest('details');
    if (section) section.open = true;
  });
}

/**
 * A duration as the page writes it, in ms.
 * @param {string} text
 */
export function milliseconds(text) {
  const [value, unit] = text.split(' ');
  const factor = { ms: 1, s: 1000, min: 60_000 }[unit];
  if (factor === undefined) throw new Error(`not a duration: ${text}`);
  return Number(value.replaceAll(',', '')) * factor;
}

/**
 * Uses the requests that the dialog of traffic shows.
 * @param {Page} page
 */
export async function useTraffic(page) {
  const dialog = page.getByRole('dialog', { name: 'Your traffic' });
  await dialog.getByRole('button', { name: 'Use as workload' }).click();
  await expect(dialog).toBeHidden();
}

/**
 * Opens the dialog in which a model or a GPU is chosen, and types what narrows its list.
 * @param {Page} page
 * @param {'model'|'gpu'} what
 * @param {string} words
 */
export async function findChoice(page, what, words) {
  await page.locator(`#setting-${what}`).click();
  const dialog = page.getByRole('dialog', { name: what === 'model' ? 'Choose a model' : 'Choose a GPU' });
  await dialog.getByRole('combobox').fill(words);
  return dialog;
}

/**
 * Chooses the first that is found by some words.
 * @param {Page} page
 * @param {'model'|'gpu'} what
 * @param {string} words
 */
export async function choose(page, what, words) {
  const dialog = await findChoice(page, what, words);
  await dialog.getByRole('combobox').press('Enter');
  await expect(dialog).toBeHidden();
}

const PLACES = ['Story', 'Lessons', 'Explore', 'Plan'];

/**
 * To a place, or to a view of Explore, as a person goes there.
 * @param {Page|FrameLocator} page
 * @param {string} name
 */
export async function goTo(page, name) {
  const place = (/** @type {string} */ each) => page.getByRole('navigation').getByRole('link', { name: each });
  if (PLACES.includes(name)) {
    await place(name).click();
    return;
  }
  const tab = page.getByRole('tab', { name });
  if (!(await tab.isVisible())) await place('Explore').click();
  await tab.click();
}

/**
 * What a place or a view shows.
 * @param {Page|FrameLocator} page
 * @param {string} name
 */
export function panelOf(page, name) {
  return PLACES.includes(name) ? page.getByRole('region', { name, exact: true }) : page.getByRole('tabpanel', { name });
}

/**
 * Another number of instances, as typed in Explore.
 * @param {Page} page
 * @param {number} instances
 */
export async function setInstances(page, instances) {
  await page.locator('#setting-instances').fill(String(instances));
  await page.locator('#setting-instances').press('Enter');
}

/**
 * Bets on an answer of the lesson that is open, and shows all that its runs show, what is folded included.
 * @param {Page} page
 * @param {number} [answer]
 */
export async function revealLesson(page, answer = 0) {
  await page.getByRole('radio').nth(answer).check();
  await page.getByRole('button', { name: 'Run it and see' }).click();
  await page.getByRole('button', { name: 'Show all of it' }).click();
  await page.locator('.lesson-evidence > summary').click();
}
