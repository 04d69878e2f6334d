import { PAGE_KEYS } from '../../web/address/url.js';
import { digestOf, engine } from './engine.js';
import { expect, goTo, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

/** Takes long enough to be disturbed. */
const LONG = '#v=2&latency=roofline&instances=64&rate=2000&n=400000';

const SCRIPT = `javascript:hit=1;"><script>hit = 1</script><img src="nowhere" onerror="hit = 1">`;

/** Fails if any script text became an element or was run. */
async function expectInert(/** @type {Page} */ page) {
  expect(await page.evaluate(() => 'hit' in globalThis)).toBe(false);
  expect(await page.locator('img, iframe, script:not([src]), [onerror], a[href^="javascript"]').count()).toBe(0);
}

test('script text in every field of the settings is inert', async ({ page, playground }) => {
  await playground.open(SMALL);
  const fields = page.locator('#form input[type=text]');
  expect(await fields.count()).toBeGreaterThan(10);
  await fields.evaluateAll((inputs, text) => {
    for (const input of /** @type {HTMLInputElement[]} */ (inputs)) {
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }, SCRIPT);
  await expect(page.locator('[data-key=rate] .error')).toHaveText('Enter a number greater than 0.');
  await expect(page.locator('[data-key=sloe2e] .error')).toContainText('Enter class=duration');
  await expectInert(page);
});

test('script text in every key of an address is inert', async ({ page, playground }) => {
  const text = encodeURIComponent(SCRIPT);
  const keys = [...engine.schema().map(({ key }) => key), text];
  await playground.open(`#v=2&${keys.map((key) => `${key}=${text}`).join('&')}`);
  await expect(page.locator('#notice')).toContainText(SCRIPT);
  await expectInert(page);
  await playground.open(`#v=${text}`);
  await expect(page.locator('#notice')).toContainText(`version ${SCRIPT}`);
  await expectInert(page);
});

test('script text in every key about the page itself is inert', async ({ page, playground }) => {
  await playground.open(`${SMALL}&${PAGE_KEYS.map((key) => `${key}=${encodeURIComponent(SCRIPT)}`).join('&')}`);
  await expect(page.locator('.basis').first()).toContainText('digest');
  await expectInert(page);
});

test('script text as the name of a file and in it is inert', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.getByRole('button', { name: 'Share' }).click();
  for (const content of [SCRIPT, JSON.stringify({ model: { name: SCRIPT } }), JSON.stringify({ [SCRIPT]: SCRIPT })]) {
    const buffer = Buffer.from(content);
    await page.locator('#share-file').setInputFiles({ name: `${SCRIPT}.json`, mimeType: 'application/json', buffer });
    // What is no JSON may be a table.
    await expect(page.locator('.share-status, .traffic-name').filter({ hasText: SCRIPT })).not.toHaveCount(0);
    await expectInert(page);
    await page.keyboard.press('Escape');
    if ((await page.locator('#share').getAttribute('aria-expanded')) === 'false') await page.locator('#share').click();
  }
});

test(
  'where every kind of storage is denied the page works in every view',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
        Object.defineProperty(globalThis, name, {
          get() {
            throw new DOMException('denied', 'SecurityError');
          },
        });
      }
    });
    await playground.open(SMALL);
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await playground.settled();
    }
    await goTo(page, 'Overview');
    await page.locator('#setting-instances').fill('3');
    await page.locator('#setting-instances').press('Enter');
    await expect(page.locator('.basis').first()).toContainText(`digest ${digestOf(SMALL.replace('s=2', 's=3'))}`);
  },
);

test(
  'workers that are killed in the middle of a run are replaced; if the next are killed too, the next change is tried',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await page.addInitScript(() => {
      /** Those that are there, and whether they have told how far a run is. @type {Map<Worker, boolean>} */
      const workers = new Map();
      const Original = globalThis.Worker;
      globalThis.Worker = class extends Original {
        /** @param {string|URL} url @param {WorkerOptions} [options] */
        constructor(url, options) {
          super(url, options);
          workers.set(this, false);
          // The progress of a sweep is a list of results.
          this.addEventListener('message', ({ data }) => {
            if (data.progress?.finishedRequests !== undefined && workers.has(this)) workers.set(this, true);
          });
        }
      };
      const kill = () => {
        workers.forEach((_runs, worker) => worker.terminate());
        workers.clear();
      };
      // What an earlier run has told does not count.
      globalThis.addEventListener('hashchange', () => workers.forEach((_runs, worker) => workers.set(worker, false)), {
        capture: true,
      });
      Object.defineProperty(globalThis, 'killRunning', {
        value: () => {
          if (![...workers.values()].includes(true)) return false;
          kill();
          return true;
        },
      });
    });
    await playground.open(SMALL);
    const runAndKill = async (/** @type {string} */ link, /** @type {number} */ times) => {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, link);
      // The second time it is the worker that has come in place of the former one: that one is no longer among them.
      for (let time = 0; time < times; time += 1)
        await page.waitForFunction(() => /** @type {any} */ (globalThis).killRunning());
    };
    await runAndKill(LONG, 1);
    await expect(page.locator('.basis').first()).toContainText(`digest ${digestOf(LONG)}`);
    await expect(page.locator('#notice')).toBeEmpty();
    await runAndKill(`${LONG}&seed=5`, 2);
    await expect(page.locator('#notice')).toContainText('engine stopped');
    await playground.settled();
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `${SMALL}&seed=7`);
    await expect(page.locator('.basis').first()).toContainText(`digest ${digestOf(`${SMALL}&seed=7`)}`);
    await expect(page.locator('#notice')).toBeEmpty();
  },
);

test('a page that is hidden during a run and shown again has the result', async ({ page, playground }) => {
  const show = (/** @type {boolean} */ hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      Object.defineProperty(document, 'visibilityState', { value: value ? 'hidden' : 'visible', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await playground.open(SMALL);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `${SMALL}0`);
  await show(true);
  await page.locator('#setting-instances').fill('3');
  await page.locator('#setting-instances').press('Enter');
  await show(false);
  const last = `${SMALL}0`.replace('s=2', 's=3');
  await expect(page.locator('.basis').first()).toContainText(`digest ${digestOf(last)}`);
  await expect(page.locator('#sweep .chart-summary')).toContainText('at the current 3');
});

test(
  'neither policy lets inline script or evaluation of text through, and the browser enforces that',
  { tag: '@firefox' },
  async ({ page, address }) => {
    const response = await page.goto(address);
    const policies = [
      response?.headers()['content-security-policy'],
      await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content'),
    ];
    for (const policy of policies) {
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|unsafe-hashes|\*|https?:|data:/);
    }
    const violated = await page.evaluate(async () => {
      const blocked = new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
          once: true,
        });
      });
      const script = document.createElement('script');
      // As a text, not as `textContent`: that is refused before there is anything to run.
      script.append('globalThis.hit = 1');
      document.body.append(script);
      return blocked;
    });
    // Whichever of the two policies is quicker.
    expect(violated).toMatch(/^(script-src|require-trusted-types-for)/);
    expect(await page.evaluate(() => 'hit' in globalThis)).toBe(false);
  },
);

test('no request of a tour through every view leaves the origin', async ({ page, playground, address }) => {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await playground.open(SMALL);
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await playground.settled();
  }
  const elsewhere = asked.filter(
    (url) => !url.startsWith(address) && !url.startsWith(`blob:${new URL(address).origin}`),
  );
  expect(elsewhere).toEqual([]);
  expect(asked.some((url) => url.endsWith('.wasm'))).toBe(true);
});
