// The package in a program of Vite and React, as their newest versions are: types, development server, build. For
// `make test-full`, since it installs from the registry; without a network it says so and ends with 77,
// as the harness expects of what could not be checked.

import { chromium } from '@playwright/test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulate } from '../pkg/node.js';
import { BROWSER_ARGUMENTS, findProgram } from './browser.mjs';
import { serve } from './serve.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SKIPPED = 77;

/** What npm calls it when there is no way to the registry. */
const NO_NETWORK = /\b(ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN)\b/;

const project = mkdtempSync(join(tmpdir(), 'blis-vite-'));

/** @param {string} program @param {string[]} args */
const run = (program, ...args) =>
  execFileSync(program, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** @param {number} num_instances */
function expected(num_instances) {
  const result = simulate({ cluster: { num_instances }, workload: { rate: 200, num_requests: 1000 } });
  try {
    return { digest: result.digest, text: `TTFT p99: ${result.summary.ttft.p99_ms} ms, digest ${result.digest}` };
  } finally {
    result.free();
  }
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} address
 */
async function check(browser, address) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const shows = (/** @type {string} */ place, /** @type {string} */ text) =>
    page.locator(place, { hasText: text }).waitFor({ timeout: 30_000 });
  try {
    await page.goto(address);
    await shows('#direct', expected(4).digest);
    await shows('#root p', expected(4).text);
    await page.locator('button').click();
    await shows('#root p', expected(12).text);
    assert.deepEqual(complaints, []);
  } catch (error) {
    throw new Error(`${complaints.join('\n')}\n${await page.locator('body').innerText()}`, { cause: error });
  } finally {
    await page.close();
  }
}

/** The address that the development server says it has. @returns {Promise<{address: string, stop: () => void}>} */
function develop() {
  const vite = join(project, 'node_modules/vite/bin/vite.js');
  const server = spawn(process.execPath, [vite, '--host', '127.0.0.1', '--port', '0'], {
    cwd: project,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (text) => {
      said += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0];
      if (address) resolve({ address, stop: () => server.kill() });
    });
    server.on('exit', () => reject(new Error(`vite ended: ${said}`)));
  });
}

try {
  const [{ filename }] = JSON.parse(run('npm', 'pack', '--json', '--pack-destination', project, join(ROOT, 'pkg')));
  cpSync(join(ROOT, 'tests/consumer/vite'), project, { recursive: true });
  cpSync(join(ROOT, 'examples/javascript/use_simulation.tsx'), join(project, 'use_simulation.tsx'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  try {
    run(
      'npm',
      'install',
      '--no-audit',
      '--no-fund',
      `./${filename}`,
      'vite',
      'react',
      'react-dom',
      '@types/react',
      '@types/react-dom',
    );
  } catch (error) {
    const { stderr } = /** @type {{stderr: string}} */ (error);
    console.error(stderr);
    if (!NO_NETWORK.test(stderr)) throw error;
    console.log('the registry cannot be reached');
    process.exitCode = SKIPPED;
  }
  if (process.exitCode !== SKIPPED) {
    run(process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', '.');
    const browser = await chromium.launch({ executablePath: findProgram('browser'), args: BROWSER_ARGUMENTS });
    try {
      const { address, stop } = await develop();
      await check(browser, address).finally(stop);
      run(process.execPath, 'node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error');
      // Bundlers write the worker's address as they please, which a policy with trusted types forbids.
      const policy = "default-src 'self'; img-src data:; script-src 'self' 'wasm-unsafe-eval'";
      const built = await serve({ folder: join(project, 'dist'), policy });
      await check(browser, built.address).finally(built.close);
    } finally {
      await browser.close();
    }
    console.log('types, development server and build of Vite: ok');
  }
} finally {
  rmSync(project, { recursive: true });
}
