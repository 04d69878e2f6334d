import { violations, widthOf } from './axe.js';
import { downloaded } from './downloads.js';
import { expect, test } from './support.js';

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

test(
  'the link, the command line and the markup can be copied',
  { tag: '@firefox' },
  async ({ page, playground, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await playground.open(SMALL);
    await page.getByRole('button', { name: 'Share' }).click();
    await expect(page.getByLabel('Link', { exact: true })).toHaveValue(/#v=2&latency=roofline&instances=2&rate=20$/);
    await expect(page.getByLabel('Command line', { exact: true })).toHaveValue(
      /^blis run --model \S+ --latency-model roofline --num-instances 2 --rate 20 .*--trace-level decisions$/,
    );
    await expect(page.locator('#share-panel')).toContainText('BLIS itself prints the same figures');
    await page.getByRole('button', { name: 'Copy Link' }).click();
    await expect(page.locator('.share-status')).toContainText('copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('#v=2&latency=roofline');
    await page.keyboard.press('Escape');
    await expect(page.locator('#share-panel')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Share' })).toBeFocused();
  },
);

test('results, requests and configuration can be downloaded, and the results brought back', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  const basis = await page.locator('.basis').innerText();
  await page.getByRole('button', { name: 'Share' }).click();
  const results = await downloaded(page, () => page.getByRole('button', { name: 'Results (JSON)' }).click());
  const { digest, summary } = JSON.parse(results.content.toString());
  expect(basis).toContain(digest);
  expect(summary.completed).toBe(100);
  const requests = await downloaded(page, () => page.getByRole('button', { name: 'Requests (CSV)' }).click());
  expect(requests.content.toString().trimEnd().split('\n')).toHaveLength(101);
  const config = await downloaded(page, () => page.getByRole('button', { name: 'Configuration (JSON)' }).click());
  expect(JSON.parse(config.content.toString()).cluster.num_instances).toBe(2);

  await page.locator('#setting-instances').fill('5');
  await page.locator('#setting-instances').press('Enter');
  await playground.settled();
  await page.getByRole('button', { name: 'Share' }).click();
  await page
    .locator('#share-file')
    .setInputFiles({ name: 'results.json', mimeType: 'application/json', buffer: results.content });
  await expect(page.locator('.share-status')).toContainText('results.json: imported');
  await expect(page.locator('#setting-instances')).toHaveValue('2');
  await expect(page.locator('.basis')).toContainText(digest);
});

test('a file that is wrong is refused with the reason, and nothing changes', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.getByRole('button', { name: 'Share' }).click();
  const status = page.locator('.share-status');
  const bring = (/** @type {string} */ text) =>
    page
      .locator('#share-file')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await bring('{"rate": 3');
  await expect(status).toContainText('not JSON');
  await bring('{"routing":{"policy":"best"}}');
  await expect(status).toContainText('routing.policy');
  await bring('{"cluster":{"num_instances":1000000}}');
  await expect(status).toContainText('4096');
  await expect(page.locator('#setting-instances')).toHaveValue('2');
});

test('a configuration dropped on the page is imported', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['{"cluster":{"num_instances":7}}'], 'mine.json', { type: 'application/json' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(page.locator('.share-status')).toContainText('mine.json: imported');
  await expect(page.locator('#setting-instances')).toHaveValue('7');
});

test('a teacher’s link hides controls, says so, and can be undone', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.locator('.hide-choices > summary').click();
  await page.locator('[data-group="settings.first"] summary').click();
  await page.locator('.hide-list').getByLabel('Arrival rate').check();
  await page.locator('[data-group="settings.traffic"] summary').click();
  await page.locator('.hide-list').getByLabel('Seed').check();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  expect(link).toMatch(/&hide=rate,seed$/);
  // A whole group goes with one press, and comes back with another.
  const all = page.locator('.hide-list').getByLabel('Model and GPUs', { exact: true }).first();
  await all.check();
  await expect(page.locator('.hide-list').getByLabel('Latency model')).toBeChecked();
  await expect(page.getByLabel('Link', { exact: true })).toHaveValue(/&hide=rate,seed,settings.model$/);
  await all.uncheck();
  await expect(page.getByLabel('Link', { exact: true })).toHaveValue(link);
  await page.goto('about:blank');
  await playground.open(new URL(link).hash);
  await expect(page.locator('[data-key=rate]')).toBeHidden();
  await expect(page.locator('[data-key=seed]')).toBeHidden();
  await expect(page.locator('#setting-instances')).toBeVisible();
  await expect(page.locator('.hidden-controls')).toContainText('hides 2 settings');
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect(page.locator('[data-key=rate]')).toBeVisible();
  await expect(page).not.toHaveURL(/hide=/);
});

test('the embedded page shows a view, what it simulates, and one way out', async ({ page, playground }) => {
  for (const [width, tab] of /** @type {[number, string][]} */ ([
    [1280, ''],
    [360, '&tab=details'],
  ])) {
    await page.setViewportSize({ width, height: 640 });
    await playground.open(`${SMALL}${tab}&embed=1`);
    await expect(page.locator('#settings')).toBeHidden();
    await expect(page.locator('.explain')).toBeHidden();
    for (const name of ['Pin', 'Share']) await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
    await expect(page.getByRole('tab')).toHaveCount(0);
    await expect(page.locator('#headline .figures')).toBeVisible();
    await expect(page.locator('.simulated')).toContainText('2 instances');
    await expect(page.locator(tab === '' ? '#sweep canvas' : '#panel-details canvas').first()).toBeVisible();
    const out = page.getByRole('link', { name: 'Open in the playground' });
    await expect(out).toHaveAttribute('href', new RegExp(`instances=2&rate=20${tab}$`));
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    await page.goto('about:blank');
  }
});

test('in the embedded page a link leads to the whole page beside it', async ({ page, playground, context }) => {
  await playground.open(`${SMALL}&tab=story&hide=rate&embed=1`);
  const framed = page.url();
  for (const [name, seen] of [
    ['All settings', '[data-key=rate]'],
    ['Lesson 1', '#panel-lessons'],
  ]) {
    const opened = context.waitForEvent('page');
    await page.getByRole('link', { name }).click();
    const whole = await opened;
    await expect(whole.locator(seen)).toBeVisible();
    await expect(whole.getByRole('navigation').getByRole('link', { name: 'Explore' })).toBeVisible();
    expect(whole.url()).not.toMatch(/embed|hide/);
    await whole.close();
    expect(page.url()).toBe(framed);
    await expect(page.locator('#story')).toBeVisible();
  }
});

test('a chart can be taken away as data and as a picture', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open(SMALL);
  const chart = page.locator('#instances');
  const take = async (/** @type {string} */ kind) => {
    await chart.locator('.save-menu > summary').click();
    await chart.getByRole('button', { name: `Download as ${kind}` }).click();
  };
  const csv = await downloaded(page, () => take('CSV'));
  expect(csv.content.toString()).toBe('instance,requests (requests)\n0,50\n1,50\n');
  const png = await downloaded(page, () => take('PNG'));
  expect(png.name).toBe('requests-per-instance.png');
  expect(png.content.subarray(1, 4).toString()).toBe('PNG');
  expect(png.content.readUInt32BE(16)).toBeGreaterThan(300);
});
