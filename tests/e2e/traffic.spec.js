// Your traffic: files of requests come in, are shown with all that is odd about them, are cut, used, kept, and missed.

import { readFileSync } from 'node:fs';
import { take, violations, widthOf } from './axe.js';
import { downloaded } from './downloads.js';
import { expect, setInstances, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

/** @param {string} name */
const sample = (name) => readFileSync(new URL(`../traces/${name}`, import.meta.url));

/** @param {Page} page */
const dialogOf = (page) => page.getByRole('dialog', { name: 'Your traffic' });

/** @param {Page} page @param {string} name @param {string|Buffer} content */
async function drop(page, name, content) {
  const bytes = Buffer.from(content).toString('base64');
  await page.evaluate(
    ([file, base64]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], file));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, bytes],
  );
}

/** Another file, in the dialog that is open. @param {Page} page @param {string} name @param {string|Buffer} content */
const choose = (page, name, content) =>
  page.locator('#traffic-file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });

/** @param {Page} page */
const openDialog = (page) => page.getByRole('button', { name: /^(Your traffic|Change) …$/ }).click();

/** @param {Page} page @param {string} step */
const addStep = (page, step) => page.getByLabel('Add a step').selectOption({ label: step });

/** @param {Page} page */
const digest = async (page) => /digest ([0-9a-f]{16})/.exec(await page.locator('.basis').innerText())?.[1];

test('a public trace is dropped, shown, cut, used, found again after a reload, changed and removed', async ({
  page,
  playground,
  context,
}) => {
  await playground.open(SMALL);
  const before = await digest(page);
  await drop(page, 'whatever.json', sample('azure-conv-200.csv'));
  const dialog = dialogOf(page);
  await expect(dialog.getByLabel('Format')).toHaveValue('azure-llm');
  await expect(dialog).toContainText('CC BY 4.0');
  await expect(dialog.locator('.traffic-rows tbody tr')).toHaveCount(20);
  await expect(dialog.locator('.traffic-result')).toContainText('200 requests in 61.3 s, 3.25 requests/s');
  await expect(dialog).toContainText('200 read: 200 kept, 0 dropped');
  await expect(dialog).toContainText('nothing is sent anywhere');
  await expect(dialog.locator('.traffic-charts .chart')).toHaveCount(3);

  await addStep(page, 'A time window');
  const window = dialog.getByRole('group', { name: 'Time window' });
  await window.getByLabel('from').fill('10');
  await window.getByLabel('from').press('Tab');
  await window.getByLabel('to', { exact: true }).fill('40');
  await window.getByLabel('to', { exact: true }).press('Tab');
  await expect(window).toContainText('→ 76 rows');
  await addStep(page, 'Change the speed');
  const speed = dialog.getByRole('group', { name: 'Speed' });
  await speed.getByLabel('time scale').fill('0.5');
  await speed.getByLabel('time scale').press('Tab');
  await expect(speed.getByLabel('speed', { exact: true })).toHaveValue('2');
  await window.getByLabel('to', { exact: true }).fill('5');
  await window.getByLabel('to', { exact: true }).press('Tab');
  await expect(window.locator('.traffic-error')).toContainText('more than from_us');
  await expect(dialog.locator('#traffic-figures-part')).toHaveClass(/old/);
  await expect(dialog.locator('#traffic-use')).toHaveAttribute('aria-disabled', 'true');
  await window.getByLabel('to', { exact: true }).fill('soon');
  await window.getByLabel('to', { exact: true }).press('Tab');
  await expect(window.locator('.traffic-error')).toContainText('Enter a time');
  await window.getByRole('button', { name: 'Remove “Time window”' }).click();
  await expect(dialog.locator('.traffic-result')).toContainText('200 requests in 30.6 s');

  await dialog.getByLabel('Name', { exact: true }).fill('peak.csv');
  await dialog.getByRole('button', { name: 'Use as workload' }).click();
  await expect(dialog).toBeHidden();
  await playground.settled();
  const card = page.locator('.workload-card');
  await expect(card).toContainText('peak.csv 200 requests · 6.5 requests/s');
  const used = await digest(page);
  expect(used).not.toBe(before);

  await page.reload();
  await playground.settled();
  await expect(card).toContainText('peak.csv');
  expect(await digest(page)).toBe(used);

  // Another tab finds what is kept, and a link says what it does not carry.
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.locator('#share-link')).toHaveValue(/list=peak\.csv/);
  await expect(page.locator('#share-link-note')).toContainText('peak.csv');
  await expect(page.locator('#share-command')).toHaveValue(
    /^blis replay --trace-data whatever\.json --trace-speed 2 --model .*--num-instances 2/,
  );
  const link = await page.locator('#share-link').inputValue();
  const saved = await downloaded(page, () => page.getByRole('button', { name: 'Configuration (JSON)' }).click());
  expect(JSON.parse(saved.content.toString()).workload.requests).toHaveLength(200);
  await page.locator('#share-file').setInputFiles({ name: 'c.json', mimeType: 'text/plain', buffer: saved.content });
  await expect(page.locator('.share-status')).toContainText('imported');
  await playground.settled();
  expect(await digest(page), 'what was written out gives the run again').toBe(used);

  const other = await context.newPage();
  await other.goto(link);
  await other.locator('body[data-busy=false]').waitFor();
  await expect(other.locator('#notice')).toContainText('“peak.csv”, are not part of a link');
  await openDialog(other);
  await dialogOf(other).getByRole('button', { name: 'Use peak.csv' }).click();
  await expect(other.locator('.workload-card')).toContainText('peak.csv');
  await other.locator('body[data-busy=false]').waitFor();
  expect(await digest(other)).toBe(used);

  // The same file is read as before, and what is removed is missed by name.
  await openDialog(other);
  await expect(dialogOf(other)).toContainText('choose its file again (whatever.json)');
  await choose(other, 'whatever.json', sample('azure-conv-200.csv'));
  await expect(dialogOf(other).getByRole('group', { name: 'Speed' })).toBeVisible();
  await dialogOf(other).getByRole('button', { name: 'Rename peak.csv' }).click();
  await dialogOf(other).getByLabel('New name').fill('noon.csv');
  await dialogOf(other).getByLabel('New name').press('Enter');
  await expect(other.locator('.workload-card')).toContainText('noon.csv');
  await dialogOf(other).getByRole('button', { name: 'Remove noon.csv' }).click();
  await expect(dialogOf(other)).toContainText('noon.csv is no longer kept.');
  await other.keyboard.press('Escape');
  await expect(other).toHaveURL(/noon\.csv/);
  await other.reload();
  await other.locator('body[data-busy=false]').waitFor();
  await expect(other.locator('#notice')).toContainText('“noon.csv” is not kept in this browser');
  await expect(other.locator('.basis')).toContainText('digest');
  await other.close();
});

