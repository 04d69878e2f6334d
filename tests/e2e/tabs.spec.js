import { expect, goTo, revealLesson, test } from './support.js';

test(
  'arrow keys choose a tab, which becomes part of the address',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=2&instances=2&rate=10&n=100');
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

test('all views together have a few workers, however many runs they ask for', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=10&n=100');
  const most = await page.evaluate(() => 2 + Math.min(Math.max(navigator.hardwareConcurrency + 1, 3), 5));
  let seen = 0;
  const look = () => {
    seen = Math.max(seen, page.workers().length);
  };
  page.on('worker', look);
  await page.locator('#live .cluster[data-settled=true]').waitFor();
  for (const tab of ['Cluster', 'Details', 'Compare', 'Plan', 'Theory', 'Lessons']) {
    await goTo(page, tab);
    look();
  }
  await page.locator('.lesson-list').getByRole('link', { name: 'Three times the machines' }).click();
  await revealLesson(page);
  await expect(page.getByRole('heading', { name: 'Not this time.' })).toBeVisible();
  expect(seen).toBeGreaterThan(2);
  expect(seen).toBeLessThanOrEqual(most);
});

test('a link opens its tab and keeps its settings', async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&tab=cluster');
  await expect(page.getByRole('tab', { name: 'Cluster' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('#setting-instances')).toHaveValue('3');
  await expect(page.locator('#notice')).toBeEmpty();
});

test('a link to a tab that does not exist opens the first', async ({ page, playground }) => {
  await playground.open('#v=2&instances=3&tab=none');
  await expect(page.getByRole('tab', { name: 'Overview' })).toHaveAttribute('aria-selected', 'true');
});

test('charts that changed while they were hidden are drawn when they come back', async ({ page, playground }) => {
  await playground.open('#v=2&instances=2&rate=10&n=100&tab=cluster');
  await goTo(page, 'Overview');
  await expect(page.locator('#sweep canvas')).toBeVisible();
  await expect(page.locator('#ttft canvas')).toBeVisible();
});
