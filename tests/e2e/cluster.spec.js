import { LOOKS, take, violations, widthOf } from './axe.js';
import { configOf, engine } from './engine.js';
import { expect, goTo, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** Four instances with little memory: queues, prefill, decode and preemptions. */
const LINK = '#v=2&latency=roofline&instances=4&rate=60&n=300&blocks=1500&tab=cluster';

/** @param {Page} page */
const settled = (page) => page.locator('.cluster[data-settled=true]').waitFor();

/** @param {Page} page */
const timeOf = async (page) => Number(await page.locator('.cluster').getAttribute('data-time-us'));

/** The time of the scrubber, also while it moves. @param {Page} page */
const shownTime = async (page) => Number(await page.locator('#cluster-time').inputValue());

/** @param {Page} page */
const rowsOf = async (page) => {
  const rows = page.locator('#cluster-table tbody tr');
  // They come when the table is first opened.
  await rows.first().waitFor();
  return rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
};

const group = (/** @type {number} */ value) => value.toLocaleString('en');

/**
 * What the table has to say at a time, asked of the engine itself.
 * @param {string} link
 * @param {number} timeUs
 */
function expectedRows(link, timeUs) {
  const config = configOf(link);
  const playback = new engine.Playback(config);
  const moment = playback.seek(timeUs);
  const slots = config.instance?.max_num_running_reqs;
  const budget = group(config.instance?.max_num_scheduled_tokens ?? NaN);
  const names = {
    step_budget: 'step budget',
    slots: 'slots',
    kv_blocks: 'KV blocks',
    step_under_way: 'step under way',
  };
  const columns = ['waiting', 'prefill', 'decode', 'usedBlocks', 'inFlight', 'evictions', 'completed', 'stepTokens'];
  const rows = Array.from({ length: moment.instanceCount }, (_unused, at) => {
    const own = columns.map((name) => /** @type {any} */ (moment)[name][at]);
    const [waiting, prefill, decode, used, inFlight, evictions, completed, tokens] = own;
    const step = `${group(tokens)} of ${budget}`;
    const limit = moment.limits[at];
    const waits = waiting > 0 && limit !== null ? names[limit] : '–';
    const full = `${Math.round((100 * used) / playback.kvBlocks)}%`;
    const batch = `${prefill + decode} of ${slots}`;
    const blocks = `${group(used)} of ${group(playback.kvBlocks)}`;
    const way = inFlight - waiting - prefill - decode;
    return [at, waiting, prefill, decode, step, batch, blocks, full, waits, way, evictions, completed].map(String);
  });
  moment.free();
  playback.free();
  return rows;
}

/** @param {string} link */
function endOf(link) {
  const result = engine.simulate(configOf(link));
  const end = Math.round(result.summary.simulated_s * 1e6);
  result.free();
  return end;
}

/**
 * @param {Page} page
 * @param {number} timeUs
 */
async function seek(page, timeUs) {
  await page.locator('#cluster-time').fill(String(timeUs));
  await expect(page.locator(`.cluster[data-settled=true][data-time-us="${timeUs}"]`)).toBeVisible();
}

test('the table at any time is the state of the simulation at that time, forwards and backwards', async ({
  page,
  playground,
}) => {
  await playground.open(LINK);
  await settled(page);
  await page.locator('#cluster-table > summary').click();
  const end = endOf(LINK);
  for (const share of [0.2, 0.35, 0.5, 0.9, 0.1, 1, 0]) {
    const time = Math.round(end * share);
    await seek(page, time);
    expect(await rowsOf(page), `at ${time} µs`).toEqual(expectedRows(LINK, time));
  }
});

test('the counters add up to all requests at every time', async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  for (const time of [0, 2_000_000, 9_000_000]) {
    await seek(page, time);
    const numbers = await page.locator('.legend-entry dd').allInnerTexts();
    expect(numbers.reduce((sum, text) => sum + Number(text || 0), 0)).toBe(300);
  }
});