test('files of other kinds are recognised, mapped, asked about and refused', async ({ page, playground }) => {
  await playground.open(SMALL);
  await openDialog(page);
  const dialog = dialogOf(page);
  await expect(dialog).toContainText('None yet.');
  await choose(page, 'a.csv.gz', sample('azure-conv-200.csv.gz'));
  await expect(dialog.locator('.traffic-name')).toContainText('gzip');
  await expect(dialog.locator('.traffic-result')).toContainText('200 requests');

  await choose(page, 'm.jsonl', sample('mooncake-conversation-100.jsonl'));
  await expect(dialog.getByLabel('Format')).toHaveValue('mooncake');
  await expect(dialog.locator('#traffic-figures-part')).toContainText('a cache without limit would find');
  await expect(dialog.locator('.traffic-longer')).toContainText('longer than 40,960 tokens');
  await expect(dialog.getByLabel('How many tokens does a hash id stand for?')).toHaveValue('512');

  await choose(page, 'odd.csv', sample('azure-odd.csv'));
  await expect(dialog.locator('.traffic-reasons')).toContainText('first in line');
  const kept = dialog.locator('#traffic-read-part dd').first();
  const few = await kept.innerText();
  await dialog.getByLabel('What becomes of requests that failed').selectOption('yes');
  await expect(kept).not.toHaveText(few);

  await choose(page, 'ours.csv', sample('generic.csv'));
  await expect(dialog.getByLabel('Separator')).toHaveValue(';');
  await expect(dialog.getByLabel('Decimal mark')).toHaveValue(',');
  await expect(dialog.locator('.traffic-result')).toContainText('2 requests in 250 ms');
  await dialog.getByLabel('What the times of “when” count').selectOption('ms');
  await expect(dialog.locator('.traffic-result')).toContainText('2 requests in 0.25 ms');
  await dialog.getByLabel('What “answer” holds').selectOption('ignore');
  await expect(dialog.locator('#traffic-mapping-error')).toContainText('no column of output tokens');
  await expect(dialog.locator('.traffic-old')).toContainText('before the last change');
  await dialog.getByLabel('What “answer” holds').selectOption('output');
  await expect(dialog.locator('#traffic-mapping-error')).toBeHidden();
  await expect(dialog.locator('.traffic-old')).toHaveText('');

  await choose(page, 'a.zip', Buffer.from('504b030414000000', 'hex'));
  await expect(dialog.locator('.traffic-problem')).toContainText('zip');
  await choose(page, 'none.csv', '');
  await expect(dialog.locator('.traffic-problem')).toContainText('empty');
  await expect(dialog.locator('#traffic-use')).toBeHidden();

  await dialog.getByText('Or paste rows').click();
  await dialog.getByLabel('Rows, with the names').fill('time,isl,osl\n0,100,10\n1,200,20\n');
  await dialog.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(dialog.locator('.traffic-result')).toContainText('2 requests in 1 s');
});

