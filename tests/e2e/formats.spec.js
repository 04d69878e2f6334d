import { downloaded } from './downloads.js';
import { expect, test, useTraffic } from './support.js';

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

/** @param {import('@playwright/test').Page} page @param {string} name */
async function fileOf(page, name) {
  const file = await downloaded(page, () => page.getByRole('button', { name }).click());
  return { name: file.name, mimeType: 'text/plain', buffer: file.content };
}

test(
  'the workload is taken away as a trace and opened again, and a link says that it is not in it',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(SMALL);
    await page.getByRole('button', { name: 'Share' }).click();
    const header = await fileOf(page, 'Trace header (YAML)');
    const data = await fileOf(page, 'Trace data (CSV)');
    expect(header.buffer.toString()).toContain('mode: generated');
    expect(data.buffer.toString().trimEnd().split('\n')).toHaveLength(101);

    await page.locator('#share-file').setInputFiles([header, data]);
    await useTraffic(page);
    await playground.settled();
    await page.getByRole('button', { name: 'Share' }).click();
    await expect(page.locator('#share-link-note')).toContainText('not part of the link');
    await expect(page.locator('#share-link')).toHaveValue(/list=blis-trace-/);
    const link = await page.locator('#share-link').inputValue();

    await page.getByRole('button', { name: 'Share' }).click();
    await page.locator('#setting-instances').fill('5');
    await page.locator('#setting-instances').press('Enter');
    await playground.settled();
    await expect(page.locator('.basis').first()).toContainText('100 requests');
    await expect(page).toHaveURL(/instances=5/);
    const digest = async () => /digest \w+/.exec(await page.locator('.basis').first().innerText())?.[0];
    const before = await digest();

    await page.reload();
    await playground.settled();
    await expect(page.locator('#setting-instances')).toHaveValue('5');
    expect(await digest(), 'a reload finds them').toBe(before);
    await page.goto(link);
    await expect(page.locator('#notice')).toContainText('are not part of a link');
  },
);

test('a wrong trace or specification is refused at its place, and the last result stays', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  const basis = await page.locator('.basis').innerText();
  await page.getByRole('button', { name: 'Share' }).click();
  const status = page.locator('.share-status');
  const bring = (/** @type {string} */ name, /** @type {string} */ text) =>
    page.locator('#share-file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  await bring('t.csv', 'request_id\n1\n');
  const dialog = page.getByRole('dialog', { name: 'Your traffic' });
  await expect(dialog).toContainText('no column of input tokens');
  await page.keyboard.press('Escape');
  await bring('t.yaml', 'trace_version: 3\n');
  await expect(status).toContainText('together with its table');
  await bring('w.yaml', 'clients:\n  - speed: 3\n');
  await expect(status).toContainText('line 2, column 12: unknown field `speed`');
  await expect(page.locator('.basis')).toHaveText(basis);
});

test('a workload specification is opened and taken away', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.getByRole('button', { name: 'Share' }).click();
  const text =
    'aggregate_rate: 20\nnum_requests: 30\nclients:\n- {id: a, rate_fraction: 1, arrival: {process: constant}, ' +
    'input_distribution: {type: constant, params: {value: 9}}, output_distribution: {type: constant, params: {value: 4}}}\n';
  await page
    .locator('#share-file')
    .setInputFiles({ name: 'w.yaml', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await expect(page.locator('.share-status')).toContainText('w.yaml: imported');
  const { buffer } = await fileOf(page, 'Workload specification (YAML)');
  expect(buffer.toString()).toContain('aggregate_rate: 20');
});
