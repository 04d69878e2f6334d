// What the page shows belongs together: figures, settings, address and command line; and a choice that fails has a way out.

import { choose, expect, findChoice, reveal, setInstances, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const DEEPSEEK = 'deepseek-ai/deepseek-v2-lite';

/** @param {Page} page */
const digest = async (page) => (await page.locator('.basis').first().innerText()).match(/digest ([0-9a-f]{16})/)?.[1];

test('after Cancel, field, address and command line are those of the figures', async ({ page, playground }) => {
  await playground.open();
  const before = await digest(page);
  const requests = page.locator('#setting-n');
  await reveal(page, 'n');
  await requests.fill('5000000');
  await requests.press('Enter');
  const cancel = page.locator('#notice').getByRole('button', { name: 'Cancel' });
  await cancel.waitFor();
  await expect(page.locator('#old-figures')).toHaveText(
    'These figures are from the last valid run, with 1,000 requests.',
  );
  await cancel.focus();
  await page.keyboard.press('Enter');
  await expect(requests).toHaveValue('1000');
  await expect(page.locator('#notice')).toContainText(
    'Cancelled: settings and figures are those of the run with 1,000',
  );
  await expect(page.locator('#old-figures')).toBeHidden();
  await expect(page).toHaveURL(/[&]n=1000(&|$)/);
  expect(await digest(page)).toBe(before);
  const again = page.getByRole('button', { name: 'Run with 5,000,000 requests' });
  await expect(again).toBeFocused();
  expect((await again.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.locator('#share-command')).toHaveValue(/--num-requests 1000\b/);
  await page.keyboard.press('Escape');

  await again.click();
  await expect(requests).toHaveValue('5000000');
  await page.locator('#notice').getByRole('button', { name: 'Cancel' }).click();
  await setInstances(page, 8);
  await playground.settled();
  await expect(page.locator('#notice')).not.toContainText('Cancelled');
  await expect(requests).toHaveValue('1000');
});

test('a link whose run is cancelled shows no figures, and how to have them', async ({ page, playground, address }) => {
  await page.goto(`${address}#v=2&latency=roofline&instances=4&rate=200&n=5000000`);
  await page.locator('#notice').getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('#notice').getByRole('button', { name: 'Cancel' }).click();
  await playground.settled();
  await expect(page.locator('#notice')).toContainText('Cancelled: there are no figures yet.');
  await expect(page.getByRole('button', { name: 'Run it after all' })).toBeVisible();
});

test('a model that does not fit is said to be so, keeps the old figures old, and offers enough GPUs', async ({
  page,
  playground,
}) => {
  await playground.open();
  const dialog = await findChoice(page, 'model', 'llama 70b');
  await expect(dialog.getByRole('option').first()).toContainText(/needs 2 GPUs$/);
  await dialog.getByRole('option').first().click();
  await expect(page.locator('#old-figures')).toHaveText('These figures are from the last valid run, with Qwen3 14B.');
  await expect(page.locator('body')).toHaveClass(/\bold\b/);
  await expect(page.locator('[data-key=tp] .error')).toHaveText(/^The model needs 137.07 GiB.*at least 2 GPUs/);
  const door = page.locator('[data-key=tp]').getByRole('button', { name: 'Use 2 GPUs per instance' });
  expect((await door.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await door.click();
  await playground.settled();
  await expect(page.locator('#old-figures')).toBeHidden();
  await expect(page.locator('#setting-tp')).toHaveValue('2');
  await expect(page.locator('[data-key=tp] .error')).toBeHidden();
  await expect(page).toHaveURL(/llama-3.1-70b.*tp=2/);
  await reveal(page, 'gpu');
  const gpus = await findChoice(page, 'gpu', 'l40s');
  await expect(gpus.getByRole('option').first()).toContainText(/needs 4 GPUs$/);
  await page.keyboard.press('Escape');
});

test('an automatic GPU is offered only where there is one', async ({ page, playground }) => {
  await playground.open();
  await reveal(page, 'gpu');
  const list = page.getByRole('dialog', { name: 'Choose a GPU' });
  const automatic = list.getByRole('option', { name: /^Automatic/ });
  await page.locator('#setting-gpu').click();
  await expect(automatic).toHaveCount(1);
  await page.keyboard.press('Escape');
  await choose(page, 'model', 'deepseek-v2-lite');
  await playground.settled();
  await page.locator('#setting-gpu').click();
  await expect(list.getByRole('option').first()).toBeVisible();
  await expect(automatic).toHaveCount(0);
  await page.keyboard.press('Escape');
  await playground.open(`#v=2&model=${DEEPSEEK}&tp=1&latency=roofline&n=100`);
  await expect(page.locator('[data-key=gpu] .error')).toHaveText(
    'DeepSeek-V2-Lite has no default GPU. Choose H100, A100-SXM, A100-80, L40S or another one.',
  );
  await page.locator('[data-key=gpu]').getByRole('button', { name: 'Use H100' }).click();
  await playground.settled();
  await expect(page.locator('#setting-gpu')).toContainText('H100');
  await expect(page.locator('[data-key=gpu] .error')).toBeHidden();
});

test('a wrong value is answered with what to enter, and the figures are old until it is right', async ({
  page,
  playground,
}) => {
  await playground.open();
  const instances = page.locator('#setting-instances');
  await instances.fill('9999');
  await expect(page.locator('[data-key=instances] .error')).toHaveText('Enter a whole number from 1 to 4,096.');
  await expect(page.locator('#old-figures')).toHaveText('These figures are from the last valid run, with 4 instances.');
  await instances.fill('4');
  await expect(page.locator('#old-figures')).toBeHidden();
});

test('times are in ms', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=4&rate=200&n=200&route=least-loaded');
  const age = page.locator('#setting-refresh');
  await reveal(page, 'refresh');
  await expect(age).toHaveValue('50');
  await age.fill('2.5');
  await age.press('Enter');
  await expect(page).toHaveURL(/refresh=2500/);
});
