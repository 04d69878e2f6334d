// What a person brings: their own model, and measurements of their own server.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { take, violations, widthOf } from './axe.js';
import { choose, expect, findChoice, reveal, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

/** Public config.json files, by name. @type {Record<string, string>} */
const CONFIGS = JSON.parse(
  gunzipSync(readFileSync(new URL('../models/hf-configs.json.gz', import.meta.url))).toString(),
);

/** What stands beside a model whose weights have 4 bits. */
const NVFP4 =
  '{"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "NVFP4", "exclude_modules": ["lm_head"]}}';

/** @param {Page} page @param {[name: string, text: string][]} files */
const drop = (page, files) =>
  page.evaluate((all) => {
    const data = new DataTransfer();
    for (const [name, text] of all) data.items.add(new File([text], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files);

/** @param {Page} page */
const simulated = (page) => page.locator('.simulated').first();

test('a model is dropped, shown by layers and parts, used, found again after a reload, and undone', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&instances=2&rate=20&n=100');
  await drop(page, [['openai--gpt-oss-20b.json', CONFIGS['openai/gpt-oss-20b']]]);
  const dialog = page.getByRole('dialog', { name: 'Your model' });
  await expect(dialog).toContainText('Parameters20.9 B');
  await expect(dialog).toContainText('Active per token3.61 B');
  await expect(dialog).toContainText('24,576 bytes per token in 16 bits; 49,152 if windows are reserved');
  await expect(dialog).toContainText('131,072 tokens (128k)');
  await expect(dialog).toContainText('roofline, not in BLIS');
  await expect(dialog.getByRole('row', { name: /^sliding window 12 1,024 128/ })).toBeVisible();
  await expect(dialog.getByRole('row', { name: /^experts 19.1 B mxfp4 10.2 GB/ })).toBeVisible();
  await expect(dialog.getByLabel('Name')).toHaveValue('gpt-oss-20b');
  await dialog.getByRole('button', { name: 'Use this model' }).click();
  await expect(dialog).toBeHidden();
  await playground.settled();
  await expect(simulated(page)).toContainText('gpt-oss-20b · H100 · TP 1 · Roofline');
  await expect(page.locator('.toast.shown')).toContainText('timed by the roofline latency model');
  const digest = /digest \w+/.exec(await page.locator('.basis').innerText())?.[0] ?? 'none';

  await page.reload();
  await playground.settled();
  await expect(simulated(page)).toContainText('gpt-oss-20b · H100 · TP 1 · Roofline');
  await expect(page.locator('.basis')).toContainText(digest);
  await expect(page.locator('[data-key=model]')).toContainText('20.9 B parameters, 3.61 B active');
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.locator('#share-command')).toHaveValue('blis run --config blis-config.json');
  await page.keyboard.press('Escape');

  await choose(page, 'model', 'qwen3 14b');
  await playground.settled();
  await expect(simulated(page)).toContainText('Qwen3 14B');
  const list = await findChoice(page, 'model', 'gpt-oss-20b');
  await expect(list.getByRole('group', { name: 'Your own' })).toContainText('gpt-oss-20b');
  await page.keyboard.press('Enter');
  await playground.settled();
  await expect(simulated(page)).toContainText('gpt-oss-20b');
  await expect(page.locator('.basis')).toContainText(digest);
});

test('one press is one step: Undo brings model, GPU and latency model back', async ({ page, playground }) => {
  await playground.open('#v=2&instances=2&rate=20&n=100');
  const before = page.url();
  const digest = /digest \w+/.exec(await page.locator('.basis').innerText())?.[0] ?? 'none';
  await drop(page, [['config.json', CONFIGS['nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16']]]);
  const dialog = page.getByRole('dialog', { name: 'Your model' });
  await expect(dialog.getByRole('row', { name: /^state space/ })).toBeVisible();
  await dialog.getByLabel('Name').fill('Nano');
  await dialog.getByRole('button', { name: 'Use this model' }).click();
  await playground.settled();
  await expect(simulated(page)).toContainText('Nano · ');
  await page.getByRole('button', { name: 'Undo' }).click();
  await playground.settled();
  await expect(page.locator('.basis')).toContainText(digest);
  await expect.poll(() => page.url()).toBe(before);
});

test('a model’s two files go together, and what cannot be read leaves what was', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.locator('#setting-model').click();
  await page.getByRole('button', { name: 'Your own model …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your model' });
  const choosing = (/** @type {[string, string][]} */ ...files) =>
    page
      .locator('#model-file')
      .setInputFiles(files.map(([name, text]) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })));
  await choosing(['hf_quant_config.json', NVFP4]);
  await expect(dialog.getByRole('alert').first()).toContainText('choose the config.json that belongs to it');
  const config = CONFIGS['Qwen/Qwen3-32B'];
  await choosing(['hf_quant_config.json', NVFP4], ['config.json', config]);
  await expect(dialog.getByRole('row', { name: /nvfp4/ }).first()).toBeVisible();
  await choosing(['config.json', config]);
  await expect(dialog.getByRole('row', { name: /nvfp4/ })).toHaveCount(0);
  await expect(dialog).toContainText('32.8 B');
  await expect(dialog.getByLabel('by kind')).toBeChecked();
  await expect(dialog).toContainText(/it counts 30\.7 B parameters, 6(\.\d)?% fewer than here/);
  await choosing(['broken.json', '{"model_type": "x", "hidden_size": -4}']);
  await expect(dialog.getByRole('alert').first()).toContainText('“broken.json” cannot be read:');
  await choosing(['notes.txt', 'no model at all']);
  await expect(dialog.getByRole('alert').first()).toContainText('“notes.txt” cannot be read:');
  await expect(dialog).toContainText('32.8 B');
  await dialog.getByLabel('as in BLIS').check();
  await dialog.getByRole('button', { name: 'Use this model' }).click();
  await playground.settled();
  await expect(simulated(page)).toContainText('qwen3 · H100 · TP 1 · Roofline');
});

