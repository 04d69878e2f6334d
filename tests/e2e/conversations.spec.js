// Conversations on the page: patterns in the form, turns in the inspector, figures by turn, and two ways to route them.

import { take, violations, widthOf } from './axe.js';
import { configOf, digestOf, engine } from './engine.js';
import { expect, goTo, test } from './support.js';

/** Twelve conversations of six turns on three instances. */
const CONVERSATIONS = {
  version: '2',
  aggregate_rate: 3,
  num_requests: 36,
  clients: [
    {
      id: 'chat',
      rate_fraction: 1,
      arrival: { process: 'poisson' },
      input_distribution: { type: 'gaussian', params: { mean: 300, std_dev: 120, min: 8, max: 900 } },
      output_distribution: { type: 'exponential', params: { mean: 150, min: 2, max: 800 } },
      reasoning: { multi_turn: { max_rounds: 6, think_time_us: 2_000_000, context_growth: 'accumulate' } },
    },
  ],
};

const LINK = `#v=2&latency=roofline&instances=3&${new URLSearchParams({ spec: JSON.stringify(CONVERSATIONS) })}`;

/** The turns of the conversation of a request, in the engine. @param {string} link @param {number} request */
function turnsOf(link, request) {
  const result = engine.simulate(configOf(link));
  const [session, round, instance] = /** @type {const} */ (['session', 'round', 'instance']).map((name) =>
    result.column(name),
  );
  const own = [...session.keys()].filter((each) => session[each] === session[request]);
  own.sort((a, b) => round[a] - round[b]);
  const { conversations } = result.summary;
  result.free();
  return { requests: own, instances: own.map((each) => instance[each]), conversations };
}

test('a conversation is one line of turns, and the keyboard goes from turn to turn', async ({ page, playground }) => {
  const { requests, instances } = turnsOf(LINK, 0);
  expect(new Set(instances).size).toBeGreaterThan(1);
  await playground.open(`${LINK}&tab=cluster&request=0`);
  const turns = page.locator('#inspect-turns .turn');
  await expect(turns).toHaveCount(6);
  await expect(turns.locator('.turn-where')).toHaveText(instances.map((instance) => `#${instance}`));
  await expect(page.locator('#turn-sentence')).toContainText('6 turns in');
  await expect(page.locator('#turn-sentence')).toContainText('All its turns were answered.');
  await expect(turns.first()).toHaveAttribute('aria-label', /^Turn 1: instance \d; prompt of .* first word after/);
  await turns.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.life-sentence')).toContainText(`Request ${requests[1]}:`);
  await expect(turns.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.locator('#inspect-request')).toHaveValue(String(requests[5]));
  await expect(turns.nth(5)).toHaveAttribute('aria-current', 'true');
  // The drawing leads there, too.
  await page.locator('#inspect-turns .turn-drawing').click({ position: { x: 3, y: 10 } });
  await expect(page.locator('#inspect-request')).toHaveValue(String(requests[0]));
});

test('a virtual user has turns as well', async ({ page, playground }) => {
  const link = '#v=2&latency=roofline&instances=2&users=3&n=12';
  const { requests } = turnsOf(link, 0);
  expect(requests.length).toBeGreaterThan(1);
  await playground.open(`${link}&tab=cluster&request=0`);
  await expect(page.locator('#turn-sentence')).toContainText(`Virtual user 0: ${requests.length} turns`);
  await expect(page.locator('#inspect-turns .turn')).toHaveCount(requests.length);
});

test('the figures of conversations are those of the engine, with a table for each chart', async ({
  page,
  playground,
}) => {
  const { conversations } = turnsOf(LINK, 0);
  if (!conversations) throw new Error('no conversations');
  await playground.open(`${LINK}&tab=details`);
  await expect(page.locator('#conversations')).toContainText('12 ended with all turns answered');
  const later = conversations.metrics.ttft_warm.mean_ms;
  await expect(page.locator('[data-figure=ttft-later] dd')).toHaveText(`${Number(later.toPrecision(3))} ms`);
  const hits = page.locator('#hits-by-turn');
  await hits.getByRole('button', { name: 'table' }).click();
  await expect(hits.locator('tbody tr')).toHaveCount(6);
  const last = conversations.by_round[5].hit_rate;
  await expect(hits.locator('tbody tr').last()).toContainText(`${Number((100 * last).toPrecision(3))}%`);
  await expect(page.locator('#headline .conversation-line')).toContainText('12 conversations:');
  // Without conversations nothing of it is there.
  await playground.open('#v=2&latency=roofline&instances=3&n=50&tab=details');
  await expect(page.locator('#split tbody tr').first()).toBeVisible();
  await expect(page.locator('#conversations')).toBeHidden();
  await expect(hits).toBeHidden();
  await expect(page.locator('#headline .conversation-line')).toHaveText('');
});

