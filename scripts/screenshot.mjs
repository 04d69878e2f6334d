// Takes pictures of the built page: docs/screenshot.png for the README, and shots/ for inspection.

import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { BROWSER_ARGUMENTS, findProgram } from './browser.mjs';
import { serve } from './serve.mjs';

/** @import {Page} from '@playwright/test' */

/**
 * @typedef {object} Shot
 * @property {string} file
 * @property {number} width
 * @property {number} height
 * @property {'light'|'dark'} [scheme]
 * @property {boolean} [fullPage]
 * @property {string} [hash]
 * @property {(page: Page) => Promise<void>} [act] before the picture is taken
 */

/** @param {Page} page */
const clusterSettled = (page) => page.locator('.cluster[data-settled=true]').waitFor();

/** @type {Shot[]} */
const SHOTS = [
  { file: 'docs/screenshot.png', width: 1280, height: 800, act: (page) => clusterSettled(page) },
  { file: 'shots/desktop-dark.png', width: 1280, height: 800, scheme: 'dark', act: clusterSettled },
  { file: 'shots/desktop-whole.png', width: 1280, height: 800, fullPage: true },
  { file: 'shots/projector.png', width: 1920, height: 1080, act: clusterSettled },
  { file: 'shots/tablet.png', width: 820, height: 1180, fullPage: true },
  { file: 'shots/phone.png', width: 360, height: 780, fullPage: true },
  {
    file: 'shots/phone-settings-dark.png',
    width: 360,
    height: 780,
    fullPage: true,
    scheme: 'dark',
    act: (page) => page.locator('#settings > summary').click(),
  },
  {
    file: 'shots/bad-value.png',
    width: 1280,
    height: 800,
    act: async (page) => {
      await page.locator('#setting-rate').fill('fast');
      await page.locator('#setting-rate').press('Enter');
      await page.locator('[data-key=rate] .error').waitFor();
      await page.locator('[data-key=route] .question').click();
    },
  },
  {
    file: 'shots/weighted.png',
    width: 1280,
    height: 800,
    hash: '#v=1&latency=roofline&instances=8&rate=200&n=2000&route=weighted',
  },
  {
    file: 'shots/table.png',
    width: 1280,
    height: 800,
    act: async (page) => {
      await page.locator('#sweep [aria-controls=sweep-table]').click();
      await page.locator('#ttft .chart-plot').focus();
      await page.keyboard.press('End');
    },
  },
  {
    file: 'shots/cluster.png',
    width: 1280,
    height: 800,
    hash: '#v=1&latency=roofline&instances=12&rate=200&n=1000&tab=cluster',
    act: clusterSettled,
  },
  {
    file: 'shots/cluster-phone-dark.png',
    width: 360,
    height: 740,
    scheme: 'dark',
    fullPage: true,
    hash: '#v=1&latency=roofline&instances=4&rate=60&n=600&blocks=1500&tab=cluster',
    act: clusterSettled,
  },
  {
    file: 'shots/inspector.png',
    width: 1280,
    height: 800,
    hash: '#v=1&latency=roofline&instances=4&rate=60&n=600&route=weighted&blocks=1500&tab=cluster&request=300',
    act: async (page) => {
      await page.locator('[data-fork]').first().click();
      await page.locator('[data-world="2"]').waitFor();
    },
  },
  {
    file: 'shots/states.png',
    width: 1280,
    height: 800,
    hash: '#v=1&latency=roofline&instances=2&rate=80&n=300&blocks=90&timeout=5&admission=token-bucket&bucket=40000&refill=30000&tab=cluster',
    act: async (page) => {
      await clusterSettled(page);
      await page.locator('#cluster-time').fill('6000000');
      await page.locator('.cluster[data-time-us="6000000"][data-settled=true]').waitFor();
    },
  },
  {
    file: 'shots/details.png',
    width: 1280,
    height: 800,
    hash: '#v=1&latency=roofline&instances=4&rate=60&n=600&blocks=1500&tab=details&request=300&goal=ttft:500,e2e:8000,seeds:5',
    act: (page) => page.locator('#kv-map .chart-summary:not(:empty)').waitFor(),
  },
  {
    file: 'shots/plan.png',
    width: 1280,
    height: 800,
    hash: '#v=1&latency=roofline&instances=4&rate=60&n=300&tab=plan&goal=ttft:500,goodput:90,seeds:2',
    act: async (page) => {
      await page.getByRole('button', { name: 'Find the cluster' }).click();
      await page.locator('.plan-outcome', { hasText: 'Fewest GPUs' }).waitFor({ timeout: 120_000 });
    },
  },
  {
    file: 'shots/theory.png',
    width: 1280,
    height: 800,
    hash: '#v=1&latency=roofline&rate=30&n=600&instances=2&tab=theory',
  },
  {
    file: 'shots/lesson.png',
    width: 1280,
    height: 800,
    hash: '#v=1&tab=lessons',
    act: async (page) => {
      await page.locator('#panel-lessons a, #panel-lessons button').first().click();
    },
  },
];

const { address, close } = await serve({ folder: 'dist', base: '/some/sub/path/' });
const browser = await chromium.launch({ executablePath: findProgram('browser'), args: BROWSER_ARGUMENTS });
for (const folder of ['docs', 'shots']) mkdirSync(folder, { recursive: true });
try {
  for (const { file, width, height, scheme = 'light', fullPage = false, hash = '', act } of SHOTS) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    page.on('console', (message) => console.error(`${file}: ${message.text()}`));
    page.on('pageerror', (error) => console.error(`${file}: ${error.stack}`));
    await page.goto(address + hash);
    await page.locator('body[data-busy=false]').waitFor({ timeout: 60_000 });
    await act?.(page);
    await page.screenshot({ path: file, fullPage });
    console.log(file);
    await page.close();
  }
} finally {
  await browser.close();
  await close();
}
