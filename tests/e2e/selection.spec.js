import { LOOKS, take, violations, widthOf } from './axe.js';
import { downloaded } from './downloads.js';
import { configOf, engine } from './engine.js';
import { expect, goTo, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const LINK = '#v=2&latency=roofline&instances=4&rate=60&n=300&blocks=1500&tab=details';

/** @param {Page} page */
const selected = (page) => page.locator('#selected .selected-name');

test(
  'a point that is clicked is selected in every view, and in the address',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(LINK);
    const plot = page.locator('#waits .u-over');
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    if (!box) throw new Error('the plot has no place');
    await plot.click({ position: { x: box.width / 2, y: box.height / 2 } });
    await expect(selected(page)).toContainText(/Request \d+ selected/);
    const request = (await selected(page).innerText()).match(/\d+/)?.[0] ?? '';
    await expect(page).toHaveURL(new RegExp(`&request=${request}$`));
    await page.locator('#selected').getByRole('button', { name: 'Inspect' }).click();
    await expect(page.locator('.life-sentence')).toContainText(`Request ${request}:`);
    // The cluster stands at the moment in which the request came.
    const result = engine.simulate(configOf(LINK));
    const arrival = Math.round(result.column('arrival_us')?.[Number(request)] ?? NaN);
    result.free();
    await expect(page.locator(`.cluster[data-time-us="${arrival}"]`)).toBeVisible();
    await page.locator('#selected').getByRole('button', { name: 'Let the selected request go' }).click();
    await expect(page.locator('#selected')).toBeHidden();
    await expect(page).not.toHaveURL(/request=/);
    // Each was a step: back to the request, to the view, and to the page without a request.
    await page.goBack();
    await expect(selected(page)).toHaveText(`Request ${request} selected`);
    await page.goBack();
    await expect(page).toHaveURL(/tab=details/);
    await page.goBack();
    await expect(page.locator('#selected')).toBeHidden();
    await expect(page).toHaveURL(/tab=details$/);
  },
);

test('keys select a decision, and other charts of requests show the same one', async ({ page, playground }) => {
  await playground.open(LINK);
  const decisions = page.locator('#decisions');
  await decisions.locator('.chart-plot').focus();
  await page.keyboard.press('End');
  const words = await decisions.locator('.chart-readout').innerText();
  await page.keyboard.press('Enter');
  const request = words.match(/request (\d+)/)?.[1] ?? 'none';
  await expect(selected(page)).toHaveText(`Request ${request} selected`);
  await page.locator('#waits').getByRole('button', { name: 'table' }).click();
  await expect(page.locator('#waits-table')).toContainText(`request ${request}`);
});

test('a moment chosen on a map is the moment that the cluster shows', async ({ page, playground }) => {
  await playground.open(LINK);
  await page.locator('#queue-map .chart-plot').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  const words = await page.locator('#queue-map .chart-readout').innerText();
  await page.keyboard.press('Enter');
  await goTo(page, 'Cluster');
  await page.locator('.cluster[data-settled=true]').waitFor();
  const shown = Number(await page.locator('.cluster').getAttribute('data-time-us')) / 1e6;
  expect(shown).toBeCloseTo(Number(words.match(/at ([0-9.]+) s/)?.[1]), 0);
});

test('the distribution shows TTFT, ITL and E2E, as shares and bars, linear and logarithmic', async ({
  page,
  playground,
}) => {
  await playground.open(LINK);
  const chart = page.locator('#distribution');
  for (const [figure, words] of [
    ['ttft', 'TTFT of 300 requests'],
    ['itl', /ITL of [\d,]+ gaps/],
    ['request_itl', 'ITL by request of 300 requests'],
    ['e2e', 'E2E of 300 requests'],
  ]) {
    await chart.getByLabel('Figure of the distribution').selectOption(/** @type {string} */ (figure));
    await expect(chart.locator('.chart-summary')).toContainText(words);
  }
  await chart.getByLabel('Form').selectOption('histogram');
  await chart.getByRole('button', { name: 'table' }).click();
  for (const scale of ['log', 'linear']) {
    await chart.getByLabel('Scale', { exact: true }).selectOption(scale);
    const counts = await chart.locator('tbody td').allInnerTexts();
    expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(300);
  }
});

