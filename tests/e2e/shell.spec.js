import { expect, test } from './support.js';

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
