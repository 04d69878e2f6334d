import { existsSync, mkdtempSync, cpSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { serve } from '../../scripts/serve.mjs';
import { expect, goTo, panelOf, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** Most bytes of the first view without the engine, compressed: the Story with its curve, the playing cluster and its buttons. */
const FIRST_VIEW = 99_000;

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
    await playground.story();
    const all = [...bytes];
    const engine = all.filter(([address]) => address.endsWith('.wasm'));
    const others = all.filter(([address]) => !address.endsWith('.wasm'));
    expect(engine).toHaveLength(1);
    const app = readdirSync('dist').find((name) => name.startsWith('app-')) ?? '';
    const module = gzipSync(readFileSync(join('dist', app, 'pkg/blis_playground_bg.wasm')), { level: 9 });
    expect(engine[0][1]).toBeLessThan(module.length + 2000);
    expect(others.reduce((sum, [, many]) => sum + many, 0)).toBeLessThan(FIRST_VIEW);
    expect(
      others.filter(([address]) => /\/(views\/)?(lessons|plan|theory|details|explore|traffic)\b/.test(address)),
    ).toEqual([]);
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
    await playground.story();
    // The last part that comes by itself.
    await page.locator('#story-cluster .cluster[data-settled=true]').waitFor();
    const shift = await page.evaluate(() => /** @type {any} */ (globalThis).shiftSoFar());
    expect(shift).toBeLessThan(LEAST_SEEN_SHIFT);
  });
}

test('a view comes with its styles when its tab is shown', async ({ page, playground }) => {
  await playground.open();
  await expect(page.locator('link[href$="plan.css"]')).toHaveCount(0);
  await goTo(page, 'Plan');
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
      await goTo(page, tab);
      await expect(panelOf(page, tab).locator('.view-empty[role=alert]')).toHaveCount(0);
    }
    await page.locator('.lesson-list').getByRole('link', { name: 'Three times the machines' }).click();
    await expect(page.getByRole('button', { name: 'Run it and see' })).toBeVisible();
  },
);

/** No file comes from the browser's own cache: what is not on the server is not there. */
const uncached = () => ({ 'Cache-Control': 'no-store' });

/**
 * Puts another build in the place of the one that is served.
 * @param {string} served
 * @param {string} build
 */
function publish(served, build) {
  for (const name of readdirSync(served)) rmSync(join(served, name), { recursive: true });
  cpSync(build, served, { recursive: true });
}

/**
 * Builds a to c in folders of their own, of which the first is served.
 * @param {(site: {address: string, publish: (ending: 'b'|'c') => void, remove: (file: string) => void}) => Promise<void>} use
 */
async function withBuilds(use) {
  const [served, b, c] = [copyAsBuild('dist', 'a'), copyAsBuild('dist', 'b'), copyAsBuild('dist', 'c')];
  const { address, close } = await serve({ folder: served, base: '/page/', headers: uncached });
  try {
    await use({
      address,
      publish: (ending) => publish(served, { b, c }[ending]),
      remove(file) {
        const app = readdirSync(served).find((name) => name.startsWith('app-')) ?? '';
        rmSync(join(served, app, file));
      },
    });
  } finally {
    await close();
    for (const folder of [served, b, c]) if (existsSync(folder)) rmSync(folder, { recursive: true });
  }
}

/** The endings of the builds that are kept, the oldest first; one of which not all is there is named as such. @param {Page} page */
const keptBuilds = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const whole = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length > 20));
    return names.map((name, i) => `${name.slice(-1)}${whole[i] ? '' : ' in part'}`);
  });

test('a build that cannot be kept whole leaves nothing behind', async ({ page }) => {
  await withBuilds(async ({ address, publish, remove }) => {
    await page.goto(address);
    await serviceWorkerReady(page);
    await expect.poll(() => keptBuilds(page)).toEqual(['a']);
    publish('b');
    remove('icon.svg');
    const state = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const over = new Promise((done) => {
        registration.addEventListener('updatefound', () => {
          const { installing } = registration;
          installing?.addEventListener(
            'statechange',
            () => installing.state !== 'installing' && done(installing.state),
          );
        });
      });
      await registration.update();
      return over;
    });
    expect(state).toBe('redundant');
    expect(await keptBuilds(page)).toEqual(['a']);
  });
});

test('a newer build of a page in a folder above is none of this page, nor is that page', async ({ page, context }) => {
  const [outer, inner] = [copyAsBuild('dist', 'a'), copyAsBuild('dist', 'i')];
  cpSync(inner, join(outer, 'inner'), { recursive: true });
  const { address, close } = await serve({ folder: outer, base: '/page/', headers: uncached });
  const next = copyAsBuild('dist', 'b');
  try {
    await page.goto(address);
    await serviceWorkerReady(page);
    await expect.poll(() => keptBuilds(page)).toEqual(['a']);
    const below = await context.newPage();
    // Without a service worker of its own, so that the one above is in charge of it.
    await below.addInitScript(() => {
      ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('denied', 'SecurityError'));
      navigator.serviceWorker.addEventListener('message', () => Object.assign(globalThis, { told: true }));
    });
    await below.goto(`${address}inner/`);
    await below.locator('body[data-busy=false]').waitFor();
    for (const name of ['index.html', 'service_worker.js']) cpSync(join(next, name), join(outer, name));
    const app = readdirSync(next).find((name) => name.startsWith('app-')) ?? '';
    cpSync(join(next, app), join(outer, app), { recursive: true });
    await page.reload();
    await expect.poll(() => keptBuilds(page)).toEqual(['a', 'b']);
    await below.waitForFunction(() => 'told' in globalThis);
    await expect(below.locator('.newer')).not.toHaveClass(/shown/);
    // Without a connection, the page above is not shown in the place of this one.
    await context.setOffline(true);
    await expect(below.goto(`${address}inner/`)).rejects.toThrow('ERR_INTERNET_DISCONNECTED');
  } finally {
    await close();
    for (const folder of [outer, inner, next]) rmSync(folder, { recursive: true });
  }
});

