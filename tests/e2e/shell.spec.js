import { expect, goTo, test } from './support.js';

test('the strict policy is sent as a header and stands in the page', async ({ page, playground, address }) => {
  const response = await page.goto(address);
  expect(response?.headers()['content-security-policy']).toContain("default-src 'self'");
  await playground.settled();
  const meta = page.locator('meta[http-equiv=Content-Security-Policy]');
  await expect(meta).toHaveAttribute('content', /script-src 'self' 'wasm-unsafe-eval'/);
});

test('the page has no inline script, style or handler', async ({ page, playground, address }) => {
  await playground.open();
  const html = await (await page.request.get(address)).text();
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)| on[a-z]+=/);
});

// Firefox now and then runs the scripts although it was told not to.
test(
  'the text is readable without scripts, and says what is needed to start',
  { tag: '@chromium' },
  async ({ browser, address }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(address);
    await expect(page.getByText('time to first token').first()).toBeVisible();
    await expect(page.locator('.boot')).toContainText('make serve');
    await context.close();
  },
);

test('the charts follow the size of the window', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open();
  const width = () => page.locator('#sweep canvas').evaluate((canvas) => canvas.getBoundingClientRect().width);
  const before = await width();
  await page.setViewportSize({ width: 1600, height: 900 });
  await expect.poll(width).toBeGreaterThan(before + 50);
});

test('where the engine cannot be had, the page says so', { tag: '@firefox' }, async ({ page, address }) => {
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto(address);
  await expect(page.locator('#notice')).toContainText('The engine could not be started');
  await expect(page.locator('#notice')).toContainText('Reload the page');
  await expect(page.getByText('Loading. Everything runs in your browser.')).toBeHidden();
});

test('a browser without WebAssembly is told so', async ({ page, address }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto(address);
  await expect(page.locator('#notice')).toContainText('The engine could not be started');
});

test('where the settings do not come, the page says so in their place, and tries again', async ({ page, address }) => {
  const scripts = '**/app/explore-*.js';
  await page.route(scripts, (route) => route.abort());
  await page.goto(`${address}#v=2&latency=roofline&instances=2&rate=20&n=100`);
  const missing = 'This view could not be shown';
  for (const place of ['#form', '#headline']) await expect(page.locator(place)).toContainText(missing);
  await expect(page.getByRole('alert')).toHaveCount(1);
  await page.unroute(scripts);
  await goTo(page, 'Explore');
  await expect(page.locator('#setting-instances')).toHaveValue('2');
  await expect(page.locator('#headline .figures')).toBeVisible();
  await expect(page.getByRole('tab')).toHaveCount(5);
  await expect(page.getByText(missing)).toHaveCount(0);
});

test('a value that was not accepted is named where its control is not seen', async ({ page, playground }) => {
  const wrong = '#v=2&latency=roofline&instances=2&rate=20&n=100&tp=0';
  const notice = page.locator('#notice');
  await playground.open(wrong);
  await expect(page.locator('[data-key=tp] .error')).toBeVisible();
  await expect(notice).toBeEmpty();
  await goTo(page, 'Lessons');
  await expect(notice).toContainText('GPUs');
  await expect(notice).toBeVisible();
  await goTo(page, 'Explore');
  await expect(notice).toBeEmpty();
  await page.goto('about:blank');
  await playground.open(`${wrong}&embed=1`);
  await expect(page.locator('#setting-instances')).toHaveValue('2');
  await expect(notice).toContainText('GPUs');
  await expect(notice).toBeVisible();
});
