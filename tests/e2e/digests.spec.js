import { readFileSync } from 'node:fs';
import { formatHash } from '../../web/address/url.js';
import { engine } from './engine.js';
import { expect, test } from './support.js';

/** @import {Config} from '../../web/shared/types.d.ts' */

/**
 * Configurations with the digests of the native build: `tests/it/digests.rs` holds the same list.
 * @type {{name: string, config: Config, digest: string}[]}
 */
const recorded = JSON.parse(readFileSync('tests/digests.json', 'utf8'));

test(
  'the page computes the native digest of every recorded configuration',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open();
    for (const { name, config, digest } of recorded) {
      const hash = formatHash(engine.configToPairs(config));
      await page.evaluate((wanted) => {
        location.hash = wanted;
      }, hash);
      await expect(page.locator('.basis').first(), name).toContainText(`digest ${digest}`);
    }
    expect(recorded.length).toBeGreaterThan(3);
  },
);

test(
  'a page of another program computes the native digests from the package',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=2&instances=1&rate=10&n=10');
    const module = await page.evaluate(() => {
      const script = /** @type {HTMLScriptElement} */ (document.querySelector('script[type=module]'));
      return new URL('../pkg/blis_playground.js', script.src).href;
    });
    const digests = await page.evaluate(async ([address, cases]) => {
      const engine = await import(address);
      await engine.default();
      return cases.map(({ config }) => engine.simulate(config).digest);
    }, /** @type {[string, typeof recorded]} */ ([module, recorded]));
    expect(digests).toEqual(recorded.map(({ digest }) => digest));
  },
);
