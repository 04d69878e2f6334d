import { configOf, engine } from './engine.js';
import { expect, test } from './support.js';

/** A small KV cache, impatient users and a strict gateway: every way in which a request can fare badly. */
const LINK =
  '#v=2&latency=roofline&instances=2&rate=80&n=300&blocks=90&timeout=5&admission=token-bucket&bucket=40000&refill=30000';

/** The states by the name of their place in the engine. */
const STATES = /** @type {const} */ ({
  preempted: 'evicted',
  rejected: 'rejected',
  'timed-out': 'timed_out',
  dropped: 'dropped',
});

/** Requests by place at a time. @param {number} timeUs */
function countsAt(timeUs) {
  const playback = new engine.Playback(configOf(LINK));
  const moment = playback.seek(timeUs);
  const { counts } = moment;
  moment.free();
  playback.free();
  return counts;
}

/** A time at which a request is preempted. */
function whenPreempted() {
  for (let time = 100_000; time < 5_000_000; time += 50_000) if (countsAt(time).evicted > 0) return time;
  throw new Error('no request is preempted in this run');
}

test('rejected, preempted, timed-out and dropped requests are counted, each with its own shape and colour', async ({
  page,
  playground,
}) => {
  await playground.open(`${LINK}&tab=cluster`);
  await page.locator('.cluster[data-settled=true]').waitFor();
  const seen = new Set();
  for (const time of [whenPreempted(), 8_000_000]) {
    await page.locator('#cluster-time').fill(String(time));
    await page.locator(`.cluster[data-settled=true][data-time-us="${time}"]`).waitFor();
    const counts = countsAt(time);
    for (const [state, place] of Object.entries(STATES)) {
      const many = counts[place];
      const entry = page.locator(`.legend-entry[data-state=${state}]`);
      await expect(entry.locator('dd'), `${state} at ${time} µs`).toHaveText(String(many));
      await expect(entry).toBeVisible({ visible: many > 0 });
      if (many > 0) seen.add(state);
    }
  }
  expect([...seen].sort()).toEqual(Object.keys(STATES).sort());
  const looks = await page
    .locator('.legend-entry .mark')
    .evaluateAll((marks) =>
      marks.map((mark) => `${mark.querySelector('path')?.getAttribute('d')} ${getComputedStyle(mark).color}`),
    );
  expect(new Set(looks).size).toBe(looks.length);
});

test(
  'the canvas itself shows who was rejected and who timed out, in the colours of the legend',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(`${LINK}&tab=cluster`);
    await page.locator('.cluster[data-settled=true]').waitFor();
    /** How many pixels of the picture are about of a state's colour. @param {string} state */
    const pixels = (state) =>
      page.evaluate((name) => {
        const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('#cluster-picture'));
        const text = getComputedStyle(canvas).getPropertyValue(`--state-${name}`).trim();
        const wanted = [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
        // A copy, because reading the picture itself again and again would make the browser complain.
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
        if (!copy) throw new Error('there is no canvas to read from');
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        let many = 0;
        for (let i = 0; i < data.length; i += 4)
          if (data[i + 3] > 200 && wanted.every((value, part) => Math.abs(data[i + part] - value) < 12)) many += 1;
        return many;
      }, state);
    const show = async (/** @type {number} */ time) => {
      await page.locator('#cluster-time').fill(String(time));
      await page.locator(`.cluster[data-settled=true][data-time-us="${time}"]`).waitFor();
    };
    await show(0);
    for (const state of ['rejected', 'timed-out', 'preempted']) expect(await pixels(state), state).toBe(0);
    await show(whenPreempted());
    expect(await pixels('preempted')).toBeGreaterThan(5);
    await show(8_000_000);
    for (const state of ['rejected', 'timed-out']) expect(await pixels(state), state).toBeGreaterThan(5);
  },
);

test('a request that was preempted before its first token is not shown in prefill all the time', async ({
  page,
  playground,
}) => {
  const link = '#v=2&latency=roofline&instances=4&rate=60&n=300&blocks=1500&tab=cluster';
  const result = engine.simulate(configOf(link));
  const [preemptions, first, ttft, arrival, last] = /** @type {const} */ ([
    'preemptions',
    'first_scheduled_us',
    'ttft_us',
    'arrival_us',
    'last_scheduled_us',
  ]).map((name) => result.column(name));
  result.free();
  const request = preemptions.findIndex(
    (times, i) => times > 0 && last[i] > first[i] && arrival[i] + ttft[i] > last[i],
  );
  expect(request).toBeGreaterThanOrEqual(0);
  await playground.open(`${link}&request=${request}`);
  await page.getByText('What it went through', { exact: true }).click();
  const phases = page.locator('.life-table tbody th');
  await expect(phases.filter({ hasText: 'preempted' }).first()).toBeVisible();
  await expect(page.locator('.life-line .life-bar.state-preempted').first()).toBeAttached();
  await expect(phases.filter({ hasText: 'prefill' })).not.toHaveCount(0);
});

test('at 1280×800 the inspector stands below the picture without scrolling the page', async ({ page, playground }) => {
  await playground.open(
    '#v=2&latency=roofline&instances=4&rate=60&n=300&route=weighted&blocks=1500&tab=cluster&request=200',
  );
  await expect(page.locator('.candidates tbody tr')).toHaveCount(4);
  for (const part of ['#cluster-picture', '#inspect-title', '#inspect-wait'])
    await expect(page.locator(part)).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => scrollY)).toBe(0);
});
