// The recipes of docs/API.md in a browser, served by a plain server under the strict policy, and the package from another origin.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { engine } from './engine.js';
import { expect, test } from './support.js';

/** @import {Page} from '@playwright/test' */

/** @type {string} */
let folder;

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'blis-recipes-'));
  cpSync('examples/javascript', folder, { recursive: true });
  cpSync('pkg', join(folder, 'node_modules/blis-playground'), { recursive: true });
});

test.afterAll(() => rmSync(folder, { recursive: true }));

/**
 * @param {Page} page
 * @param {string} file
 * @param {() => Promise<void>} check
 */
async function withRecipe(page, file, check) {
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (message) => {
    // Every browser asks for an icon; the recipes have none.
    if (!message.location().url.endsWith('/favicon.ico'))
      complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  const { address, close } = await serve({ folder });
  try {
    await page.goto(address + file);
    await check();
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
}

test(
  'a long run shows its progress, is cancelled, and gives the figures of the engine',
  { tag: '@firefox' },
  async ({ page }) => {
    await withRecipe(page, 'worker.html', async () => {
      const outcome = page.locator('#outcome');
      // In the page, so that the run is not over before it is cancelled.
      await page.evaluate(async () => {
        const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
        byId('run').click();
        while (byId('progress').value === 0) await new Promise((next) => setTimeout(next, 1));
        byId('cancel').click();
      });
      await expect(outcome).toHaveText('cancelled');
      await page.locator('#run').click();
      const result = engine.simulate({
        cluster: { num_instances: 64 },
        workload: { rate: 900, num_requests: 300_000 },
      });
      await expect(outcome).toHaveText(`TTFT p99: ${result.summary.ttft.p99_ms} ms, digest ${result.digest}`, {
        timeout: 30_000,
      });
      result.free();
    });
  },
);

test('columns make a chart: a dot for every request that was answered', async ({ page }) => {
  await withRecipe(page, 'chart.html', async () => {
    const result = engine.simulate({ cluster: { num_instances: 4 }, workload: { rate: 100, num_requests: 500 } });
    await expect(page.locator('circle')).toHaveCount(result.summary.ttft.count);
    result.free();
  });
});

test('a form from the schema has every problem at its field', async ({ page }) => {
  await withRecipe(page, 'form.html', async () => {
    const rate = page.locator('label', { has: page.locator('[name=rate]') });
    const p99 = (/** @type {number} */ value) => {
      const result = engine.simulate({ workload: { rate: value } });
      const text = `TTFT p99: ${result.summary.ttft.p99_ms} ms`;
      result.free();
      return text;
    };
    await expect(page.locator('#outcome')).toHaveText(p99(1));
    await rate.locator('input').fill('-5');
    await rate.locator('input').blur();
    await expect(rate.locator('.problem')).toHaveText('a number greater than 0');
    await rate.locator('input').fill('20');
    await rate.locator('input').blur();
    await expect(rate.locator('.problem')).toHaveText('');
    await expect(page.locator('#outcome')).toHaveText(p99(20));
  });
});

/** A server of files for pages of other origins, as a content delivery network is. */
async function serveToAll() {
  const types = /** @type {Record<string, string>} */ ({ '.js': 'text/javascript', '.wasm': 'application/wasm' });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    const type = types[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': type });
    response.end(readFileSync(join('pkg', path)));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() };
}

test(
  'a notebook cell, and the client in workers, take the package from another origin',
  { tag: '@firefox' },
  async ({ page }) => {
    const other = await serveToAll();
    writeFileSync(join(folder, 'notebook.html'), '<!doctype html><title>A notebook</title>');
    const { address, close } = await serve({
      folder,
      policy: "default-src * blob: 'unsafe-inline' 'wasm-unsafe-eval' 'unsafe-eval'",
    });
    try {
      await page.goto(`${address}notebook.html`);
      const cell = readFileSync('examples/javascript/notebook.js', 'utf8').replace(
        'https://example.org/blis-playground',
        other.address,
      );
      expect(cell).toContain(other.address);
      const result = engine.simulate({ cluster: { num_instances: 4 }, workload: { rate: 50, num_requests: 200 } });
      const { digest } = result;
      result.free();
      const said = page.waitForEvent('console', (message) => message.type() === 'log');
      await page.evaluate((text) => new Function(`return (async () => {${text}})()`)(), cell);
      expect((await said).text()).toContain(digest);
      const byWorker = await page.evaluate(async (from) => {
        const { createClient } = await import(`${from}/worker/browser.js`);
        const client = createClient();
        const report = await client.simulate({
          cluster: { num_instances: 4 },
          workload: { rate: 50, num_requests: 200 },
        });
        client.close();
        return report.digest;
      }, other.address);
      expect(byWorker).toBe(digest);
    } finally {
      await close();
      other.close();
    }
  },
);
