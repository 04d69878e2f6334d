import { readFileSync } from 'node:fs';
import { digestOf } from './engine.js';
import { peakWhile, withLittleMemory } from './memory.js';
import { expect, goTo, reveal, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const FULL = Boolean(process.env.PAGES_FULL);

const onLinux = process.platform === 'linux';

/**
 * Goes to one address after the other without waiting for what they show.
 * @param {Page} page
 * @param {string[]} hashes
 * @param {number} gap between two, ms; 0 for one task
 */
function rush(page, hashes, gap = 0) {
  return page.evaluate(
    async ({ all, ms }) => {
      for (const hash of all) {
        location.hash = hash;
        if (ms > 0) await new Promise((resume) => setTimeout(resume, ms));
      }
    },
    { all: hashes, ms: gap },
  );
}

/**
 * Headline, address, form and sweep are those of these settings.
 * @param {Page} page
 * @param {string} hash
 * @param {number} instances
 * @param {string} digest
 */
async function expectShown(page, hash, instances, digest = digestOf(hash)) {
  await expect(page.locator('.basis').first()).toContainText(`digest ${digest}`, { timeout: 60_000 });
  await expect(page).toHaveURL(new RegExp(`[#&]instances=${instances}(&|$)`));
  await expect(page.locator('#setting-instances')).toHaveValue(String(instances));
  await expect(page.locator('#sweep .chart-summary')).toContainText(`current ${instances}`, { timeout: 60_000 });
  await expect(page.locator('#old-figures')).toBeEmpty();
  await expect(page.locator('#notice')).toBeEmpty();
}

/**
 * Makes `hold(true)` there on the page: from then on no worker's result arrives until `hold(false)`, so that what is to be stopped is never
 * over before. How far it is, it goes on to tell.
 * @param {Page} page
 */
const holdResults = (page) =>
  page.addInitScript(() => {
    let held = false;
    /** @type {(() => void)[]} */
    const waiting = [];
    const Original = globalThis.Worker;
    globalThis.Worker = class extends Original {
      /** @param {((event: MessageEvent) => void)|null} listener */
      set onmessage(listener) {
        super.onmessage = (event) => {
          if (held && event.data.value !== undefined) waiting.push(() => listener?.(event));
          else listener?.(event);
        };
      }
    };
    Object.defineProperty(globalThis, 'hold', {
      value: (/** @type {boolean} */ now) => {
        held = now;
        if (!held) waiting.splice(0).forEach((deliver) => deliver());
      },
    });
  });

/** @param {Page} page @param {boolean} now */
const hold = (page, now) => page.evaluate((value) => /** @type {any} */ (globalThis).hold(value), now);

/** @param {number} instances @param {number} requests */
const scene = (instances, requests) => `#v=2&latency=roofline&instances=${instances}&rate=900&n=${requests}`;

/** Many settings, of which the last are wanted. @param {number} requests @param {number} many */
const manyScenes = (requests, many) =>
  Array.from({ length: many }, (_unused, i) => scene(i === many - 1 ? 31 : 5 + (i % 23), requests));

for (const gap of [0, 20]) {
  test(
    `of many changes ${gap === 0 ? 'at once' : `${gap} ms apart`} only the last remains, and they take little memory`,
    { tag: '@firefox' },
    async ({ page, playground, browserName }) => {
      const [requests, many] = FULL ? [200_000, 300] : [120_000, 40];
      await playground.open(scene(4, requests));
      // Beforehand: while it is computed here, nothing is measured.
      const digest = digestOf(scene(31, requests));
      const peak = await peakWhile(async () => {
        await rush(page, manyScenes(requests, many), gap);
        await expectShown(page, scene(31, requests), 31, digest);
      });
      // Each of the former attempts alone would hold 23 MB, 38 MB in the full size.
      if (onLinux) expect(peak).toBeGreaterThan(20);
      if (onLinux && browserName === 'chromium') expect(peak).toBeLessThan(500);
      if (onLinux && browserName === 'firefox') expect(peak).toBeLessThan(800);
    },
  );
}

test('a slider that moves through large runs takes little memory, and ends where it stands', async ({
  page,
  playground,
}) => {
  test.slow();
  const [requests, moves] = FULL ? [1_000_000, 60] : [400_000, 20];
  await playground.open(scene(5, requests));
  const digest = digestOf(scene(30, requests));
  const peak = await peakWhile(async () => {
    await page.locator('[data-key=instances] input[type=range]').evaluate(async (slider, count) => {
      const input = /** @type {HTMLInputElement} */ (slider);
      for (let move = 0; move < count; move += 1) {
        input.value = String(6 + (move % 20));
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((resume) => setTimeout(resume, 33));
      }
      input.value = '30';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, moves);
    const shown = page.locator('.basis').first();
    await expect(shown).toContainText(`digest ${digest}`, { timeout: 120_000 });
    await playground.settled();
  });
  if (onLinux) expect(peak).toBeLessThan(700);
  await expect(page).toHaveURL(/[#&]instances=30(&|$)/);
  await expect(page.locator('#setting-instances')).toHaveValue('30');
});

test(
  'among settings that are refused the last valid ones remain, in other views, too',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    const requests = 20_000;
    for (const tab of ['cluster', 'details']) {
      await playground.open(`${scene(4, requests)}&tab=${tab}`);
      const hashes = manyScenes(requests, 31).map((hash, i) => `${i % 2 === 0 ? hash : '#v=2&rate=fast'}&tab=${tab}`);
      await rush(page, hashes, 7);
      await page.evaluate(() => document.querySelector('[role=tab]')?.dispatchEvent(new MouseEvent('click')));
      await expectShown(page, scene(31, requests), 31);
    }
  },
);

test('other settings that are left again at once do not come back: those of the address are shown', async ({
  page,
  playground,
}) => {
  await playground.open(scene(4, 3000));
  await rush(page, [scene(31, 100_000), scene(4, 3000)]);
  await expectShown(page, scene(4, 3000), 4);
  await rush(page, [scene(9, 3000), scene(31, 100_000), '#v=2&rate=fast', scene(4, 3000)], 3);
  await expectShown(page, scene(4, 3000), 4);
});

const LARGE = scene(16, 2_000_000);

test(
  'a link to a large run asks first, and the keyboard can cut it down',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(LARGE);
    const notice = page.locator('#notice');
    await expect(notice).toContainText(
      /This link opens a large run: 2,000,000 requests, about [0-9]+ MB, about [0-9]+ s\./,
    );
    await expect(page.locator('#setting-n')).toHaveValue('2000000');
    await expect(page.locator('#headline .value')).toHaveCount(0);
    // It is what the page shows, and not a bar below an empty one.
    const [offer, results] = await Promise.all([notice.boundingBox(), page.locator('.results').boundingBox()]);
    expect(offer?.y).toBeLessThan(150);
    expect(offer?.width).toBeGreaterThan(0.9 * (results?.width ?? 0));
    expect(offer?.height).toBeGreaterThan(150);
    await expect(page.locator(':is(.on-its-way, .boot):visible')).toHaveCount(0);
    // A change of something else is no wish for so many requests.
    await page.locator('#setting-instances').fill('20');
    await page.locator('#setting-instances').press('Enter');
    await expect(page).toHaveURL(/instances=20/);
    await expect(notice).toContainText('This link opens a large run');
    await notice.getByRole('button', { name: 'Run', exact: true }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    // The button is gone, and has not taken the focus with it.
    await expect(notice).toBeFocused();
    await expectShown(page, scene(20, 100_000), 20);
  },
);

test('in an open page a large link leaves the figures, as old ones, until it is run; then it can be cancelled', async ({
  page,
  playground,
}) => {
  await holdResults(page);
  await playground.open(scene(4, 1000));
  await rush(page, [LARGE]);
  const notice = page.locator('#notice');
  await expect(notice).toContainText('large run');
  await expect(page.locator('#old-figures')).toContainText('These figures are from the last valid run');
  await expect(page.locator('.basis').first()).toContainText(`digest ${digestOf(scene(4, 1000))}`);
  await hold(page, true);
  await notice.getByRole('button', { name: 'Run', exact: true }).click();
  await notice.getByRole('button', { name: 'Cancel' }).click();
  await expect(notice).toContainText(
    'Cancelled: settings and figures are those of the run with 4 instances and 1,000 requests',
  );
  // Typed by hand it is begun.
  await hold(page, false);
  await reveal(page, 'n');
  await page.locator('#setting-n').fill('2000000');
  await page.locator('#setting-n').press('Enter');
  await notice.getByRole('button', { name: 'Cancel' }).click();
  await expect(notice).toContainText('Cancelled');
});

test(
  'a sweep of large runs is offered with its time, stopped, and computed to the end',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    test.slow();
    await holdResults(page);
    await playground.open(scene(4, 420_000));
    const summary = page.locator('#sweep .chart-summary');
    const action = page.locator('#sweep-action');
    await expect(summary).toHaveText('A sweep needs 16 runs of this size, so it starts only when you ask.');
    await expect(action).toHaveText(/^Compute the sweep \(about [0-9]+ s\)$/);
    await action.focus();
    await hold(page, true);
    await page.keyboard.press('Enter');
    await expect(action).toHaveText('Stop');
    await expect(action).toBeFocused();
    await expect(summary).toHaveText(/^Computing: ([1-9]|1[0-5]) of 16 runs done\.$/);
    await page.keyboard.press('Enter');
    await expect(summary).toHaveText(/^Stopped: ([1-9]|1[0-5]) of 16 runs done\.$/);
    await expect(action).toHaveText('Compute the rest');
    await hold(page, false);
    await page.keyboard.press('Enter');
    await expect(summary).toContainText('at the current 4', { timeout: 120_000 });
  },
);

test('views of a very large run are offered with their cost, and can be stopped', async ({ page, playground }) => {
  test.slow();
  await holdResults(page);
  await playground.open(scene(4, 1000));
  await reveal(page, 'n');
  await page.locator('#setting-n').fill('1000001');
  await page.locator('#setting-n').press('Enter');
  await expect(page.locator('.basis').first()).toContainText('1,000,001 requests', { timeout: 60_000 });
  const cost = /This run is large: .* about [0-9]+ MB, about [0-9]+ s\./;
  const offers = { Overview: '#live', Cluster: '#panel-cluster', Details: '#panel-details', Theory: '#panel-theory' };
  for (const [tab, panel] of Object.entries(offers)) {
    await goTo(page, tab);
    await expect(page.locator(panel)).toContainText(cost);
  }
  await hold(page, true);
  await page.getByRole('button', { name: 'Compute theory' }).click();
  await page.locator('#theory-action', { hasText: 'Stop' }).click();
  await expect(page.locator('#panel-theory')).toContainText('Stopped.');
  await goTo(page, 'Details');
  await page.getByRole('button', { name: 'Show the details' }).focus();
  await page.keyboard.press('Enter');
  // One button for both: the keyboard stays where it is.
  await expect(page.locator('#details-action')).toHaveText('Cancel');
  await expect(page.locator('#details-action')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#panel-details')).toContainText('Given up');
  await goTo(page, 'Cluster');
  await page.getByRole('button', { name: 'Show the cluster' }).click();
  await page.locator('#cluster-action', { hasText: 'Stop' }).click();
  await expect(page.locator('#panel-cluster')).toContainText('Stopped.');
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Requests (CSV)' }).click();
  await page.locator('#share-stop').click();
  await expect(page.locator('.share-status')).toHaveText('One row per request: stopped.');
});

test('a run that needs more memory than there is says so, and the last figures stay, as old ones', async ({
  page,
  playground,
}) => {
  const module = readFileSync(new URL('../../pkg/blis_playground_bg.wasm', import.meta.url));
  await page.route('**/*.wasm', (route) =>
    route.fulfill({ contentType: 'application/wasm', body: withLittleMemory(module, 500) }),
  );
  const small = scene(4, 1000);
  await playground.open(small);
  await reveal(page, 'n');
  await page.locator('#setting-n').fill('400000');
  await page.locator('#setting-n').press('Enter');
  await expect(page.locator('#notice')).toContainText(
    'The run needed more memory than the browser gives; fewer requests help',
  );
  await expect(page.locator('#old-figures')).toContainText('These figures are from the last valid run');
  await expect(page.locator('.basis').first()).toContainText(`digest ${digestOf(small)}`);
  await page.locator('#setting-n').fill('2000');
  await page.locator('#setting-n').press('Enter');
  await expectShown(page, scene(4, 2000), 4);
});
