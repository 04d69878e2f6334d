import { engine } from './engine.js';
import { expect, reveal, test } from './support.js';

/** @import {Page} from '@playwright/test' */

test('changing the number of instances changes the figures', async ({ page, playground }) => {
  await playground.open();
  const before = await playground.figure('ttft-p99');
  await page.locator('#setting-instances').fill('6');
  await page.locator('#setting-instances').press('Enter');
  await expect(page.locator('[data-figure=ttft-p99] .value')).not.toHaveText(before);
  await expect(page.locator('#instances .chart-summary')).toContainText('Between 166 and 167 requests');
});

test('changing the routing policy changes the figures', async ({ page, playground }) => {
  await playground.open();
  const before = await page.locator('.basis').innerText();
  await page.locator('#setting-route').selectOption('least-loaded');
  await expect(page.locator('.basis')).not.toHaveText(before);
  await playground.settled();
  await expect(page.locator('[data-figure=regret] .value')).toBeVisible();
});

test('a slider moves the value, the figures and the address', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open();
  await page.locator('#setting-instances-slider').press('ArrowRight');
  await expect(page.locator('#setting-instances')).toHaveValue('5');
  await expect(page).toHaveURL(/[#&]instances=5(&|$)/);
});

test('the weighted policy brings its scorers, whose weights change the figures', async ({ page, playground }) => {
  await playground.open();
  await expect(page.locator('[data-key=scorers]')).toBeHidden();
  await page.locator('#setting-route').selectOption('weighted');
  await expect(page.locator('[data-key=scorers]')).toBeVisible();
  await playground.settled();
  await page.getByLabel('Weight of scorer 1').fill('7');
  await expect(page).toHaveURL(/scorers=[a-z-]+:7,/);
});

test('a bad value is explained at its control and the last good charts stay', async ({ page, playground }) => {
  await playground.open();
  const before = await page.locator('#headline').innerText();
  const rate = page.locator('#setting-rate');
  await rate.fill('fast');
  await rate.press('Enter');
  const error = page.locator('[data-key=rate] .error');
  await expect(error).toBeVisible();
  await expect(error).toHaveText('Enter a number greater than 0.');
  await expect(rate).toHaveAttribute('aria-invalid', 'true');
  await expect(rate).toHaveAttribute('aria-describedby', /setting-rate-error/);
  expect(await page.locator('#headline').innerText()).toBe(before);
  await expect(page.locator('#old-figures')).toHaveText('Old figures, from the run with Arrival rate 200 requests/s.');

  await rate.fill('100');
  await rate.press('Enter');
  await expect(error).toBeHidden();
  await expect(rate).not.toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#headline')).not.toHaveText(before);
});

test('help is one press away and names the flags, ours and that of vLLM, as code', async ({ page, playground }) => {
  await playground.open();
  await page.locator('[data-key=route] .question').click();
  const codes = (/** @type {string} */ key) => page.locator(`#setting-${key}-help code`);
  await expect(page.locator('#setting-route-help')).toBeVisible();
  await expect(codes('route')).toHaveText(['--routing-policy']);
  await reveal(page, 'running');
  await page.locator('[data-key=running] .question').click();
  await expect(page.locator('#setting-running-help')).toContainText('In vLLM: --max-num-seqs');
  await expect(codes('running')).toHaveText(['--max-num-running-reqs', '--max-num-seqs']);
  await reveal(page, 'slottft');
  await page.locator('[data-key=slottft] .question').click();
  await expect(page.locator('#setting-slottft-help')).toContainText('TTFT is the time to first token');
});

test('a long run shows its progress and can be cancelled', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open();
  const before = await page.locator('.basis').innerText();
  await reveal(page, 'n');
  await page.locator('#setting-n').fill('3000000');
  await page.locator('#setting-n').press('Enter');
  await expect(page.locator('#notice')).toContainText(/Simulating: [0-9,]+ of 3,000,000 requests/);
  await page.locator('#notice').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('#notice')).not.toContainText('Simulating');
  expect(await page.locator('.basis').innerText()).toBe(before);
});

