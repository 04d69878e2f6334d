import { expect, setInstances, test } from './support.js';

test(
  'the address holds the settings and restores them, digest included',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open();
    await setInstances(page, 8);
    await page.locator('#setting-route').selectOption('least-loaded');
    await expect(page).toHaveURL(/#v=2&.*route=least-loaded/);
    await playground.settled();
    const digest = (await page.locator('.basis').innerText()).match(/digest ([0-9a-f]{16})/)?.[1];
    const hash = new URL(page.url()).hash;

    await page.goto('about:blank');
    await playground.open(hash);
    await expect(page.locator('#setting-instances')).toHaveValue('8');
    await expect(page.locator('#setting-route')).toHaveValue('least-loaded');
    await expect(page.locator('.basis')).toContainText(`digest ${digest}`);
  },
);

test('a link of the first version shows what it showed, and says whose streams it has', async ({
  page,
  playground,
}) => {
  await playground.open('#v=1&gpu=H100&tp=1&latency=roofline&instances=12&rate=200&n=1000&seed=9');
  // That of web/views/share/links.json.
  await expect(page.locator('.basis')).toContainText('digest 8bea382e7f8a276f');
  await expect(page.locator('.simulated')).toContainText('independent streams');
  await setInstances(page, 8);
  await expect(page).toHaveURL(/#v=2&.*instances=8.*streams=independent/);
  await page.locator('summary', { hasText: 'Traffic' }).first().click();
  await page.locator('#setting-streams').selectOption('reference');
  await expect(page.locator('.simulated')).toContainText('BLIS streams');
  await expect(page).not.toHaveURL(/streams/);
});

test('a seed beyond what a number can hold is kept to the last digit', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100');
  await page.locator('summary', { hasText: 'Traffic' }).first().click();
  await page.locator('#setting-seed').fill('9223372036854775807');
  await page.locator('#setting-seed').press('Enter');
  await expect(page).toHaveURL(/seed=9223372036854775807/);
  await playground.settled();
  await expect(page.locator('.simulated')).toContainText('+1 changed setting');
  await page.locator('#setting-seed').fill('9223372036854775808');
  await page.locator('#setting-seed').press('Enter');
  await expect(page.locator('#setting-seed-error')).toContainText('64-bit integer');
});

test('defaults are left out of the address', async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&rate=10&seed=42');
  await page.locator('#setting-instances').fill('4');
  await page.locator('#setting-instances').press('Enter');
  await expect(page).toHaveURL(/instances=4/);
  expect(page.url()).not.toContain('seed');
});

test('a new hash in the address bar is followed', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open();
  await page.evaluate(() => {
    location.hash = '#v=2&instances=2&rate=5';
  });
  await expect(page.locator('#setting-instances')).toHaveValue('2');
  await expect(page.locator('#setting-rate')).toHaveValue('5');
});

test('of a link with a bad value the rest holds, and the bad value is explained at its control', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&instances=3&rate=-5&n=200');
  await expect(page.locator('#setting-instances')).toHaveValue('3');
  await expect(page.locator('#setting-rate')).toHaveValue('-5');
  await expect(page.locator('[data-key=rate] .error')).toBeVisible();
  await expect(page.locator('.basis')).toContainText('200 requests');
});

test('an unknown key of a link is named, the rest holds', async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&colour=red');
  await expect(page.locator('#notice')).toContainText('colour');
  await expect(page.locator('#setting-instances')).toHaveValue('3');
});

test('a link of an unknown version is not guessed at', async ({ page, playground }) => {
  await playground.open('#v=99&instances=3');
  await expect(page.locator('#notice')).toContainText('version 99');
});

test(
  'a link is followed even if the page writes its own address just then',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=2&instances=3&rate=10&n=100');
    await page.evaluate(() => {
      const own = location.hash;
      location.hash = '#v=2&instances=2&rate=10&n=200';
      history.replaceState(null, '', own);
    });
    await expect(page.locator('.basis').first()).toContainText('200 requests');
    await expect(page).toHaveURL(/instances=2/);
  },
);
