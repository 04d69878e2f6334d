// The blocks of docs/HOSTING.md, tried as they stand there; and what the page says, or does, where a host is not as it needs.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { serve, STRICT_POLICY } from '../../scripts/serve.mjs';
import { expect, goTo, panelOf, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const GUIDE = readFileSync('docs/HOSTING.md', 'utf8');

/**
 * The block of a language in the guide.
 * @param {string} language
 */
function block(language) {
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(GUIDE)?.[1];
  if (found === undefined) throw new Error(`the guide has no block of ${language}`);
  return found;
}

/** Every file of the page, by its path in dist. */
const files = () =>
  readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join('dist', path)).isFile());

/** What nginx sends with a file, by its block: type, caching and policy. */
function nginx() {
  const text = block('nginx');
  const types = /types \{([^}]*)\}/.exec(text)?.[1] ?? '';
  const byEnding = new Map(
    [...types.matchAll(/(\S+)\s+([^;]+);/g)].flatMap(([, type, endings]) =>
      endings.split(' ').map((ending) => /** @type {[string, string]} */ ([`.${ending}`, type])),
    ),
  );
  const rules = /map \$uri \$blis_cache \{([^}]*)\}/.exec(text)?.[1] ?? '';
  const usual = /default\s+"([^"]*)"/.exec(rules)?.[1] ?? '';
  const [, pattern, kept] = /"~([^"]+)"\s+"([^"]*)"/.exec(rules) ?? [];
  const always = [...text.matchAll(/add_header (\S+) "([^"]*)" always;/g)].map(([, name, value]) => [name, value]);
  expect(text).toContain('add_header Cache-Control $blis_cache;');
  return {
    compressed: /gzip_types ([^;]*);/.exec(text)?.[1].split(' ') ?? [],
    headers: (/** @type {string} */ path) => ({
      'Content-Type': byEnding.get(extname(path)) ?? 'application/octet-stream',
      'Cache-Control': new RegExp(pattern).test(`/${path}`) ? kept : usual,
      ...Object.fromEntries(always),
    }),
  };
}

test('under the headers and types of the nginx block every view works', async ({ page }) => {
  const { headers, compressed } = nginx();
  expect(headers('index.html')['Content-Security-Policy']).toBe(STRICT_POLICY);
  for (const path of files()) {
    const { 'Content-Type': type, 'Cache-Control': caching } = headers(path);
    expect(caching.includes('immutable'), path).toBe(path.startsWith('app-'));
    if (path !== '.nojekyll') expect([...compressed, 'text/html'], path).toContain(type);
  }
  const { address, close } = await serve({ folder: 'dist', base: '/below/', headers });
  try {
    /** @type {string[]} */
    const complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${address}#v=2&n=100&instances=2`);
    for (const name of ['Cluster', 'Details', 'Compare', 'Plan', 'Theory', 'Lessons']) {
      await goTo(page, name);
      await expect(panelOf(page, name).locator('.view-empty[role=alert]')).toHaveCount(0);
    }
    await page.evaluate(() => navigator.serviceWorker.ready);
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

test('the sizes of the guide are those of the page, and Pages is as in the workflow', () => {
  expect(block('yaml')).toBe(readFileSync('.github/workflows/pages.yml', 'utf8'));
  const sizes = (/** @type {string[]} */ paths) => {
    const contents = paths.map((path) => readFileSync(join('dist', path)));
    const sum = (/** @type {(content: Buffer) => Buffer} */ packed) =>
      contents.reduce((bytes, content) => bytes + packed(content).length, 0) / 1e6;
    return [sum((content) => content), sum((content) => gzipSync(content, { level: 9 })), sum(brotli) / 1.125];
  };
  // The best level takes half a minute; this one's result is an eighth larger.
  const brotli = (/** @type {Buffer} */ content) =>
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  const told = [...(/All files together[^]*?So compress/.exec(GUIDE)?.[0] ?? '').matchAll(/([\d.]+) MB/g)];
  const page = files().filter((path) => !path.endsWith('.map'));
  const measured = [...sizes(page), ...sizes(page.filter((path) => path.endsWith('.wasm')))];
  expect(told).toHaveLength(6);
  told.forEach(([words, megabytes], i) => {
    expect(Math.abs(Number(megabytes) / measured[i] - 1), `${words}, measured ${measured[i]}`).toBeLessThan(0.15);
  });
});

/** In place of the program: writes down what it is asked. */
const AWS = `#!/bin/sh
printf '%s\\n' "$@" | node -e '
  const words = require("fs").readFileSync(0, "utf8").trimEnd().split("\\n");
  require("fs").appendFileSync(process.env.ASKED, JSON.stringify(words) + "\\n");
'
`;

/**
 * Whether a command takes a file, as the program decides it: the last filter that fits does, and an asterisk goes over
 * slashes.
 * @param {string[]} words
 * @param {string} path
 */
function takes(words, path) {
  let taken = true;
  words.forEach((word, i) => {
    const fits = () => new RegExp(`^${words[i + 1].replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(path);
    if (/^--(in|ex)clude$/.test(word) && fits()) taken = word === '--include';
  });
  return taken;
}

test('the commands for object storage put every file there once, with its caching, and the page last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'storage-'));
  const asked = join(folder, 'asked');
  writeFileSync(join(folder, 'aws'), AWS, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, ASKED: asked };
  execFileSync('sh', ['-euc', block('sh')], { env });
  const commands = readFileSync(asked, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  rmSync(folder, { recursive: true });
  /** @type {Map<string, {caching: string, type: string|undefined}>} */
  const stored = new Map();
  for (const words of commands) {
    expect(words[0]).toBe('s3');
    expect(words.slice(2, 4)).toEqual(['dist', 's3://playground.example.org']);
    const after = (/** @type {string} */ flag) => words[words.indexOf(flag) + 1];
    for (const path of files()) {
      if (!takes(words, path)) continue;
      expect(stored.has(path), path).toBe(false);
      stored.set(path, {
        caching: after('--cache-control'),
        type: words.includes('--content-type') ? after('--content-type') : undefined,
      });
    }
  }
  expect([...stored.keys()].sort()).toEqual(files().sort());
  for (const [path, { caching, type }] of stored) {
    expect(caching.includes('immutable'), path).toBe(path.startsWith('app-'));
    if (path.endsWith('.wasm')) expect(type).toBe('application/wasm');
  }
  const order = [...stored.keys()];
  expect(order.indexOf('index.html')).toBeGreaterThan(order.findLastIndex((path) => path.startsWith('app-')));
  // It looks at the page before it keeps a build.
  const [page, worker] = [commands.findIndex((words) => takes(words, 'index.html')), commands.findIndex((words) => takes(words, 'service_worker.js'))]; // prettier-ignore
  expect(worker).toBeGreaterThan(page);
});

/**
 * A page of another host that holds frames.
 * @param {Page} page
 * @param {string} frames
 * @param {() => Promise<void>} use
 */
async function inCourse(page, frames, use) {
  const folder = mkdtempSync(join(tmpdir(), 'course-'));
  writeFileSync(join(folder, 'index.html'), `<!doctype html><title>Course</title>${frames}`);
  const { address, close } = await serve({ folder, policy: 'frame-src *' });
  try {
    await page.goto(address);
    await use();
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
}

test('the frame for course systems works as it is written', async ({ page, address }) => {
  await inCourse(page, block('html').replace('https://playground.example.org/', address), async () => {
    const frame = page.frameLocator('iframe');
    await expect(frame.locator('.simulated')).toContainText('Qwen3 14B · H100 · TP 1 · Roofline · 4 instances');
    const popup = page.waitForEvent('popup');
    await frame.getByRole('link', { name: 'Open in the playground' }).click();
    await expect((await popup).locator('#settings')).toBeVisible();
    await frame.locator('#instances .save-menu > summary').click();
    const download = page.waitForEvent('download');
    await frame.locator('#instances').getByRole('button', { name: 'Download as CSV' }).click();
    expect((await download).suggestedFilename()).toBe('requests-per-instance.csv');
  });
});

/** The type of files with an ending is not what it should be. @param {string} ending */
const mistyped = (ending) => (/** @type {string} */ path) => {
  /** @type {Record<string, string>} */
  const wrong = { 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' };
  return path.endsWith(ending) ? wrong : {};
};

/** Hosts that are not as the page needs them, and the attributes of the frame that shows it. */
const HOSTS = /** @type {const} */ ({
  scripts: { options: { headers: mistyped('.js') } },
  styles: { options: { headers: mistyped('.css') } },
  fallback: { options: { fallback: 'index.html' }, path: 'nowhere/deep' },
  sandbox: { options: {}, frame: 'sandbox="allow-scripts"' },
  shared: { options: { headers: () => ({ 'Access-Control-Allow-Origin': '*' }) }, frame: 'sandbox="allow-scripts"' },
  types: { options: { policy: STRICT_POLICY.replace('trusted-types blis', 'trusted-types other') } },
  compile: { options: { policy: STRICT_POLICY.replace(" 'wasm-unsafe-eval'", '') } },
});

test('where a host is not as the page needs it, the page works or says what to do', async ({ page }) => {
  const servers = await Promise.all(Object.values(HOSTS).map(({ options }) => serve({ folder: 'dist', ...options })));
  try {
    const frames = Object.entries(HOSTS).map(([name, host], i) => {
      const { frame = '', path = '' } = /** @type {{frame?: string, path?: string}} */ (host);
      const source = `${servers[i].address}${path}#v=2&amp;n=100&amp;instances=2`;
      return `<iframe id="${name}" width="600" height="400" ${frame} src="${source}"></iframe>`;
    });
    await inCourse(page, frames.join(''), async () => {
      const inFrame = (/** @type {keyof typeof HOSTS} */ name) => page.frameLocator(`#${name}`);
      await expect(inFrame('styles').locator('.simulated')).toContainText('2 instances');
      await goTo(inFrame('styles'), 'Plan');
      await expect(inFrame('styles').getByRole('button', { name: 'Find the cluster' })).toBeVisible();
      for (const name of /** @type {const} */ (['scripts', 'fallback', 'sandbox'])) {
        const words = inFrame(name).locator('.boot');
        await expect(words).toBeVisible();
        await expect(words).toContainText('has not started');
        await expect(words).toContainText('sends scripts under another type than text/javascript');
        await expect(words).toContainText('lacks its last slash');
        await expect(words).toContainText('allow-scripts allow-same-origin');
      }
      for (const [name, reason] of /** @type {const} */ ([
        ['shared', 'the page around it has to add allow-same-origin to it'],
        ['types', 'its Content-Security-Policy needs "trusted-types blis"'],
        ['compile', 'WebAssembly'],
      ])) {
        await expect(inFrame(name).locator('#notice')).toContainText('The engine could not be started');
        await expect(inFrame(name).locator('#notice')).toContainText(reason);
        await expect(inFrame(name).locator('.boot')).toHaveCount(0);
      }
    });
  } finally {
    await Promise.all(servers.map(({ close }) => close()));
  }
});