test('a step goes to the next event, as the engine names it', async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  await seek(page, 1_000_000);
  const playback = new engine.Playback(configOf(LINK));
  playback.seek(1_000_000).free();
  for (let i = 0; i < 3; i += 1) {
    const next = playback.nextEvent() ?? NaN;
    await page.getByRole('button', { name: 'To the next event' }).click();
    await expect.poll(() => timeOf(page)).toBe(next);
    playback.seek(next).free();
  }
  playback.free();
});

test(
  'play moves time, what it stops at is exact, and it is announced then',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(LINK);
    await settled(page);
    await page.locator('#cluster-table > summary').click();
    await seek(page, 1_000_000);
    await page.getByRole('button', { name: 'Play' }).click();
    await expect(page.locator('#cluster-live')).toBeEmpty();
    await expect.poll(() => shownTime(page)).toBeGreaterThan(1_100_000);
    await page.getByRole('button', { name: 'Pause' }).click();
    await settled(page);
    const time = await timeOf(page);
    expect(time).toBeGreaterThan(1_100_000);
    expect(await rowsOf(page)).toEqual(expectedRows(LINK, time));
    await expect(page.locator('#cluster-live')).toContainText(`At ${(time / 1e6).toFixed(3)} s:`);
  },
);

test('speed reaches from slow motion to a thousand times', async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  await seek(page, 1_000_000);
  const speed = page.locator('#cluster-speed');
  await speed.focus();
  await page.keyboard.press('Home');
  await expect(page.locator('.cluster-speed-text')).toHaveText('0.01×');
  await page.keyboard.press('Space');
  await expect.poll(() => shownTime(page)).toBeGreaterThan(1_000_000);
  await page.keyboard.press('Space');
  await settled(page);
  const slow = (await timeOf(page)) - 1_000_000;
  expect(slow).toBeGreaterThan(0);
  expect(slow).toBeLessThan(100_000);
  await page.keyboard.press('End');
  await expect(page.locator('.cluster-speed-text')).toHaveText('1,000×');
  await page.keyboard.press('Space');
  await expect.poll(() => timeOf(page)).toBe(endOf(LINK));
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test(
  'under reduced motion a press plays two pictures a second, and words say so',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await playground.open(LINK);
    await settled(page);
    await seek(page, 1_000_000);
    await expect(page.locator('.cluster-calm')).toBeVisible();
    await page.getByRole('button', { name: 'Play' }).click();
    // Time that plays moves with every frame.
    const seen = await page.evaluate(async () => {
      const line = /** @type {HTMLInputElement} */ (document.querySelector('#cluster-time'));
      const values = new Set();
      while (Number(line.value) < 2_000_000) {
        values.add(Number(line.value));
        await new Promise((drawn) => requestAnimationFrame(drawn));
      }
      return [...values];
    });
    expect(seen).toEqual([1_000_000, 1_500_000]);
    await page.getByRole('button', { name: 'Pause' }).click();
    await settled(page);
  },
);

