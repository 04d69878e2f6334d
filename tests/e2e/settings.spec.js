import { expect, reveal, test } from './support.js';

test('changing the number of instances changes the figures', async ({ page, playground }) => {
  await playground.open();
  const before = await playground.figure('ttft-p99');
  await page.locator('#setting-instances').fill('6');
  await page.locator('#setting-instances').press('Enter');
  await expect(page.locator('[data-figure=ttft-p99] .value')).not.toHaveText(before);
  await expect(page.locator('#instances .chart-summary')).toContainText('Every instance gets 166 or 167 requests.');
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
  await expect(page.locator('#old-figures')).toHaveText(
    'These figures are from the last valid run, with Arrival rate 200 requests/s.',
  );

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
  await expect(codes('running')).toHaveText(['--max-num-seqs', '--max-num-seqs']);
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
    await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&route=weighted');
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
  await playground.open('#v=2&latency=roofline&instances=2&rate=x&n=100&route=weighted');
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

test('with forced colours a refused value differs by more than its colour @chromium', async ({ page, playground }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await playground.open();
  await page.locator('#setting-rate').fill('fast');
  await page.locator('#setting-rate').press('Enter');
  await expect(page.locator('[data-key=rate] .error')).toBeVisible();
  await expect(page.locator('#setting-rate')).toHaveCSS('border-style', 'dashed');
  await expect(page.locator('#setting-instances')).toHaveCSS('border-style', 'solid');
});

test('on paper the form has names and values, and nothing to press @chromium', async ({ page, playground }) => {
  await playground.open();
  await reveal(page, 'running');
  await page.emulateMedia({ media: 'print' });
  const form = page.locator('#form');
  await expect(form.locator('[data-key=running] .label')).toBeVisible();
  await expect(form.locator('#setting-running')).toBeVisible();
  await expect(form.locator(':is(button, [type=range], [type=search]):visible')).toHaveCount(0);
  const cut = await form
    .locator('input:visible')
    .evaluateAll((inputs) =>
      /** @type {HTMLInputElement[]} */ (inputs)
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ id, value }) => `${id} ${value}`),
    );
  expect(cut, 'values that are not seen whole').toEqual([]);
});
