// The layers of the form, and the search in it.

import { LOOKS, take, violations } from './axe.js';
import { engine } from './engine.js';
import { choose, expect, reveal, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** Keys of the settings that can be seen. @param {Page} page */
const seen = (page) =>
  page
    .locator('#form .field')
    .evaluateAll((fields) =>
      fields.filter((field) => field.checkVisibility()).map((field) => field.getAttribute('data-key')),
    );

const FIRST = ['instances', 'rate', 'model', 'route'];

test('four settings are there at first; the others are folded under headings', async ({ page, playground }) => {
  await playground.open();
  expect(await seen(page)).toEqual(FIRST);
  const headings = page.locator('#form details.group:visible > summary');
  await expect(headings).toHaveText([
    'Traffic',
    'Prompts and answers',
    'Model and GPUs',
    'Routing and admission',
    'Inside an instance',
    'Latency targets and trace',
  ]);
  await headings.nth(4).click();
  await expect(page.locator('[data-key=running]')).toBeVisible();
});

test('a heading says how many settings below it were changed, and which', async ({ page, playground }) => {
  await playground.open();
  const changed = page.locator('[data-section=traffic] .changed');
  await expect(page.locator('#form .changed:visible')).toHaveCount(0);
  await reveal(page, 'n');
  await page.locator('#setting-n').fill('500');
  await page.locator('#setting-n').press('Enter');
  await expect(changed).toHaveText('1 changed');
  await page.locator('#setting-seed').fill('3');
  await page.locator('#setting-seed').press('Enter');
  await expect(changed).toHaveText('2 changed');
  await expect(changed).toHaveAttribute('title', 'Changed: Requests, Seed');
  await page.goto('about:blank');
  await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&running=8&budget=512&prompt=64');
  await expect(page.locator('#form .changed:visible')).toHaveText(['1 changed', '2 changed']);
  await expect(page.locator('[data-section=instance] > summary')).toHaveText('Inside an instance 2 changed');
});

test('what is wrong opens its section and is explained there', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&running=0');
  await expect(page.locator('[data-key=running] .error')).toHaveText('Enter a whole number from 1 to 1,000,000.');
  await expect(page.locator('[data-key=budget]')).toBeVisible();
  await expect(page.locator('[data-key=prompt]')).toBeHidden();
});

test(
  'the search shows what is called so, wherever it stands, and leads back',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open();
    const box = page.getByRole('searchbox', { name: 'Find a setting' });
    const status = page.locator('.settings-search [role=status]');
    await page.locator('[data-section=traffic] > summary').click();
    await box.fill('--max-num-seqs');
    await expect(status).toHaveText('1 setting found.');
    expect(await seen(page)).toEqual(['running']);
    await expect(page.locator('[data-key=running] .found')).toHaveText('BLIS flag --max-num-seqs');
    await expect(page.locator('#form details.group:visible')).toHaveCount(1);
    await box.press('Enter');
    await expect(page.locator('#setting-running')).toBeFocused();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('64');
    await expect(page).toHaveURL(/[#&]running=64(&|$)/);
    await box.focus();
    await page.keyboard.press('Escape');
    await expect(box).toHaveValue('');
    await expect(box).toBeFocused();
    await expect(status).toBeEmpty();
    await expect(page.locator('#form .found')).toHaveCount(0);
    const open = await page
      .locator('#form details[open]')
      .evaluateAll((folds) => folds.map((fold) => fold.getAttribute('data-section')));
    expect(open, 'sections are as before').toEqual(['traffic']);
    expect((await seen(page)).slice(0, 4)).toEqual(FIRST);
  },
);

test('a search finds settings of the first four below its box, the next stop of the keyboard', async ({
  page,
  playground,
}) => {
  await playground.open();
  const box = page.locator('#settings-search');
  await box.fill('servers');
  expect(await seen(page)).toEqual(['instances']);
  await expect(page.locator('[data-key=instances] .found')).toHaveText('Also called “servers”');
  const below = (await page.locator('[data-key=instances]').boundingBox())?.y ?? 0;
  expect(below).toBeGreaterThan((await box.boundingBox())?.y ?? Infinity);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Show all settings' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.locator('#setting-instances')).toBeFocused();
  await page.getByRole('button', { name: 'Show all settings' }).click();
  await expect(box).toBeFocused();
  expect(await seen(page)).toEqual(FIRST);
});

test('a search without a result says so and has a way out; what cannot be changed now says why', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&hide=seed');
  const box = page.locator('#settings-search');
  const status = page.locator('.settings-search [role=status] p');
  await box.fill('warp drive');
  await expect(status).toHaveText('No setting is called “warp drive”.');
  expect(await seen(page)).toEqual([]);
  await expect(page.locator('#form details.group:visible')).toHaveCount(0);
  await box.fill('--think-time-ms');
  await expect(status).toHaveText([
    'Nothing to change here.',
    '“Thinking time” has no effect now: it needs “Users” set to something other than “0”.',
  ]);
  await box.fill('--enable-prefix-caching');
  await expect(status.last()).toHaveText('Prefix caching is always on here.');
  await box.fill('seed');
  await expect(status).toHaveText(['Nothing to change here.', '“Seed” is hidden by this link.']);
  await page.getByRole('button', { name: 'Show all settings' }).click();
  expect(await seen(page)).toEqual(FIRST);
});

test('what a search shows changes with the settings, and what is wrong elsewhere is shown, too', async ({
  page,
  playground,
}) => {
  await playground.open();
  await page.locator('#settings-search').fill('routing');
  await expect(page.locator('[data-key=scorers]')).toBeHidden();
  await page.locator('#setting-route').selectOption('weighted');
  await expect(page.locator('[data-key=scorers]')).toBeVisible();
  await page.locator('#settings-search').fill('model');
  await choose(page, 'model', 'llama 70b');
  await page.locator('#settings-search').fill('scorers');
  await expect(page.locator('[data-key=tp] .error')).toBeVisible();
});

test('a link that hides the first settings, or all, leaves no empty part', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&n=100&hide=instances,rate,model,route');
  await expect(page.locator('.first-settings')).toBeHidden();
  await expect(page.locator('[data-section=traffic]')).toBeVisible();
  const keys = engine.schema().map(({ key }) => key);
  await playground.open(`#v=2&latency=roofline&n=100&hide=${keys.join(',')}`);
  await expect(page.locator('#form > :visible')).toHaveCount(0);
});

for (const look of LOOKS) {
  test(`axe finds nothing in a search in ${look.join(' at ')} px`, async ({ page, playground }) => {
    await take(page, look);
    await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&running=8');
    await page.locator('#settings').evaluate((fold) => {
      /** @type {HTMLDetailsElement} */ (fold).open = true;
    });
    for (const query of ['cache', 'warp drive']) {
      await page.locator('#settings-search').fill(query);
      expect(await violations(page)).toEqual([]);
    }
  });
}