test('a pattern is one press, and its turns are changed without opening a file', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=3&n=50&tab=overview');
  await page.getByRole('button', { name: 'Chat', exact: true }).click();
  await expect(page).toHaveURL(/spec=/);
  await playground.settled();
  const card = page.locator('.workload-card');
  await expect(card).toContainText('Chat');
  // The button is gone, and the keyboard goes on where the conversations are changed.
  await expect(card.getByRole('button', { name: 'Change' })).toBeFocused();
  await card.getByText('Where its figures come from').click();
  await expect(card).toContainText('AzurePublicDataset');
  const turns = card.getByLabel('Turns', { exact: true });
  await expect(turns).toHaveValue('5');
  await turns.fill('0');
  await turns.press('Enter');
  await expect(card).toContainText('Enter a whole number from 1 to 1,000.');
  await expect(page.locator('#old-figures')).toHaveText('These figures are from the last valid run.');
  await card.getByLabel('Conversations per second').fill('0,5');
  await card.getByLabel('Conversations per second').press('Enter');
  await expect(card).toContainText('Enter a number from 0.001 to 10,000.');
  await card.getByLabel('Conversations per second').fill('4');
  await card.getByLabel('Conversations per second').press('Enter');
  await expect(page.locator('#old-figures')).not.toBeEmpty();
  await turns.fill('3');
  await turns.press('Enter');
  await expect(page.locator('#old-figures')).toBeEmpty();
  await card.getByLabel('Thinking or tool wait (s)').fill('0.5');
  await card.getByLabel('Thinking or tool wait (s)').press('Enter');
  await expect(page).toHaveURL(/think_time_us%22:500000\D/);
  await playground.settled();
  // A link keeps it; taken out, the form has its own requests again.
  await page.reload();
  await playground.settled();
  await expect(turns).toHaveValue('3');
  await expect(card).toContainText('Chat');
  await turns.fill('none');
  await turns.press('Enter');
  await expect(page.locator('#old-figures')).not.toBeEmpty();
  await card.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: 'Chat', exact: true })).toBeVisible();
  await expect(page.locator('#old-figures')).toBeEmpty();
});

test('the search finds what is set of conversations', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=3&n=50&tab=overview');
  const search = page.getByRole('searchbox');
  await search.fill('conversations');
  await expect(page.getByRole('button', { name: 'Chat', exact: true })).toBeVisible();
  await search.fill('rate limit of nothing');
  await expect(page.getByRole('button', { name: 'Chat', exact: true })).toBeHidden();
  await search.fill('');
  await page.getByRole('button', { name: 'Chat', exact: true }).press('Enter');
  await playground.settled();
  for (const query of ['turns', 'think', 'session', 'agent', 'multi-turn']) {
    await search.fill(query);
    await expect(page.locator('.workload-card').getByLabel('Turns', { exact: true })).toBeVisible();
  }
  await search.press('Enter');
  await expect(page.locator('.workload-card').getByLabel('Conversations per second')).toBeFocused();
  await search.fill('sticky');
  await expect(page.locator('#setting-route')).toBeVisible();
  await expect(page.locator('.workload-card')).toBeHidden();
});

test('another seed draws the conversations of a pattern anew', async ({ page, playground }) => {
  await playground.open(`${LINK}&tab=overview`);
  const digest = () => digestOf(new URL(page.url()).hash);
  const before = digest();
  await page.getByRole('button', { name: 'New seed' }).click();
  await expect(page).toHaveURL(/%22seed%22:\d/);
  await playground.settled();
  expect(digest()).not.toBe(before);
  const { seed, workload } = configOf(new URL(page.url()).hash);
  expect(workload.spec?.seed).toBe(seed);
});

test('a livelock is warned of below the headline, whose figures keep their room', async ({ page, playground }) => {
  const [client] = CONVERSATIONS.clients;
  const held = structuredClone({ ...CONVERSATIONS, num_requests: 120, clients: [{ ...client, timeout: 9_000_000 }] });
  held.clients[0].input_distribution.params = { mean: 800, std_dev: 200, min: 8, max: 2000 };
  held.clients[0].output_distribution.params = { mean: 300, min: 2, max: 1500 };
  held.clients[0].reasoning.multi_turn = { max_rounds: 8, think_time_us: 1_000_000, context_growth: 'accumulate' };
  const spec = new URLSearchParams({ spec: JSON.stringify(held) });
  await playground.open(`#v=2&latency=roofline&instances=1&blocks=900&cpublocks=50000&${spec}&tab=overview`);
  await playground.settled();
  const warning = page.locator('#headline .error');
  await expect(warning).toHaveText(/^Livelock: \d+ requests were evicted/);
  const [below, beside] = [await warning.boundingBox(), await page.locator('.headline-beside').boundingBox()];
  expect(beside?.width).toBeGreaterThan(400);
  expect(below?.y).toBeGreaterThan((beside?.y ?? 0) + (beside?.height ?? 0));
  // What is known of unanswered requests has room: three lines at most.
  const detail = page.locator('[data-figure=e2e] .detail');
  await expect(detail).toContainText(/^mean .*; p99 at least .* with unanswered requests$/);
  const lines = await detail.evaluate((each) => each.clientHeight / parseFloat(getComputedStyle(each).lineHeight));
  expect(Math.round(lines)).toBeLessThanOrEqual(3);
});

