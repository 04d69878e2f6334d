import { LOOKS, take, violations, widthOf } from './axe.js';
import { expect, goTo, setInstances, test } from './support.js';

const STEADY = '#v=2&latency=roofline&instances=12&rate=100&n=4000&tab=theory';
const OVERLOAD = '#v=2&latency=roofline&instances=4&rate=200&n=3000&tab=theory';

test('a steady run has predicted figures beside measured ones', async ({ page, playground }) => {
  await playground.open(STEADY);
  await expect(page.locator('.form-card')).toHaveCount(8);
  const little = page.locator('[data-form=little]');
  await expect(little.locator('.reason')).toContainText('✓ Applies');
  await expect(little.locator('tbody tr').first()).toContainText(/\d+ requests.*\d+ requests \(L\).*%/);
});

test('a form whose assumptions fail says why and shows no figures', async ({ page, playground }) => {
  await playground.open(OVERLOAD);
  const little = page.locator('[data-form=little]');
  await expect(little.locator('.reason')).toContainText('✗ Does not apply: the cluster is overloaded');
  await expect(little.locator('table')).toHaveCount(0);
  await expect(little).toContainText('would mislead');
});

test(
  'theory follows the settings, and what is unfolded stays unfolded',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(STEADY);
    const batch = page.locator('[data-form=batch]');
    await batch.locator('summary').click();
    await expect(batch.locator('.reason')).toContainText('Applies');
    await setInstances(page, 4);
    await expect(batch.locator('.reason')).toContainText('Does not apply');
    await expect(batch.locator('.formula')).toBeVisible();
    await expect(page.locator('.theory')).toHaveAttribute('aria-busy', 'false');
  },
);

test('the chart of TTFT names the predicted p99 only where the prediction holds', async ({ page, playground }) => {
  const note = page.locator('#ttft [data-note="aged fluid"]');
  await playground.open(OVERLOAD.replace('&tab=theory', ''));
  await expect(note.locator('summary')).toHaveText('theory: aged fluid ✓');
  await note.locator('summary').press('Enter');
  await expect(note.locator('p')).toContainText(/TTFT p99 .* s\. It applies:/);
  await page.keyboard.press('Escape');
  await expect(note.locator('p')).toBeHidden();
  await playground.open(OVERLOAD.replace('&tab=theory', '&route=always-busiest'));
  await goTo(page, 'Theory');
  await expect(page.locator('[data-form=fluid] .reason')).toContainText('Does not apply');
  await goTo(page, 'Overview');
  await note.locator('summary').click();
  await expect(note.locator('p')).toContainText('It does not apply');
  await expect(note.locator('p')).not.toContainText('TTFT p99');
});

test('charts of the details carry the forms that speak of them', async ({ page, playground }) => {
  await playground.open(STEADY.replace('tab=theory', 'tab=details'));
  for (const place of [
    '#split [data-note="Erlang C"]',
    '#batch-map [data-note="Little’s law"]',
    '#waits [data-note=excess]',
  ]) {
    await expect(page.locator(place)).toBeVisible();
  }
  await page.getByLabel('Figure of the distribution').selectOption('itl');
  const balance = page.locator('#distribution [data-note="batch balance"]');
  await balance.locator('summary').click();
  await expect(balance.locator('p')).toContainText(/ITL .* ms\. It applies:/);
});

for (const look of LOOKS) {
  test(`axe finds nothing in theory in ${look.join(' at ')} px, and nothing is too wide`, async ({
    page,
    playground,
  }) => {
    await take(page, look);
    await playground.open(OVERLOAD);
    await expect(page.locator('.form-card')).toHaveCount(8);
    for (const summary of await page.locator('.form-card summary').all()) await summary.press('Enter');
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(look[1]);
  });
}