test('another seed gives another run of the same experiment', async ({ page, playground }) => {
  await playground.open();
  const before = await page.locator('.basis').innerText();
  await page.getByRole('button', { name: 'New seed' }).click();
  await expect(page.locator('.basis')).not.toHaveText(before);
  await expect(page).toHaveURL(/[#&]seed=[0-9]+/);
});

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
  await playground.open('#v=1&latency=roofline&instances=2&rate=20&n=100&running=8&budget=512&prompt=64');
  await expect(page.locator('#form .changed:visible')).toHaveText(['1 changed', '2 changed']);
  await expect(page.locator('[data-section=instance] > summary')).toHaveText('Inside an instance 2 changed');
});

test('what is wrong opens its section and is explained there', async ({ page, playground }) => {
  await playground.open('#v=1&latency=roofline&instances=2&rate=20&n=100&running=0');
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
    await expect(page.locator('[data-key=running] .found')).toHaveText('vLLM flag --max-num-seqs');
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
  await playground.open('#v=1&latency=roofline&instances=2&rate=20&n=100&hide=seed');
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
  await page.locator('#setting-model').selectOption('meta-llama/llama-3.1-70b-instruct');
  await page.locator('#settings-search').fill('scorers');
  await expect(page.locator('[data-key=tp] .error')).toBeVisible();
});

test('a link that hides the first settings, or all, leaves no empty part', async ({ page, playground }) => {
  await playground.open('#v=1&latency=roofline&n=100&hide=instances,rate,model,route');
  await expect(page.locator('.first-settings')).toBeHidden();
  await expect(page.locator('[data-section=traffic]')).toBeVisible();
  const keys = engine.schema().map(({ key }) => key);
  await playground.open(`#v=1&latency=roofline&n=100&hide=${keys.join(',')}`);
  await expect(page.locator('#form > :visible')).toHaveCount(0);
});

for (const [width, height] of [
  [360, 740],
  [320, 180],
  [640, 360],
]) {
  test(`at ${width} × ${height} sliders have the whole row, and all that is pressed is large enough`, async ({
    page,
    playground,
  }) => {
    await page.setViewportSize({ width, height });
    await playground.open('#v=1&latency=roofline&instances=2&rate=20&n=100&route=weighted');
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true;
    });
    const least = width <= 640 ? 44 : 36;
    const form = await page.locator('#form').boundingBox();
    const sliders = await page
      .locator('#form [type=range]:visible')
      .evaluateAll((inputs) => inputs.map((input) => input.getBoundingClientRect().width));
    expect(sliders.length).toBeGreaterThan(10);
    expect(Math.min(...sliders)).toBeGreaterThan((form?.width ?? Infinity) - 24);
    const pressed = await page
      .locator('#form :is(button, select, input:not([type=checkbox]), summary):visible')
      .evaluateAll((elements) => elements.map((each) => each.getBoundingClientRect().height));
    expect(Math.min(...pressed)).toBeGreaterThanOrEqual(least);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const overlaps = await page.locator('#form .row:visible').evaluateAll((rows) =>
      rows.flatMap((row) => {
        const boxes = [...row.children].map((child) => child.getBoundingClientRect());
        return boxes.flatMap((one, at) =>
          boxes
            .slice(at + 1)
            .filter(
              (other) =>
                Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
                Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1,
            )
            .map(() => row.textContent),
        );
      }),
    );
    expect(overlaps).toEqual([]);
  });
}

test('no type of the form is smaller than 14 px, nor of a fifth size', async ({ page, playground }) => {
  await playground.open('#v=1&latency=roofline&instances=2&rate=x&n=100&route=weighted');
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    for (const help of document.querySelectorAll('#form .help')) /** @type {HTMLElement} */ (help).hidden = false;
  });
  await page.locator('#settings-search').fill('a');
  const sizes = await page
    .locator('#form *:visible')
    .evaluateAll((elements) => [...new Set(elements.map((each) => getComputedStyle(each).fontSize))]);
  expect(sizes.filter((size) => !['14px', '16px', '20px', '30px'].includes(size))).toEqual([]);
});

test('no unit is said twice', async ({ page, playground }) => {
  await playground.open();
  const labels = await page.locator('#form .label').allTextContents();
  expect(labels).toContain('GPUs per instance');
  expect(labels).toContain('Arrival rate (requests/s)');
  const doubled = labels.filter((label) => {
    const [, name, unit] = label.match(/^(.*) \((.*)\)$/) ?? [];
    return unit !== undefined && name.toLowerCase().includes(unit.toLowerCase());
  });
  expect(doubled).toEqual([]);
});
