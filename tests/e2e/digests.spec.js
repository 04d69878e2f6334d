import { readFileSync } from 'node:fs';
import { fitsIntoLink, formatHash } from '../../web/address/url.js';
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
    const linked = recorded.map((each) => ({ ...each, pairs: engine.configToPairs(each.config) }));
    // A list of requests can be too long for an address: the package computes those, below.
    for (const { name, pairs, digest } of linked.filter(({ pairs }) => fitsIntoLink(pairs))) {
      const hash = formatHash(pairs);
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