test('the files of a build are held from the beginning, before the engine is there', async ({ page, address }) => {
  await page.route('**/*.wasm', () => {});
  await page.goto(address);
  const held = () => page.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name) ?? []);
  const build = readdirSync('dist').find((name) => name.startsWith('app-'));
  await expect.poll(held).toContain(`blis-playground ${new URL(address).pathname} ${build}`);
  await expect(page.locator('.newer')).toHaveCount(1);
});

const OTHER_VIEWS = ['Details', 'Compare', 'Plan', 'Theory', 'Lessons', 'Cluster'];

test(
  'a tab of an old build goes on with all of its views, and offers to load the new one',
  { tag: '@firefox' },
  async ({ context }) =>
    withBuilds(async ({ address, publish }) => {
      const old = await context.newPage();
      await old.goto(address);
      await serviceWorkerReady(old);
      await expect.poll(() => keptBuilds(old)).toEqual(['a']);
      publish('b');
      const next = await context.newPage();
      await next.goto(address);
      await expect(next.locator('script[src*="/start.js"]')).toHaveAttribute('src', /app-[0-9a-f]+b\//);
      await expect.poll(() => keptBuilds(next)).toEqual(['a', 'b']);
      await expect(old.locator('.newer')).toContainText('A newer version of the playground has been published.');
      for (const name of OTHER_VIEWS) {
        await goTo(old, name);
        await expect(panelOf(old, name).locator('.view-empty[role=alert]')).toHaveCount(0);
      }
      await expect(old.locator('#cluster-picture')).toBeVisible();
      // A worker that is started only now comes from there, too.
      const worker = () => {
        const start = document.querySelector('script')?.src ?? '';
        return fetch(start.replace(/app\/\w+\.js/, 'worker/worker.js')).then(({ ok }) => ok);
      };
      expect(await old.evaluate(worker)).toBe(true);
      await expect(old.locator('#notice')).toBeEmpty();
      // A third build: the first is kept for its tab, and goes with it.
      publish('c');
      await next.reload();
      await expect.poll(() => keptBuilds(next)).toEqual(['a', 'b', 'c']);
      await old.getByRole('button', { name: 'Reload' }).click();
      await expect(old.locator('script[src*="/start.js"]')).toHaveAttribute('src', /app-[0-9a-f]+c\//);
    }),
);

test('the kept files of old builds go, but for the last one', { tag: '@firefox' }, async ({ page }) =>
  withBuilds(async ({ address, publish }) => {
    await page.goto(address);
    await serviceWorkerReady(page);
    for (const ending of /** @type {const} */ (['b', 'c'])) {
      publish(ending);
      await page.reload();
      await expect.poll(() => keptBuilds(page)).toContain(ending);
    }
    await expect.poll(() => keptBuilds(page)).toEqual(['b', 'c']);
  }),
);

test(
  'without a service worker, a file of an old build that is gone offers to load the new one',
  { tag: '@firefox' },
  async ({ page }) =>
    withBuilds(async ({ address, publish }) => {
      await page.addInitScript(() => {
        if (globalThis.ServiceWorkerContainer)
          ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('denied', 'SecurityError'));
        const errors = /** @type {string[]} */ ([]);
        Object.assign(globalThis, { errors });
        addEventListener('error', ({ message }) => errors.push(message));
      });
      await page.goto(`${address}#v=2&n=100&instances=2`);
      await page.locator('#live .cluster[data-settled=true]').waitFor();
      publish('b');
      const words = 'A newer version of the playground has been published. Reload: your settings are in the address.';
      await page.getByRole('button', { name: 'Share' }).click();
      await expect(page.locator('.newer')).toContainText(words);
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await goTo(page, 'Plan');
      await expect(panelOf(page, 'Plan')).toContainText(words);
      // Said once, and the error is not hidden by it: it might be the view's own.
      await expect(page.locator('.newer')).not.toHaveClass(/shown/);
      expect(await page.evaluate(() => /** @type {any} */ (globalThis).errors)).toHaveLength(1);
      await panelOf(page, 'Plan').getByRole('button', { name: 'Reload' }).click();
      await expect(page.locator('script[src*="/start.js"]')).toHaveAttribute('src', /app-[0-9a-f]+b\//);
      await expect(page.locator('.simulated')).toContainText('2 instances');
    }),
);

test('a worker of an old build that cannot be started any more offers to load the new one', async ({ page }) =>
  withBuilds(async ({ address, publish }) => {
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    await page.goto(`${address}#v=2&n=100&instances=2&tab=compare`);
    await page.locator('body[data-busy=false]').waitFor();
    publish('b');
    // All but the script of workers.
    await page.route(/app-[0-9a-f]+a\/(?!worker)/, (route) => {
      const [, folder, path] = /(app-[0-9a-f]+)a\/(.*)$/.exec(route.request().url()) ?? [];
      return route.fulfill({ path: join('dist', folder, path) });
    });
    await goTo(page, 'Cluster');
    await expect(page.locator('.newer')).toContainText('A newer version of the playground has been published.');
  }));

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
