// Measures the performance table: `make bench`. Native runs and runs in headless Chromium alternate, so that whatever
// else the machine does meets both; of all repeats the least and the median are printed, as Markdown.
// Without arguments everything is measured; else the named parts: runs, processes, floor, traffic, page.

import { chromium } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { measurePage } from './bench/page.mjs';
import { measureTraffic } from './bench/traffic.mjs';
import { BROWSER_ARGUMENTS, findProgram } from './browser.mjs';
import { serve } from './serve.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
const MEASURE = join(TARGET, 'release/examples/measure');
const ONE_SCENARIO = join(TARGET, 'release/examples/one_scenario');
const BLIS = join(TARGET, 'release/blis');
const ROUNDS = Number(process.env.ROUNDS ?? 4);

/**
 * Repeats per round by the number of requests: short runs are not to be measured by a single one, and the browser has to
 * have seen the shortest often before its optimised code is what runs.
 */
const REPEATS = [
  { upTo: 2_000, repeats: 100 },
  { upTo: 200_000, repeats: 8 },
  { upTo: Infinity, repeats: 1 },
];

/** Scenarios whose whole process is measured. */
const PROCESSES = [
  'quick',
  'large',
  'million',
  'million-overload',
  'reference-quick',
  'reference-large',
  'reference-million',
];

/** @typedef {{name: string, title: string, config: any}} Scenario */
/** @typedef {{least: number, median: number}} Times */

/**
 * @param {number[]} ms
 * @returns {Times}
 */
function times(ms) {
  const sorted = [...ms].sort((a, b) => a - b);
  return { least: sorted[0], median: sorted[Math.floor(sorted.length / 2)] };
}

/** @param {number} ms */
const milliseconds = (ms) => (ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0));

/** @param {Times} of */
const both = ({ least, median }) => `${milliseconds(least)} (${milliseconds(median)})`;

/** @param {string[]} args */
const measure = (...args) => JSON.parse(execFileSync(MEASURE, args, { encoding: 'utf8' }));

/**
 * Peak memory in MiB and processor time in s of a whole process, as GNU time reports them.
 * @param {string[]} args
 */
function resources(args) {
  const command = ['-f', '%M %U %S', BLIS, 'run', ...args];
  const said = execFileSync('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1 >/dev/null', '/usr/bin/time', ...command]);
  const [kibibytes, user, system] = (said.toString().trim().split('\n').pop() ?? '').split(' ').map(Number);
  return { mebibytes: kibibytes / 1024, seconds: user + system };
}

/**
 * Runs in the browser, in ms.
 * @param {import('@playwright/test').Page} page a page of the server's origin
 * @param {string} module address of the engine's JavaScript
 * @param {any} config
 * @param {number} repeats
 * @returns {Promise<number[]>}
 */
function runInBrowser(page, module, config, repeats) {
  return page.evaluate(async ([module, config, repeats]) => {
    const engine = await import(module);
    await engine.default();
    const ms = [];
    for (let i = 0; i < repeats; i += 1) {
      const start = performance.now();
      const result = engine.simulate(config);
      ms.push(performance.now() - start);
      result.free();
    }
    return ms;
  }, /** @type {[string, any, number]} */ ([module, config, repeats]));
}

/**
 * A row per scenario, native and wasm.
 * @param {Scenario[]} scenarios
 * @param {import('@playwright/test').Page} page
 * @param {string} module
 */
async function measureScenarios(scenarios, page, module) {
  const rows = new Map();
  for (const { name, title, config } of scenarios) {
    const requests = config.workload.num_requests ?? 0;
    const repeats = REPEATS.find(({ upTo }) => requests <= upTo)?.repeats ?? 1;
    /** @type {number[]} */
    const native = [];
    /** @type {number[]} */
    const wasm = [];
    let facts = { steps: 0 };
    for (let round = 0; round < (repeats === 1 ? Math.min(ROUNDS, 2) : ROUNDS); round += 1) {
      const { ms, ...others } = measure(name, String(repeats));
      native.push(...ms);
      facts = others;
      wasm.push(...(await runInBrowser(page, module, config, repeats)));
    }
    rows.set(name, { title, ...facts, native: times(native), wasm: times(wasm) });
    console.error(`measured: ${title}`);
  }
  return rows;
}