test('a long file is read in pieces, can be cancelled, and is cut to what can be kept', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  await openDialog(page);
  const dialog = dialogOf(page);
  await expect(dialog).toContainText('Choose a file');
  const bring = (/** @type {number} */ rows) =>
    page.evaluate((many) => {
      const parts = ['arrival_time_ms,input,output\n'];
      for (let from = 0; from < many; from += 50_000)
        parts.push(Array.from({ length: 50_000 }, (_, i) => `${from + i},${100 + (i % 900)},9\n`).join(''));
      const data = new DataTransfer();
      data.items.add(new File(parts, `${many}.csv`));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, rows);
  await bring(5_000_000);
  await expect(dialog.locator('.traffic-progress')).toContainText('rows so far');
  await expect(dialog.locator('.traffic-rows tbody tr'), 'its beginning is shown meanwhile').toHaveCount(20);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.locator('.traffic-problem')).toContainText('cancelled');

  await bring(2_050_000);
  await expect(dialog.locator('#traffic-steps-part .traffic-error').first()).toContainText('at most 2000000');
  await addStep(page, 'Every k-th row');
  await expect(dialog.locator('.traffic-result')).toContainText('1,025,000 requests');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await setInstances(page, 3);
  await playground.settled();
});

test('where the browser keeps nothing a file can be used all the same @chromium', async ({ page, playground }) => {
  // In the worker that reads files, which is where they are kept.
  await page.route('**/worker/dialogs_worker.js', async (route) => {
    const response = await route.fetch();
    const denied = 'Object.defineProperty(self, "indexedDB", { value: undefined });';
    await route.fulfill({ response, body: denied + (await response.text()) });
  });
  await playground.open(SMALL);
  await drop(page, 'azure.csv', sample('azure-conv-200.csv'));
  const dialog = dialogOf(page);
  await dialog.getByRole('button', { name: 'Use as workload' }).click();
  await expect(dialog.locator('.traffic-status').first()).toContainText('a reload forgets them');
  await page.keyboard.press('Escape');
  await playground.settled();
  await expect(page.locator('.workload-card')).toContainText('azure.csv 200 requests');
});

for (const [scheme, width] of /** @type {const} */ ([
  ['light', 1280],
  ['dark', 360],
]))
  test(`the dialog fits at ${width} px in ${scheme}, and axe finds nothing @chromium`, async ({ page, playground }) => {
    await take(page, [scheme, width]);
    await playground.open(SMALL);
    await drop(page, 'ours.csv', sample('generic.csv'));
    const dialog = dialogOf(page);
    await expect(dialog.locator('.traffic-result')).toContainText('2 requests');
    await addStep(page, 'Only some rows (filter)');
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    const inside = dialog.locator('.traffic-body');
    expect(await inside.evaluate((body) => body.scrollWidth - body.clientWidth)).toBeLessThanOrEqual(0);
  });