test('the play stops when another view is chosen', async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  await seek(page, 0);
  await page.getByRole('button', { name: 'Play' }).click();
  await goTo(page, 'Overview');
  await goTo(page, 'Cluster');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test(
  'the play stops when the page is hidden, and when less motion is asked for',
  { tag: '@chromium' },
  async ({ page, playground }) => {
    await playground.open(LINK);
    await settled(page);
    await seek(page, 0);
    await page.getByRole('button', { name: 'Play' }).click();
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await expect(page.getByRole('button', { name: 'Play' })).toBeEnabled();
    await page.getByRole('button', { name: 'Play' }).click();
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  },
);

test('keys jump, scrub, choose an instance and a request, and inspect it', async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  const line = page.locator('#cluster-time');
  await line.focus();
  await page.keyboard.press('End');
  await expect.poll(() => timeOf(page)).toBe(endOf(LINK));
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => timeOf(page)).toBe(Math.round(endOf(LINK) * (1 - 1 / 200)));
  await page.keyboard.press('Home');
  await expect.poll(() => timeOf(page)).toBe(0);
  await seek(page, 4_000_000);
  const picture = page.locator('#cluster-picture');
  const readout = page.locator('#cluster-readout');
  await picture.focus();
  await expect(readout).toContainText('Instance 0:');
  await page.keyboard.press('ArrowRight');
  await expect(readout).toContainText('Instance 1:');
  await page.keyboard.press('Enter');
  await expect(readout).toContainText('in the queue of instance 1');
  await page.keyboard.press('End');
  await expect(readout).toContainText('in the batch of instance 1');
  const request = (await readout.innerText()).match(/Request (\d+)/)?.[1] ?? '';
  await page.keyboard.press('Enter');
  await expect(page.locator('#inspect-request')).toHaveValue(request);
  await expect(page.locator('.life-sentence')).toContainText(`Request ${request}:`);
  await expect(page).toHaveURL(new RegExp(`&request=${request}$`));
});

test('the pointer inspects the request that it clicks', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  await seek(page, 4_000_000);
  const box = await page.locator('#cluster-picture').boundingBox();
  if (!box) throw new Error('the picture has no place');
  const playback = new engine.Playback(configOf(LINK));
  const moment = playback.seek(4_000_000);
  const somewhere = [0, 1, 2, 3].flatMap((at) => [...moment.queue(at)]);
  moment.free();
  playback.free();
  for (let x = 140; x < box.width && (await page.locator('.life-sentence').count()) === 0; x += 12)
    await page.mouse.click(box.x + x, box.y + 45);
  const words = await page.locator('.life-sentence').innerText();
  expect(somewhere).toContain(Number(words.match(/Request (\d+)/)?.[1]));
});

test('workers that have nothing to do are released, and the picture goes on afterwards', async ({
  page,
  playground,
}) => {
  await page.clock.install();
  await playground.open(LINK);
  await settled(page);
  await page.locator('#cluster-table > summary').click();
  await page.locator('#inspect-worst option').nth(1).waitFor({ state: 'attached' });
  expect(page.workers().length).toBeGreaterThan(2);
  // The page's own runs keep theirs. One that was at work at first is released the next time.
  const workersLater = async () => {
    await page.clock.fastForward(30_000);
    return page.workers().length;
  };
  await expect.poll(workersLater).toBe(1);
  await seek(page, 2_000_000);
  expect(await rowsOf(page)).toEqual(expectedRows(LINK, 2_000_000));
  await page.locator('#inspect-request').fill('7');
  await page.locator('#inspect-request').press('Enter');
  await expect(page.locator('.life-sentence')).toContainText('Request 7');
});

test('another setting shows another run at the same time', async ({ page, playground }) => {
  await playground.open(LINK);
  await settled(page);
  await page.locator('#cluster-table > summary').click();
  await seek(page, 3_000_000);
  await page.locator('#setting-instances').fill('6');
  await page.locator('#setting-instances').press('Enter');
  await expect(page.locator('#cluster-table tbody tr')).toHaveCount(6);
  await settled(page);
  expect(await rowsOf(page)).toEqual(expectedRows(LINK.replace('instances=4', 'instances=6'), 3_000_000));
});

for (const look of LOOKS) {
  test(`axe finds nothing in ${look.join(' at ')} px, and nothing is too wide`, async ({ page, playground }) => {
    await take(page, look);
    await playground.open(`${LINK}&request=200`);
    await settled(page);
    await page.locator('#cluster-table > summary').click();
    await page.locator('.transport .question').click();
    const fork = page.locator('[data-fork]').first();
    await fork.click();
    await page.locator('.fork-answer:not(:empty)').first().waitFor();
    for (const fold of await page.locator('.inspector-more > summary').all()) await fold.click();
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(look[1]);
  });
}