test('goodput moves with the targets of the settings, and counts as the engine does', async ({ page, playground }) => {
  await playground.open(LINK);
  const result = engine.simulate(configOf(LINK));
  const ttft = result.column('ttft_us');
  const e2e = result.column('e2e_us');
  result.free();
  const share = (/** @type {number} */ most) =>
    ttft.filter((value, i) => value <= 500_000 && e2e[i] <= most * 1000).length / 3;
  const summary = page.locator('#goodput .chart-summary');
  const read = async () => Number((await summary.innerText()).match(/([0-9.]+)%/)?.[1]);
  await expect(summary).toContainText('No latency target is set');
  await page.locator('#limit-ttft').fill('500');
  await page.locator('#limit-ttft').press('Enter');
  await expect(summary).toContainText('TTFT within 500 ms');
  expect(Math.abs((await read()) - share(Infinity))).toBeLessThan(0.5);
  await page.locator('#limit-e2e').fill('6,000');
  await page.locator('#limit-e2e').press('Enter');
  await expect(summary).toContainText('E2E within 6 s');
  expect(Math.abs((await read()) - share(6000))).toBeLessThan(0.5);
  await expect(page).toHaveURL(
    /slottft=default%3D500ms&sloe2e=default%3D6000ms|slottft=default=500ms&sloe2e=default=6000ms/,
  );
  await expect(page.locator('#setting-slottft')).toHaveValue('default=500ms');
});

test('regret by instance is the mean over the decisions for it', async ({ page, playground }) => {
  await playground.open(LINK);
  const result = engine.simulate(configOf(LINK));
  const [instance, regret] = /** @type {const} */ (['instance', 'regret']).map((name) => result.column(name));
  result.free();
  const own = regret.filter((_value, i) => instance[i] === 2);
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  const chart = page.locator('#regret-instances');
  await chart.getByRole('button', { name: 'table' }).click();
  const shown = await chart.locator('tbody tr').nth(2).locator('td').first().innerText();
  expect(Math.abs(Number(shown) - mean)).toBeLessThan(0.01 * mean + 0.01);
});

/** @type {[string, string, string[]][]} */
const CHARTS = [
  ['the overview', LINK.replace('&tab=details', ''), ['sweep', 'ttft', 'regret', 'instances']],
  ['the details', LINK, ['distribution', 'goodput', 'waits', 'decisions', 'kv-map']],
];

for (const [view, link, ids] of CHARTS) {
  test(`the SVG of each chart of ${view} is well-formed and names what it shows`, async ({ page, playground }) => {
    await playground.open(link);
    // The page itself takes no markup in.
    const blank = await page.context().newPage();
    for (const id of ids) {
      const chart = page.locator(`#${id}`);
      await expect(chart.locator('.chart-summary')).not.toBeEmpty();
      await chart.locator('.save-menu > summary').click();
      const { name, content } = await downloaded(page, () =>
        chart.getByRole('button', { name: 'Download as SVG' }).click(),
      );
      expect(name).toMatch(/\.svg$/);
      const text = content.toString('utf8');
      const found = await blank.evaluate((source) => {
        const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
        return {
          error: parsed.querySelector('parsererror')?.textContent ?? '',
          root: parsed.documentElement.localName,
          title: parsed.querySelector('title')?.textContent ?? '',
          drawn: parsed.querySelectorAll('path, rect, circle').length,
        };
      }, text);
      expect(found, id).toMatchObject({ error: '', root: 'svg' });
      expect(found.title, id).not.toBe('');
      expect(found.drawn, id).toBeGreaterThan(5);
      expect(text, id).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
}

for (const look of LOOKS) {
  test(`axe finds nothing in the details in ${look.join(' at ')} px`, async ({ page, playground }) => {
    await take(page, look);
    await playground.open(`${LINK}&request=120`);
    await expect(page.locator('#kv-map .chart-summary')).not.toBeEmpty();
    await page.locator('#waits .save-menu > summary').click();
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(look[1]);
  });
}

test('a request that is not there yet takes the picture to where it is', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=4&rate=200&n=1000&seed=42&tab=cluster');
  const cluster = page.locator('.cluster');
  await expect(cluster).toHaveAttribute('data-settled', 'true');
  await page.locator('#cluster-start').click();
  await expect(cluster).toHaveAttribute('data-time-us', '0');
  await page.evaluate(() => {
    location.hash += '&request=987';
  });
  await expect.poll(async () => Number(await cluster.getAttribute('data-time-us'))).toBeGreaterThan(4_900_000);
});