test('measurements are typed in, fitted, shown against the model, used, said, and removed', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  const before = /digest \w+/.exec(await page.locator('.basis').innerText())?.[0] ?? 'none';
  await reveal(page, 'latency');
  await page.getByRole('button', { name: 'Your measurements …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your measurements' });
  await dialog.getByText('Or type a table').click();
  const rows = [
    [1, 512, 128, 40, 9],
    [4, 512, 128, 45, 11],
    [8, 1024, 128, 75, 14],
  ];
  for (const [row, values] of rows.entries())
    for (const [column, value] of values.entries())
      await dialog.locator('.yours-typed tbody tr').nth(row).locator('input').nth(column).fill(String(value));
  await dialog.getByRole('button', { name: 'Read the table' }).click();
  await expect(dialog.getByRole('row', { name: /^8 requests\/s 1,024 → 128 75 14/ })).toBeVisible();
  await dialog.getByLabel('Name').fill('Rack 7, May');
  await dialog.getByRole('button', { name: 'Fit', exact: true }).click();
  const use = dialog.getByRole('button', { name: 'Use as latency model' });
  await expect(use).toBeVisible({ timeout: 60_000 });
  await expect(dialog.locator('.traffic-result')).toContainText(
    /^Relative error [\d.]+% \(before the fit [\d.]+%\), \d of 7 coefficients determined$/,
  );
  await expect(dialog.locator('[data-coefficient] td').first()).toContainText(' ± ');
  await expect(dialog.locator('#measured-result .chart:visible')).toHaveCount(2);
  await expect(dialog.getByRole('table', { name: 'Measured and predicted' })).toContainText('TTFT mean');
  await use.click();
  await expect(dialog).toBeHidden();
  await playground.settled();
  await expect(simulated(page)).toContainText('Latency as measured: Rack 7, May');
  await expect(page.locator('[data-key=latency]')).toContainText('Latency as measured: Rack 7, May');
  await expect(page.locator('.basis')).not.toContainText(before);
  await page.reload();
  await playground.settled();
  await expect(simulated(page)).toContainText('Latency as measured: Rack 7, May');
  await reveal(page, 'latency');
  await page.locator('[data-key=latency]').getByRole('button', { name: 'Remove' }).click();
  await playground.settled();
  await expect(page.locator('.basis')).toContainText(before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await playground.settled();
  await expect(simulated(page)).toContainText('Latency as measured: Rack 7, May');
});

test('what cannot be fitted is refused with the reason, and a fit under way can be cancelled', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  await drop(page, [
    [
      'a.json',
      '{"mean_ttft_ms": 50, "mean_tpot_ms": 10, "request_rate": 4, "completed": 100, "total_input_tokens": 51200, "total_output_tokens": 12800, "duration": 25}',
    ],
  ]);
  const dialog = page.getByRole('dialog', { name: 'Your measurements' });
  await expect(dialog.getByRole('alert').filter({ hasText: 'rate' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Fit', exact: true })).toBeHidden();
  await dialog.getByText('Or paste it').click();
  const paste = dialog.getByLabel(/^The result of a benchmark/);
  const read = dialog.getByRole('button', { name: 'Read', exact: true });
  await paste.fill(
    'rate,input tokens,output tokens,ttft (ms),itl (ms),e2e (ms)\n1,512,128,900,9,800\n4,512,128,45,11,1500',
  );
  await read.click();
  await expect(dialog.locator('td.yours-wrong')).toContainText('Left out');
  await paste.fill(
    'rate,input tokens,output tokens,ttft (ms),itl (ms)\n1,512,512,40,9\n4,512,512,45,11\n8,512,512,60,14\n16,512,512,90,20',
  );
  await read.click();
  await dialog.getByRole('button', { name: 'Fit', exact: true }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByRole('alert').filter({ hasText: 'cancelled' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Fit', exact: true })).toBeFocused();
});

test('the result of a benchmark that lists its requests is traffic, and leads to the fit', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  const sample = readFileSync(new URL('../traces/guidellm.json', import.meta.url), 'utf8');
  await drop(page, [['guidellm.json', sample]]);
  await page
    .getByRole('dialog', { name: 'Your traffic' })
    .getByRole('button', { name: 'Fit the latency model to it …' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Your measurements' });
  await expect(dialog).toContainText('guidellm.json');
  await expect(dialog.getByRole('button', { name: 'Fit', exact: true })).toBeHidden();
});

for (const [width, scheme] of /** @type {const} */ ([
  [390, 'dark'],
  [1280, 'light'],
])) {
  test(`models and measurements fit at ${width} px in ${scheme}, and axe finds nothing @chromium`, async ({
    page,
    playground,
  }) => {
    await take(page, [scheme, width]);
    await playground.open(SMALL);
    if (width < 600) await page.locator('#settings > summary').click();
    await reveal(page, 'gpu');
    await drop(page, [['config.json', CONFIGS['openai/gpt-oss-20b']]]);
    const model = page.getByRole('dialog', { name: 'Your model' });
    await expect(model).toContainText('20.9 B');
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Your measurements …' }).click();
    await page.getByText('Or type a table').click();
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
  });
}
