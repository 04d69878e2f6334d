// The walk: every situation of the page that is looked at, by tests of its look and by pictures of it.

import { openingPairs } from '../../web/address/opening.js';
import { formatHash } from '../../web/address/url.js';
import { revealLesson } from './support.js';

/** @import {Page} from '@playwright/test' */

/**
 * @typedef {object} Situation
 * @property {string} name also of its picture
 * @property {string} hash
 * @property {(page: Page) => Promise<unknown>} [reach] what a person does there, until it is there
 * @property {string[]} parts what it is about, and is therefore seen
 */

const OPENING = formatHash(openingPairs());

/** Fewer requests, so that whatever is computed of them is there soon. */
const SMALL = '#v=2&latency=roofline&instances=4&rate=60&n=300&route=weighted&blocks=1500';

const LESSON = '#v=2&tab=lessons&lesson=three-times-the-machines';

/** @param {string} place of the picture */
const settled = (place) => async (/** @type {Page} */ page) => {
  await page.locator(`${place} .cluster[data-settled=true]`).waitFor();
};

/** @param {Page} page */
async function storyThere(page) {
  await page.locator('.curve-plot .dot').nth(15).waitFor();
  await page.locator('#story-why[aria-busy=false]').waitFor();
  await settled('#story-cluster')(page);
}

/** Settings are folded where there is little room. @param {Page} page */
async function unfoldSettings(page) {
  const settings = page.locator('#settings');
  if ((await settings.getAttribute('open')) === null) await settings.locator('> summary h2').click();
}

/** @type {Situation[]} */
export const WALK = [
  { name: 'story', hash: '', reach: storyThere, parts: ['#story-number', '#story-servers', '.curve-plot'] },
  {
    name: 'story-twelve',
    hash: '',
    async reach(page) {
      await page.getByRole('button', { name: 'Try 12 servers' }).click();
      await page.locator('.badge.keeps').waitFor();
      await storyThere(page);
    },
    parts: ['.factor', '.badge.keeps'],
  },
  {
    name: 'story-eight',
    hash: '',
    async reach(page) {
      await page.locator('#story-servers').fill('8');
      await page.locator('.badge.fills').waitFor();
      await storyThere(page);
    },
    parts: ['.badge.fills'],
  },
  {
    name: 'lessons',
    hash: '#v=2&tab=lessons',
    reach: (page) => page.locator('.lesson-list > li').last().waitFor(),
    parts: ['.lesson-list', '.course-class'],
  },
  {
    name: 'lesson-asked',
    hash: LESSON,
    reach: (page) => page.getByRole('radio').first().waitFor(),
    parts: ['.lesson-question', '.lesson-form'],
  },
  {
    name: 'lesson-pictures',
    hash: LESSON,
    async reach(page) {
      await page.getByRole('radio').first().check();
      await page.getByRole('button', { name: 'Run it and see' }).click();
      await page.locator('.lesson-pictures[data-settled=true]').waitFor();
    },
    parts: ['[data-step=reveal]', '.duo', '.duo-time'],
  },
  {
    name: 'lesson-revealed',
    hash: LESSON,
    async reach(page) {
      await revealLesson(page);
      await page.getByRole('button', { name: /^Try it here/ }).click();
      await page.locator('.lesson-changed').waitFor();
      await page.locator('#lesson-chart canvas').waitFor();
    },
    parts: ['[data-step=reveal]', '.lesson-bars >> nth=1', '[data-step=why]', '.lesson-changed'],
  },
  { name: 'overview', hash: OPENING, reach: settled('#live'), parts: ['#headline', '#live', '#sweep'] },
  {
    name: 'cluster',
    hash: `${SMALL}&tab=cluster`,
    reach: settled('#panel-cluster'),
    parts: ['#panel-cluster #cluster-picture'],
  },
  {
    name: 'cluster-inspected',
    hash: `${SMALL}&tab=cluster&request=200`,
    async reach(page) {
      await settled('#panel-cluster')(page);
      await page.locator('.what-if-chips li').first().waitFor();
      // All of it, what is folded included.
      for (const fold of await page.locator('.inspector-more:not([hidden]) > summary').all()) await fold.click();
      await page.locator('.candidates tbody tr').first().waitFor();
    },
    parts: ['.inspector', '.candidates'],
  },
  {
    name: 'details',
    hash: `${SMALL}&tab=details&request=200`,
    async reach(page) {
      await page.locator('#panel-details[data-busy=false]').waitFor();
      await page.locator('#kv-map .chart-summary:not(:empty)').waitFor();
    },
    parts: ['#panel-details'],
  },
  {
    name: 'compare',
    hash: `${SMALL}&tab=compare`,
    async reach(page) {
      await page.getByRole('button', { name: 'Pin this run' }).click();
      await page.evaluate(
        (hash) => {
          location.hash = hash;
        },
        `${SMALL.replace('instances=4', 'instances=6')}&tab=compare`,
      );
      await page.locator('tr[data-run=Now]').waitFor();
    },
    parts: ['#panel-compare table'],
  },
  {
    name: 'theory',
    hash: `${SMALL}&tab=theory`,
    reach: (page) => page.locator('.theory[aria-busy=false] .form-card').first().waitFor(),
    parts: ['.form-card >> nth=0'],
  },
  {
    name: 'refused-value',
    hash: `${SMALL}&rate=fast`.replace('&rate=60', ''),
    async reach(page) {
      await unfoldSettings(page);
      await page.locator('[data-key=rate] .error').waitFor();
    },
    parts: ['[data-key=rate] .error'],
  },
  {
    name: 'held-link',
    hash: '#v=2&latency=roofline&instances=16&rate=900&n=2000000',
    reach: (page) => page.locator('#notice').getByRole('button', { name: 'Run', exact: true }).waitFor(),
    parts: ['#notice'],
  },
  {
    name: 'plan',
    hash: `${SMALL}&tab=plan&goal=seeds:1`,
    reach: (page) => page.locator('#panel-plan button').first().waitFor(),
    parts: ['#panel-plan'],
  },
  {
    name: 'plan-found',
    hash: `${SMALL}&tab=plan&goal=seeds:1`,
    reach: (page) => page.locator('.plan-outcome', { hasText: 'Fewest GPUs' }).waitFor({ timeout: 120_000 }),
    parts: ['.plan-outcome'],
  },
  {
    name: 'share',
    hash: SMALL,
    async reach(page) {
      await page.getByRole('button', { name: 'Share' }).click();
      await page.locator('.hide-choices summary').first().click();
    },
    parts: ['.hide-choices'],
  },
  {
    name: 'settings-search',
    hash: SMALL,
    async reach(page) {
      await unfoldSettings(page);
      await page.getByRole('searchbox', { name: 'Find a setting' }).fill('batch');
      await page.locator('.settings-search [role=status]', { hasText: 'found' }).waitFor();
    },
    parts: ['.settings-search'],
  },
];

/** Once more from an empty page: a new address of the same page would be followed within it. */
const EMPTY = 'about:blank';

/**
 * To a situation, from anywhere.
 * @param {Page} page
 * @param {string} address of the page
 * @param {Situation} situation
 */
export async function walkTo(page, address, { hash, reach }) {
  await page.goto(EMPTY);
  await page.goto(address + hash);
  await page.locator('body[data-busy=false]').waitFor({ timeout: 60_000 });
  await reach?.(page);
}
