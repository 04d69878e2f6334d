// A link cannot lie: what is simulated is said at the headline, in other pages' frames and in lessons, and what a link
// replaces or hides is announced there.

import { expect, reveal, test } from './support.js';

/** Model and GPU by name, with times that are not theirs. */
const FALSE = '#v=2&gpu=H100&tp=1&instances=4&rate=200&n=1000&alpha=0,0,0&beta=0,0,0,0,0,0,0,0,0,0&hide=alpha,beta';

test('replaced coefficients are said in a frame, and what the link hides can be seen there', async ({
  page,
  playground,
}) => {
  await page.setViewportSize({ width: 300, height: 640 });
  await playground.open(`${FALSE}&embed=1`);
  const line = page.locator('.simulated > p').first();
  await expect(line).toContainText('Qwen3 14B · H100 · TP 1 · Trained physics · replaced coefficients · 4 instances ·');
  await expect(page.locator('.replaced')).toBeVisible();
  await expect(page.locator('#headline')).toContainText(
    'Note: overhead and step-time coefficients were replaced: times are not those of the model.',
  );
  await expect(page.locator('.hidden-controls')).toContainText('This link hides 2 settings.');
  await page.getByRole('button', { name: 'Show them' }).click();
  const row = page.locator('#simulated-list [data-key=alpha]');
  await expect(row).toContainText('hidden by the link');
  await expect(row).toContainText('0, 0, 0');
  const scrolls = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(await scrolls()).toBe(false);
});

test(
  'the list of changed settings opens and closes by keyboard, and stays with the figures that it belongs to',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open('#v=2&latency=roofline&instances=2&rate=20&n=100&seed=5&route=least-loaded');
    const more = page.getByRole('button', { name: '+2 changed settings' });
    await more.focus();
    await page.keyboard.press('Enter');
    const list = page.getByRole('region', { name: 'Changed settings' });
    await expect(list.locator('tbody tr')).toHaveCount(5);
    await expect(list.locator('[data-key=route]')).toHaveText(/^Routing\s*Least loaded\s*Round robin$/);
    await page.keyboard.press('Escape');
    await expect(list).toBeHidden();
    await expect(more).toBeFocused();
    // What is not accepted changes neither the figures nor the line.
    await page.locator('#setting-instances').fill('9999');
    await page.locator('#setting-instances').press('Enter');
    await expect(page.locator('#old-figures')).not.toBeEmpty();
    await expect(page.locator('.simulated')).toContainText(' 2 instances ');
    await page.locator('#setting-instances').fill('3');
    await page.locator('#setting-instances').press('Enter');
    await expect(page.locator('.simulated')).toContainText(' 3 instances ');
  },
);

test('an embedded lesson is the lesson alone, and says what it simulates', async ({ page, playground }) => {
  await playground.open('#v=2&tab=lessons&lesson=early-warning&embed=1');
  await expect(page.locator('.lesson-simulated')).toHaveText(
    'Qwen3 14B · H100 · TP 1 · Roofline · 1 instance · 2,500 requests · independent streams · varied: Arrival rate · +1 changed setting (Seed: 1)',
  );
  await expect(page.getByRole('tab')).toHaveCount(0);
  for (const name of ['Pin', 'Share']) await expect(page.getByRole('button', { name })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Open in the playground' })).toBeVisible();
});

test('a section of which all is hidden is gone, and one that has settings left is not', async ({
  page,
  playground,
}) => {
  await playground.open('#v=2&n=100&hide=gpu,tp,latency');
  const group = page.locator('details.group', { has: page.locator('[data-key=tp]') });
  await group.locator('summary').click();
  await expect(group.locator('[data-key=alpha]')).toBeVisible();
  await expect(group.locator('[data-key=tp]')).toBeHidden();
  await playground.open('#v=2&n=100&hide=gpu,tp,latency,alpha,beta,layers,price');
  await expect(group).toBeHidden();
  await page.getByRole('button', { name: 'Show them' }).click();
  await reveal(page, 'tp');
  await expect(group.locator('[data-key=tp]')).toBeVisible();
  // The button is gone, and has not taken the focus with it.
  await expect(page.getByRole('button', { name: /changed setting|at its default/ })).toBeFocused();
});

test('what BLIS may give otherwise is said at the result, and nothing of that where streams are independent', async ({
  page,
  playground,
}) => {
  const link = '#v=2&users=3&prefix=31&n=40';
  await playground.open(link);
  await expect(page.locator('.simulated')).toContainText('BLIS streams');
  await expect(page.locator('#headline .notes')).toContainText("BLIS may find a follow-up's block");
  await playground.open(`${link}&streams=independent`);
  await expect(page.locator('.simulated')).toContainText('independent streams');
  await expect(page.locator('#headline .notes')).not.toContainText('BLIS');
});
