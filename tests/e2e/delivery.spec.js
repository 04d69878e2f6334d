import { existsSync, mkdtempSync, cpSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** Most bytes of the first view without the engine, compressed: the overview with its charts and the playing cluster. */
const FIRST_VIEW = 112_000;

/** More than this is an unsteady page by any measure. */
const LEAST_SEEN_SHIFT = 0.02;

/**
 * Every answer's bytes as they were sent, by address.
 * @param {Page} page
 */
async function watchBytes(page) {
  const session = await page.context().newCDPSession(page);
  /** @type {Map<string, string>} */
  const addresses = new Map();
  /** @type {Map<string, number>} */
  const bytes = new Map();
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ requestId, request }) => addresses.set(requestId, request.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const address = addresses.get(requestId) ?? '';
    bytes.set(address, (bytes.get(address) ?? 0) + encodedDataLength);
  });
  return bytes;
}

/** @param {Page} page */
const serviceWorkerReady = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => true));

/**
 * A folder with the built page, and its name with another ending as a further build would have.
 * @param {string} from
 * @param {string} ending
 */
function copyAsBuild(from, ending) {
  const folder = mkdtempSync(join(tmpdir(), 'playground-'));
  cpSync(from, folder, { recursive: true });
  const app = readdirSync(folder).find((name) => name.startsWith('app-')) ?? '';
  renameSync(join(folder, app), join(folder, `${app}${ending}`));
  for (const name of ['index.html', 'service_worker.js']) {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(app, `${app}${ending}`));
  }
  return folder;
}

// Bytes on the wire are told only by the protocol of Chromium's own tools.
test(
  'the first view is small, the engine is fetched once, and other views are not fetched',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    const bytes = await watchBytes(page);
    await playground.open();
    const all = [...bytes];
    const engine = all.filter(([address]) => address.endsWith('.wasm'));
    const others = all.filter(([address]) => !address.endsWith('.wasm'));
    expect(engine).toHaveLength(1);
    const app = readdirSync('dist').find((name) => name.startsWith('app-')) ?? '';
    const module = gzipSync(readFileSync(join('dist', app, 'pkg/blis_playground_bg.wasm')), { level: 9 });
    expect(engine[0][1]).toBeLessThan(module.length + 2000);
    expect(others.reduce((sum, [, many]) => sum + many, 0)).toBeLessThan(FIRST_VIEW);
    expect(others.filter(([address]) => /\/(views\/)?(lessons|plan|theory|details)\b/.test(address))).toEqual([]);
  },
);

for (const [width, height] of [
  [1280, 800],
  [820, 1180],
  [360, 740],
]) {
  test(`nothing moves while the page loads, at ${width} × ${height}`, async ({ page, playground }) => {
    await page.setViewportSize({ width, height });
    await page.addInitScript(() => {
      let shift = 0;
      const add = (/** @type {PerformanceEntryList} */ entries) => {
        for (const entry of entries) shift += /** @type {any} */ (entry).value;
      };
      const observer = new PerformanceObserver((list) => add(list.getEntries()));
      observer.observe({ type: 'layout-shift', buffered: true });
      const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
      const shiftSoFar = async () => {
        // A shift is noted with the frame that shows it.
        for (let frames = 0; frames < 3; frames += 1) await frame();
        add(observer.takeRecords());
        return shift;
      };
      Object.assign(globalThis, { shiftSoFar });
    });
    await playground.open();
    // The last part that comes by itself.
    await page.locator('#live .cluster[data-settled=true]').waitFor();
    const shift = await page.evaluate(() => /** @type {any} */ (globalThis).shiftSoFar());
    expect(shift).toBeLessThan(LEAST_SEEN_SHIFT);
  });
}

test('a view comes with its styles when its tab is shown', async ({ page, playground }) => {
  await playground.open();
  await expect(page.locator('link[href$="plan.css"]')).toHaveCount(0);
  await page.getByRole('tab', { name: 'Plan' }).click();
  await expect(page.getByRole('button', { name: 'Find the cluster' })).toHaveCSS('font-weight', '600');
  await expect(page.locator('link[href$="plan.css"]')).toHaveCount(1);
});

test(
  'after the first visit the page works without a connection, every tab of it',
  { tag: '@firefox' },
  async ({ page, playground, context }) => {
    await playground.open();
    const digest = await page.locator('.basis').innerText();
    await serviceWorkerReady(page);
    await context.setOffline(true);
    await page.reload();
    await playground.settled();
    await expect(page.locator('.basis')).toContainText(/digest [0-9a-f]{16}/.exec(digest)?.[0] ?? 'no digest');
    for (const tab of ['Cluster', 'Details', 'Compare', 'Plan', 'Theory', 'Lessons']) {
      await page.getByRole('tab', { name: tab }).click();
      await expect(page.getByRole('tabpanel', { name: tab }).locator('.view-empty[role=alert]')).toHaveCount(0);
    }
    await page.getByRole('link', { name: 'Three times the machines' }).first().click();
    await expect(page.getByRole('button', { name: 'Run it and see' })).toBeVisible();
  },
);

test(
  'a new build is seen at the next visit, and the kept files of the old one go',
  { tag: '@firefox' },
  async ({ page }) => {
    const builds = [copyAsBuild('dist', 'a'), copyAsBuild('dist', 'b')];
    const { address, close } = await serve({ folder: builds[0], base: '/page/' });
    try {
      await page.goto(address);
      await serviceWorkerReady(page);
      // The second build takes the place of the first.
      for (const name of readdirSync(builds[0])) rmSync(join(builds[0], name), { recursive: true });
      cpSync(builds[1], builds[0], { recursive: true });
      await page.reload();
      await expect(page.locator('script[src*="/start.js"]')).toHaveAttribute('src', /app-[0-9a-f]+b\//);
      await page.locator('body[data-busy=false]').waitFor();
      const names = () => page.evaluate(async () => (await caches.keys()).map((name) => name.slice(-1)));
      await expect.poll(names).toEqual(['b']);
    } finally {
      await close();
      for (const folder of builds) if (existsSync(folder)) rmSync(folder, { recursive: true });
    }
  },
);

test(
  'where service workers are denied the page works all the same',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await page.addInitScript(() => {
      // Firefox has it only on the page itself, not on the empty one before.
      if (!globalThis.ServiceWorkerContainer) return;
      ServiceWorkerContainer.prototype.register = () => {
        Object.assign(globalThis, { denied: true });
        return Promise.reject(new DOMException('denied', 'SecurityError'));
      };
    });
    await playground.open();
    await page.waitForFunction(() => 'denied' in globalThis);
    await expect(page.locator('.basis')).toContainText('1,000 requests');
  },
);