test('agents start together', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=3&n=50&tab=overview');
  await page.getByRole('button', { name: 'Coding agents' }).click();
  await page.locator('.workload-card').getByLabel('Agents at once').fill('6');
  await page.keyboard.press('Enter');
  await expect(page.locator('#headline .conversation-line')).toContainText('6 conversations:');
  await expect(page).toHaveURL(/population%22:6\D/);
  await playground.settled();
  const { workload } = configOf(new URL(page.url()).hash);
  const result = engine.simulate({ workload });
  const [arrival, round] = [result.column('arrival_us'), result.column('round')];
  const starts = [...arrival.keys()].filter((at) => round[at] === 0).map((at) => arrival[at]);
  result.free();
  expect(starts).toHaveLength(6);
  expect(new Set(starts).size).toBe(1);
});

test('sticky and balanced routing stand side by side after one press', async ({ page, playground }) => {
  await playground.open(`${LINK}&tab=compare`);
  await page.getByRole('button', { name: 'Compare sticky with balanced' }).click();
  const rows = page.locator('.routings tbody tr');
  await expect(page.getByRole('button', { name: 'Compare again' })).toBeVisible();
  await expect(rows).toHaveCount(4);
  const share = async (/** @type {string} */ id) =>
    parseFloat(await page.locator(`[data-routing=${id}] td`).first().innerText());
  expect(await share('sticky')).toBeGreaterThan(await share('round-robin'));
  await expect(page.locator('[data-routing=round-robin]')).toContainText('set now');
  await page.locator('[data-routing=sticky]').getByRole('button', { name: 'Use' }).press('Enter');
  await expect(page).toHaveURL(/route=weighted/);
  await playground.settled();
  await expect(page.locator('[data-routing=sticky]')).toContainText('set now');
  // The button is gone with the press; the keyboard goes on from its place.
  await expect(page.locator('[data-routing=sticky] [data-use]')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('[data-routing=load-first]').getByRole('button', { name: 'Use' })).toBeFocused();
  // Pins compare the figures of conversations, too.
  await page.getByRole('button', { name: 'Pin this run' }).click();
  await expect(page.locator('#panel-compare thead').first()).toContainText('TTFT of later turns');
});

test('on a phone nothing lies beyond the edge, and axe finds nothing', async ({ page, playground }) => {
  await take(page, ['dark', 360]);
  await playground.open(`${LINK}&tab=cluster&request=0`);
  await expect(page.locator('#inspect-turns .turn')).toHaveCount(6);
  expect(await widthOf(page)).toBeLessThanOrEqual(360);
  expect(await violations(page)).toEqual([]);
  await goTo(page, 'Compare');
  await page.getByRole('button', { name: 'Compare sticky with balanced' }).click();
  await expect(page.locator('.routings tbody tr')).toHaveCount(4);
  expect(await widthOf(page)).toBeLessThanOrEqual(360);
  expect(await violations(page)).toEqual([]);
});

test('the CPU tier of every instance is shown, with what a reload does not save', async ({ page, playground }) => {
  const tiered = `${LINK}&blocks=400&cpublocks=1200`;
  const { tiers } = (() => {
    const result = engine.simulate(configOf(tiered));
    const { summary } = result;
    result.free();
    return summary;
  })();
  if (!tiers) throw new Error('no tier');
  await playground.open(`${tiered}&tab=details`);
  const rows = page.locator('.tier-table tbody tr');
  await expect(rows).toHaveCount(3);
  for (const [at, { used, reloads }] of tiers.instances.entries()) {
    await expect(rows.nth(at)).toContainText(`${used.toLocaleString('en')} of 1,200`);
    await expect(rows.nth(at).locator('td').nth(3)).toHaveText(reloads.toLocaleString('en'));
  }
  await expect(page.locator('#tier')).toContainText('saves no computation');
  await expect(page.locator('#tier-map')).toBeVisible();
  await goTo(page, 'Cluster');
  await page.getByText('As a table').click();
  // Both tables are as wide as the page at most: nothing of them is out of sight.
  const tables = page.locator('#cluster-table table');
  await expect(tables).toHaveCount(2);
  await expect(tables.nth(1).locator('thead')).toContainText('Brought back');
  await expect(tables.nth(1).locator('tbody tr')).toHaveCount(3);
  await expect(tables.nth(1).locator('tbody tr').first()).toContainText('of 1,200');
  const room = await page.locator('#cluster-table .scroller').evaluate((box) => box.scrollWidth - box.clientWidth);
  expect(room).toBe(0);
  await playground.open(`${LINK}&tab=details`);
  await expect(page.locator('#conversations')).toBeVisible();
  await expect(page.locator('#tier')).toBeHidden();
});