/** @param {Map<string, any>} rows */
function printScenarios(rows) {
  const plain = rows.get('plain');
  const perStep = (/** @type {any} */ row) => (row.native.least / row.steps) * 1e6;
  console.log(
    '| run | steps | native, ms | ns per step | of plain, per run | of plain, per step | wasm, ms | wasm : native |',
  );
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|');
  for (const row of rows.values()) {
    const cells = [
      row.title,
      row.steps,
      both(row.native),
      perStep(row).toFixed(0),
      (row.native.least / plain.native.least).toFixed(2),
      (perStep(row) / perStep(plain)).toFixed(2),
      both(row.wasm),
      (row.wasm.least / row.native.least).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** Whole processes of the command line. */
function printProcesses() {
  console.log('\n| whole process of `blis run` | ms | processor s | peak MiB |');
  console.log('|---|--:|--:|--:|');
  for (const name of PROCESSES) {
    const { ms, arguments: args } = measure(name, name.includes('million') ? '2' : '12', BLIS);
    const { mebibytes, seconds } = resources(args);
    console.log(`| ${name} | ${both(times(ms))} | ${seconds.toFixed(2)} | ${mebibytes.toFixed(1)} |`);
  }
}

/** The opening at 16 instance counts with 15 seeds, by `blis sweep` on one thread and on two, in turns. */
function printThreads() {
  const flags = '--model qwen/qwen3-14b --hardware H100 --tp 1 --latency-model roofline --rate 200 --num-requests 1000';
  const grid = '--vary num-instances=1..16 --seeds 15 --log error';
  /** @type {number[][]} */
  const [one, two] = [[], []];
  for (let round = 0; round < 5 * ROUNDS; round += 1) {
    for (const [threads, all] of /** @type {[string, number[]][]} */ ([
      ['1', one],
      ['2', two],
    ])) {
      const start = performance.now();
      execFileSync(BLIS, ['sweep', ...`${flags} ${grid}`.split(' '), '--threads', threads], { stdio: 'ignore' });
      all.push(performance.now() - start);
    }
  }
  const ratio = Math.min(...two) / Math.min(...one);
  console.log(
    `\n240 runs by blis sweep: one thread ${both(times(one))} ms, two ${both(times(two))} ms: ratio ${ratio.toFixed(2)}`,
  );
}

function printFloor() {
  /** @type {number[]} */
  const floor = [];
  /** @type {number[]} */
  const columns = [];
  /** @type {number[]} */
  const large = [];
  /** @type {number[]} */
  const alone = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { ms, columns: written } = measure('floor', '8');
    floor.push(...ms);
    columns.push(...written);
    large.push(...measure('large', '6').ms);
    alone.push(...JSON.parse(execFileSync(ONE_SCENARIO, ['6'], { encoding: 'utf8' })).ms);
  }
  const ratio = Math.min(...large) / Math.min(...floor);
  console.log(
    `\nFloor of 12 × 100,000: ${both(times(floor))} ms, the run ${both(times(large))} ms: ratio ${ratio.toFixed(2)}`,
  );
  console.log(`Writing the columns that a run leaves, which the floor does not: ${both(times(columns))} ms`);
  console.log(`A loop for this scenario alone, with the same results: ${both(times(alone))} ms`);
  console.log(`Opening sweep, native, one thread: ${both(times(measure('sweep', '4').ms))} ms`);
}

/**
 * An hour of requests with hash ids, natively and in the browser.
 * @param {import('@playwright/test').Page} page a page of the server's origin
 * @param {string} module address of the engine's JavaScript
 */
async function printTraffic(page, module) {
  const native = measure('mooncake', String(3 * ROUNDS));
  console.log(`\nAn hour of prompts with hash ids, ${native.requests} requests, ${native.bytes} bytes`);
  console.log(
    `Native: reading ${both(times(native.parse))} ms, serving ${both(times(native.ms))} ms, both ${both(times(native.both))} ms`,
  );
  const text = execFileSync(MEASURE, ['mooncake-text'], { encoding: 'utf8', maxBuffer: 1e8 });
  for (const [part, ms] of Object.entries(await measureTraffic(page, module, text, 3 * ROUNDS)))
    console.log(`In the browser, ${part}: ${both(times(ms))} ms, the first ${milliseconds(ms[0])} ms`);
}

/** @param {string} dist */
function engineFolder(dist) {
  const app = readdirSync(dist).find((name) => name.startsWith('app-'));
  if (!app) throw new Error(`${dist} holds no built page: run scripts/build.sh`);
  return app;
}

/** @param {string} part */
const wanted = (part) => process.argv.length === 2 || process.argv.includes(part);

const scenarios = /** @type {Scenario[]} */ (
  JSON.parse(readFileSync(join(ROOT, 'benches/scenarios/scenarios.json'), 'utf8'))
);
const dist = join(ROOT, 'dist');
const app = engineFolder(dist);
const module = readFileSync(join(dist, app, 'pkg/blis_playground_bg.wasm'));
const server = await serve({ folder: dist });
const browser = await chromium.launch({ executablePath: findProgram('browser'), args: BROWSER_ARGUMENTS });
try {
  console.log(
    `Machine: ${cpus()[0].model.trim()}, ${cpus().length} cores; Chromium ${browser.version()}; least (median) of repeats\n`,
  );
  const page = await browser.newPage();
  // Any address of the origin does; this one has no content.
  await page.goto(`${server.address}nothing`);
  if (wanted('runs')) printScenarios(await measureScenarios(scenarios, page, `/${app}/pkg/blis_playground.js`));
  if (wanted('processes')) {
    printProcesses();
    printThreads();
  }
  if (wanted('floor')) printFloor();
  if (wanted('traffic')) await printTraffic(page, `/${app}/pkg/blis_playground.js`);
  if (wanted('page')) {
    console.log(`Module: ${module.length} bytes, ${gzipSync(module, { level: 9 }).length} gzipped`);
    for (const [what, ms] of Object.entries(await measurePage(browser, server.address, ROUNDS))) {
      console.log(`Page, ${what}: ${both(times(ms))} ms`);
    }
  }
} finally {
  await browser.close();
  await server.close();
}
