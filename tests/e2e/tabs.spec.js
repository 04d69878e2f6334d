import { expect, test } from './support.js';

test(
  'arrow keys choose a tab, which becomes part of the address',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=1&instances=2&rate=10&n=100');
    const overview = page.getByRole('tab', { name: 'Overview' });
    await expect(page.getByRole('tabpanel', { name: 'Overview' })).toBeVisible();
    await overview.focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: 'Cluster' })).toBeFocused();
    await expect(page.getByRole('tabpanel', { name: 'Cluster' })).toBeVisible();
    await expect(page.getByRole('tabpanel', { name: 'Overview' })).toBeHidden();
    await expect(page).toHaveURL(/&tab=cluster$/);
    await page.keyboard.press('Home');
    await expect(overview).toBeFocused();
    await expect(page).not.toHaveURL(/tab=/);
  },
);

test('a link opens its tab and keeps its settings', async ({ page, playground }) => {
  await playground.open('#v=1&instances=3&tab=cluster');
  await expect(page.getByRole('tab', { name: 'Cluster' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('#setting-instances')).toHaveValue('3');
  await expect(page.locator('#notice')).toBeEmpty();
});

test('a link to a tab that does not exist opens the first', async ({ page, playground }) => {
  await playground.open('#v=1&instances=3&tab=none');
  await expect(page.getByRole('tab', { name: 'Overview' })).toHaveAttribute('aria-selected', 'true');
});

test('charts that changed while they were hidden are drawn when they come back', async ({ page, playground }) => {
  await playground.open('#v=1&instances=2&rate=10&n=100&tab=cluster');
  await page.getByRole('tab', { name: 'Overview' }).click();
  await expect(page.locator('#sweep canvas')).toBeVisible();
  await expect(page.locator('#ttft canvas')).toBeVisible();
});
