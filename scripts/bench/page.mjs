// Times of the page in the browser: loading, a slider's move, the sweep.

/** @import {Browser, Page} from '@playwright/test' */

/** Instance counts and seeds of the opening sweep. */
const COUNTS = Array.from({ length: 12 }, (_, i) => i + 1);
const SEEDS = Array.from({ length: 20 }, (_, i) => 42 + i);

const WORKERS = 2;
const REPEATS = 3;

/**
 * Every count with every seed, spread over two of the page's own workers.
 * @param {Browser} browser
 * @param {string} address any address of the page's origin
 * @param {string} folder where the page's modules are
 * @param {any} config the opening story
 * @returns {Promise<{first: number[], all: number[]}>} ms from the start to the first and to the last point
 */
export async function measureGrid(browser, address, folder, config) {
  const page = await browser.newPage();
  await page.goto(address);
  const measured = await page.evaluate(async ([folder, config, counts, seeds, workers, repeats]) => {
    const [{ EngineClient }, engine] = await Promise.all([
      import(`${folder}/engine/client.js`),
      import(`${folder}/pkg/blis_playground.js`),
    ]);
    await engine.default();
    const whole = engine.configFromPairs([]).config;
    for (const group of Object.keys(config)) whole[group] = { ...whole[group], ...config[group] };
    const clients = Array.from({ length: workers }, () => new EngineClient());
    await Promise.all(clients.map((client) => client.describe()));
    /** @type {{first: number[], all: number[]}} */
    const measured = { first: [], all: [] };
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const tasks = seeds.flatMap((seed) => counts.map((instances) => ({ instances, seed })));
      const start = performance.now();
      let first = 0;
      const work = async (/** @type {any} */ client) => {
        for (let task = tasks.shift(); task; task = tasks.shift()) {
          await client.ttftP99({
            ...whole,
            seed: task.seed,
            cluster: { ...whole.cluster, num_instances: task.instances },
          });
          first ||= performance.now() - start;
        }
      };
      await Promise.all(clients.map(work));
      measured.first.push(first);
      measured.all.push(performance.now() - start);
    }
    return measured;
  }, /** @type {[string, any, number[], number[], number, number]} */ ([folder, config, COUNTS, SEEDS, WORKERS, REPEATS]));
  await page.close();
  return measured;
}

/** Notes when the page's script starts, what it asks of its workers, and when canvases are drawn. */
function instrument() {
  /** @type {any} */
  const notes = { script: 0, runs: [], draws: [] };
  Object.assign(globalThis, { notes });
  const { matchMedia } = globalThis;
  globalThis.matchMedia = (query) => {
    // The first thing that the page's own script does.
    notes.script ||= performance.now();
    return matchMedia.call(globalThis, query);
  };
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function post(/** @type {any} */ message, /** @type {any} */ ...rest) {
    if (message.operation === 'run') notes.runs.push(performance.now());
    return postMessage.call(this, message, ...rest);
  };
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function clear(...area) {
    notes.draws.push({ chart: this.canvas.closest('figure')?.id, at: performance.now() });
    return clearRect.apply(this, area);
  };
}

/**
 * Moves a slider and waits until all is drawn.
 * @param {Page} page
 * @param {string} key of the setting
 * @param {number} position of the slider
 * @returns {Promise<(chart: string) => number[]>} when a chart was drawn, ms after the input event
 */
async function moveSlider(page, key, position) {
  const start = await page.evaluate(([key, position]) => {
    /** @type {any} */ (globalThis).notes.draws = [];
    const slider = /** @type {HTMLInputElement} */ (document.getElementById(`setting-${key}-slider`));
    slider.value = String(position);
    const start = performance.now();
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    return start;
  }, /** @type {[string, number]} */ ([key, position]));
  await page.waitForFunction(() => {
    const { draws } = /** @type {any} */ (globalThis).notes;
    return document.body.dataset.busy === 'false' && draws.some((/** @type {any} */ draw) => draw.chart === 'ttft');
  });
  /** @type {{chart: string, at: number}[]} */
  const draws = await page.evaluate(() => /** @type {any} */ (globalThis).notes.draws);
  return (id) => draws.filter(({ chart }) => chart === id).map(({ at }) => at - start);
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
  const note = (/** @type {string} */ what, /** @type {number} */ ms) => (measured[what] ??= []).push(ms);
  for (let round = 0; round < rounds; round += 1) {
    const page = await browser.newPage();
    await page.addInitScript(instrument);
    await page.goto(address);
    await page.locator('body[data-busy=false]').waitFor();
    const notes = await page.evaluate(() => /** @type {any} */ (globalThis).notes);
    note('script to first simulation', notes.runs[0] - notes.script);
    // The sweep is over all instance counts: another one needs no new sweep.
    for (const instances of [8, 5, 11, 6]) {
      const drawn = await moveSlider(page, 'instances', instances);
      note('slider input (instances) to redrawn chart', drawn('ttft')[0]);
    }
    const rate = Number(await page.locator('#setting-rate-slider').inputValue());
    for (const change of [10, -10, 20]) {
      const sweep = (await moveSlider(page, 'rate', rate + change))('sweep');
      // Drawn for the new settings, for the start of the sweep, then for every point.
      note('slider input (rate) to the first point of the sweep', sweep[2]);
      note('slider input (rate) to its last point', sweep[sweep.length - 1]);
    }
    await page.close();
  }
  return measured;
}
