import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as engine from '../../pkg/blis_playground.js';
import { openingConfig } from '../opening_config.js';
import { expect, milliseconds, test } from './support.js';

/** @import {Config} from '../../web/shared/types.d.ts' */

/** The reference's own runs of the opening over 20 seeds. */
const statistics = JSON.parse(gunzipSync(readFileSync('tests/golden/statistics.json.gz')).toString());

/** @param {number} instances @returns {{min: number, max: number}} */
function recordedP99(instances) {
  const name = `roofline-scale-n${instances}-r1000`;
  return statistics.configs.find((/** @type {{name: string}} */ config) => config.name === name).metrics.ttft_p99_ms;
}

test(
  'the page opens on the opening story, with a result and a sweep',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open();
    await expect(page.locator('#setting-instances')).toHaveValue('4');
    await expect(page.locator('#setting-rate')).toHaveValue('200');
    await expect(page.locator('.basis')).toContainText('1,000 requests');
    await expect(page.locator('.basis')).toContainText(/digest [0-9a-f]{16}/);
    await expect(page.locator('.basis')).toContainText(/[0-9.]+ s simulated/);
    await expect(page.locator('#sweep .chart-summary')).toContainText('From');
    expect(Number(await playground.figure('regret'))).toBeGreaterThan(0);
  },
);

for (const instances of [4, 12]) {
  test(`TTFT p99 at ${instances} instances lies within what the reference recorded`, async ({ page, playground }) => {
    await playground.open();
    await page.getByRole('button', { name: `${instances} instances` }).click();
    await expect(page.locator('#setting-instances')).toHaveValue(String(instances));
    await playground.settled();
    const p99 = milliseconds(await playground.figure('ttft-p99'));
    const { min, max } = recordedP99(instances);
    expect(p99).toBeGreaterThanOrEqual(min);
    expect(p99).toBeLessThanOrEqual(max);
  });
}

test('the sweep shows the same p99 as the run, marks the current count and lists every count', async ({
  page,
  playground,
}) => {
  await playground.open();
  const p99 = await playground.figure('ttft-p99');
  await expect(page.locator('#sweep .chart-summary')).toContainText(`${p99} at the current 4`);
  await page.getByRole('button', { name: 'table' }).first().click();
  const rows = page.locator('#sweep tbody tr');
  await expect(rows).toHaveCount(12);
  await expect(rows.nth(3)).toContainText(p99);
});

test('the text computes how much faster twelve instances are than four, as the headline shows', async ({
  page,
  playground,
}) => {
  await playground.open();
  const four = await playground.figure('ttft-p99');
  await page.getByRole('button', { name: '12 instances' }).click();
  await playground.settled();
  const twelve = await playground.figure('ttft-p99');
  const text = page.locator('#opening-factor');
  await expect(text).toContainText(`TTFT p99 is ${four} at 4 instances and ${twelve} at 12`);
  const factor = Number(/([0-9.]+) times faster/.exec(await text.innerText())?.[1]);
  expect(factor).toBeGreaterThan(10);
  expect(Math.abs(factor / (milliseconds(four) / milliseconds(twelve)) - 1)).toBeLessThan(0.03);
  // No other text of the page holds a factor of its own.
  await expect(page.locator('.explain')).not.toContainText(/over (20|twenty)|twenty times/);
});

test('the verdict tells a run in overload from one that is too short', async ({ page, playground }) => {
  await playground.open();
  await expect(page.locator('#headline .verdict')).toContainText('Overloaded');
  await page.getByRole('button', { name: '12 instances' }).click();
  await expect(page.locator('#headline .verdict')).toContainText('Too short to tell');
});

test('the page computes what Node computes, bit for bit', async ({ page, playground }) => {
  engine.initSync({ module: readFileSync('pkg/blis_playground_bg.wasm') });
  const result = engine.simulate(openingConfig());
  await playground.open();
  await expect(page.locator('.basis')).toContainText(`digest ${result.digest}`);
  result.free();
});
