// Times of the page in the browser: the Story's first figure and the frames of its play; and in Explore loading, a slider's
// move, the sweep. The page itself notes when it has drawn what, as performance marks; here they are only collected.

import { openingPairs } from '../../web/address/opening.js';
import { formatHash } from '../../web/address/url.js';

/** @import {Browser, Page} from '@playwright/test' */

/** @typedef {{name: string, at: number, detail: any}} Mark */

/** Collects all marks: the page keeps only the latest of a name. */
function collectMarks() {
  /** @type {Mark[]} */
  const marks = [];
  Object.assign(globalThis, { marks });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      marks.push({ name: entry.name, at: entry.startTime, detail: /** @type {PerformanceMark} */ (entry).detail });
    }
  }).observe({ type: 'mark', buffered: true });
}

/**
 * What the page has noted once the sweep is there.
 * @param {Page} page
 * @returns {Promise<Mark[]>}
 */
async function marksOf(page) {
  await page.waitForFunction(() => {
    const { marks } = /** @type {any} */ (globalThis);
    const last = marks.findLast((/** @type {Mark} */ { name }) => name === 'drawn-sweep');
    return document.body.dataset.busy === 'false' && last?.detail.finished === last?.detail.planned;
  });
  // The observer hears of a mark a moment later.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
  return page.evaluate(() => /** @type {any} */ (globalThis).marks);
}

/**
 * When the chart first shows another run than this one. It is also drawn for other reasons, and without a run.
 * @param {Mark[]} marks
 * @param {string|null} [shown] digest of the run
 * @param {string} [chart]
 */
const runDrawn = (marks, shown = null, chart = 'ttft') =>
  marks.find(({ name, detail }) => name === `drawn-${chart}` && detail.run !== null && detail.run !== shown)?.at;

/** Notes how long each frame is shown while the picture of the cluster plays, as long as the page asks for frames. */
function collectFrames() {
  /** @type {number[]} */
  const frames = [];
  Object.assign(globalThis, { frames });
  let last = NaN;
  requestAnimationFrame(function frame(now) {
    const playing = document.getElementById('cluster-play')?.textContent === 'Pause';
    if (playing && !Number.isNaN(last)) frames.push(now - last);
    last = playing ? now : NaN;
    requestAnimationFrame(frame);
  });
}

/**
 * The value below which a share of all lies.
 * @param {number[]} values
 * @param {number} share
 */
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1];

/**
 * Moves a slider and waits until the run and the sweep are drawn.
 * @param {Page} page
 * @param {string} key of the setting
 * @param {number} position of the slider
 * @returns {Promise<{marks: Mark[], redrawn: number|undefined}>} what the page has drawn since, and when the new run, in ms
 *   after the input event
 */
async function moveSlider(page, key, position) {
  const [start, shown] = await page.evaluate(([key, position]) => {
    const { marks } = /** @type {any} */ (globalThis);
    const shown = marks.findLast((/** @type {Mark} */ { name }) => name === 'drawn-ttft').detail.run;
    const slider = /** @type {HTMLInputElement} */ (document.getElementById(`setting-${key}-slider`));
    slider.value = String(position);
    const start = performance.now();
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    return [start, shown];
  }, /** @type {[string, number]} */ ([key, position]));
  await page.waitForFunction((shown) => {
    const { marks } = /** @type {any} */ (globalThis);
    const drawn = marks.findLast((/** @type {Mark} */ { name }) => name === 'drawn-ttft').detail.run;
    return drawn !== null && drawn !== shown;
  }, shown);
  const all = await marksOf(page);
  const marks = all.filter(({ at }) => at > start).map((mark) => ({ ...mark, at: mark.at - start }));
  return { marks, redrawn: runDrawn(marks, shown) };
}

/**
 * The page is left alone for so long while it loads, and the browser before that: every question takes processor time from
 * what is measured.
 */
const UNDISTURBED_MS = 1500;

/** Positions of the two sliders, one after the other: none of them is where the slider was. */
const INSTANCES = [8, 5, 9, 6, 7, 2];
const RATE_CHANGES = [10, -10, 20, 30, -20];

/**
 * The bare address: until the figure of the Story is there, and while the arrivals play.
 * @param {Browser} browser
 * @param {string} address of the page
 * @returns {Promise<{figure: number|undefined, frames: number[]}>} in ms
 */
async function measureStory(browser, address) {
  const page = await browser.newPage();
  await page.addInitScript(collectMarks);
  await page.addInitScript(collectFrames);
  await new Promise((done) => setTimeout(done, UNDISTURBED_MS));
  await page.goto(address, { waitUntil: 'commit' });
  await new Promise((done) => setTimeout(done, UNDISTURBED_MS));
  await page.locator('#story-cluster .cluster[data-settled=true]').waitFor();
  const { marks, frames } = await page.evaluate(() => {
    const noted = /** @type {any} */ (globalThis);
    return { marks: noted.marks, frames: noted.frames };
  });
  await page.close();
  return { figure: runDrawn(marks, null, 'story'), frames };
}

/**
 * @param {Browser} browser
 * @param {string} address of the page
 * @param {number} rounds
 * @returns {Promise<Record<string, number[]>>} what was measured, in ms
 */
export async function measurePage(browser, address, rounds) {
  /** @type {Record<string, number[]>} */
  const measured = {};
  const note = (/** @type {string} */ what, /** @type {number|undefined} */ ms) => {
    if (ms === undefined) throw new Error(`the page has not noted: ${what}`);
    (measured[what] ??= []).push(ms);
  };
  for (let round = 0; round < rounds; round += 1) {
    const { figure, frames } = await measureStory(browser, address);
    note('navigation to the first figure of the Story', figure);
    note('frame of the opening play, median of a visit', quantile(frames, 0.5));
    note('frame of the opening play, 99th percentile of a visit', quantile(frames, 0.99));
    const page = await browser.newPage();
    await page.addInitScript(collectMarks);
    await new Promise((done) => setTimeout(done, UNDISTURBED_MS));
    await page.goto(address + formatHash(openingPairs()), { waitUntil: 'commit' });
    await new Promise((done) => setTimeout(done, UNDISTURBED_MS));
    const loaded = await marksOf(page);
    const first = (/** @type {string} */ name) => loaded.find((mark) => mark.name === name)?.at ?? NaN;
    note('script to first simulation', first('simulation') - first('start'));
    note('navigation to first result drawn', runDrawn(loaded));
    // The sweep is over all instance counts: another one needs no new sweep.
    for (const instances of INSTANCES) {
      const { redrawn } = await moveSlider(page, 'instances', instances);
      note('slider (instances): input to redrawn chart', redrawn);
    }
    const rate = Number(await page.locator('#setting-rate-slider').inputValue());
    for (const change of RATE_CHANGES) {
      const { marks, redrawn } = await moveSlider(page, 'rate', rate + change);
      const sweeps = marks.filter(({ name }) => name === 'drawn-sweep');
      note('slider (rate): input to redrawn chart', redrawn);
      // The first drawings still show the sweep of the former settings, or none of this one's points.
      const begun = sweeps.findLastIndex(({ detail }) => detail.finished === 0);
      note('sweep of 16 counts × 20 seeds: input to first point drawn', sweeps[begun + 1]?.at);
      note('sweep of 16 counts × 20 seeds: input to last point drawn', sweeps.at(-1)?.at);
      note('drawings of the sweep (not ms)', sweeps.length);
    }
    await page.close();
  }
  return measured;
}
