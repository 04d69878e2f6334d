import { configOf, engine } from './engine.js';
import { expect, test } from './support.js';

/** Four instances that read prompts slower than they arrive. */
const LINK = '#v=2&latency=roofline&instances=4&rate=200&n=1000';

/** @param {number} share */
const percent = (share) => Number((100 * share).toPrecision(3));

test('Details say for which limit requests waited, as the engine has it', async ({ page, playground }) => {
  await playground.open(`${LINK}&tab=details`);
  const simulation = new engine.Simulation(configOf(LINK));
  simulation.trackLimits();
  while (!simulation.advance(1e9).done);
  const result = simulation.finish();
  const limits = result.limits;
  result.free();
  if (!limits) throw new Error('limits are tracked');
  const rows = page.locator('#limits tbody tr');
  await expect(rows).toHaveCount(5);
  for (const [row, shares] of [limits.overall, ...limits.per_instance].entries()) {
    const shown = await rows.nth(row).locator('td[data-reason]').allInnerTexts();
    expect(shown.map((text) => Number.parseFloat(text))).toEqual(
      [shares.step_budget, shares.slots, shares.kv_blocks, shares.step_under_way, shares.nothing].map(percent),
    );
  }
  await expect(page.locator('#limits-summary')).toContainText('waited for the step budget');
});

test('the inspector tells who stood before a request and how fast prompts were read', async ({ page, playground }) => {
  await playground.open(`${LINK}&tab=cluster&request=900`);
  const wait = engine.explainWait(configOf(LINK), 900);
  await expect(page.locator('#inspect-wait')).toContainText(
    new RegExp(`^${wait?.before} requests were ahead of it; each step read about [0-9.]+ prompts?\\.`),
  );
  // Another request, another wait.
  await page.locator('#inspect-request').fill('0');
  await page.locator('#inspect-request').press('Enter');
  await expect(page.locator('#inspect-wait')).toContainText('No request was ahead of it');
});

test('the picture names the limit of an instance to those who choose it with the keyboard', async ({
  page,
  playground,
}) => {
  await playground.open(`${LINK}&tab=cluster`);
  await page.locator('.cluster[data-settled=true]').waitFor();
  await page.locator('#cluster-picture').focus();
  await expect(page.locator('#cluster-readout')).toContainText('waits: prompt reading is full');
  await expect(page.locator('#cluster-readout')).toContainText(
    /step budget 2,048 of 2,048 tokens, [0-9]+ of 256 slots/,
  );
});
