// Puts the page together in dist/: index.html, the service worker, and one folder named after the hash of its content,
// so that a deployed page never mixes files of two builds, whatever browsers and proxies have cached. Every module stays
// a file of its own; only spaces, comments and long names are taken out.

import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { transformSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const STAGE = join(DIST, 'stage');

/** Source -> place in the page's folder. */
const PARTS = [
  ['web', '.'],
  ['pkg/blis_playground.js', 'pkg/blis_playground.js'],
  ['pkg/blis_playground_bg.wasm', 'pkg/blis_playground_bg.wasm'],
  ['node_modules/uplot/dist/uPlot.esm.js', 'vendor/uPlot.esm.js'],
  ['node_modules/uplot/dist/uPlot.min.css', 'vendor/uPlot.min.css'],
];

/** Files of web/ that a browser does not need, or that stand beside the folder. */
const NOT_SERVED = /(tsconfig\.json|\.d\.ts|index\.html|service_worker\.js|robots\.txt)$/;

/** What search engines and the like look for in a fixed place. */
const BESIDE_PAGE = ['robots.txt'];

/** All of them know modules in workers, `:has` and `color-mix`. */
const BROWSERS = ['chrome111', 'firefox121', 'safari16.4'];

/**
 * All files below a folder, sorted.
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

/** @param {string} folder */
function contentHash(folder) {
  const hash = createHash('sha256');
  for (const path of filesBelow(folder)) hash.update(relative(folder, path)).update('\0').update(readFileSync(path));
  return hash.digest('hex').slice(0, 10);
}

/** The lessons as they are, and a list of them with what is needed to choose one. */
function copyLessons() {
  const target = join(STAGE, 'lessons', 'data');
  mkdirSync(target, { recursive: true });
  const files = readdirSync(join(ROOT, 'lessons')).filter((name) => name.endsWith('.json'));
  const entries = files.map((file) => {
    const text = readFileSync(join(ROOT, 'lessons', file), 'utf8');
    const { id, number, title, question } = JSON.parse(text);
    writeFileSync(join(target, file), text);
    return { id, number, title, question, file };
  });
  entries.sort((left, right) => left.number - right.number);
  writeFileSync(join(target, 'index.json'), JSON.stringify(entries));
}

/** Takes out of scripts and styles what only people need. */
function minify() {
  for (const path of filesBelow(STAGE)) {
    const loader = { '.js': 'js', '.css': 'css' }[extname(path)];
    if (loader === undefined) continue;
    const options = {
      loader: /** @type {'js'|'css'} */ (loader),
      minify: true,
      target: BROWSERS,
      legalComments: 'inline',
    };
    const { code, warnings } = transformSync(readFileSync(path, 'utf8'), /** @type {any} */ (options));
    if (warnings.length > 0) throw new Error(`${path}: ${warnings[0].text}`);
    writeFileSync(path, code);
  }
}

/**
 * A module and all that it imports, without what is loaded later.
 * @param {string} path
 * @param {Set<string>} found
 * @returns {Set<string>} paths
 */
function withImports(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const source = readFileSync(path, 'utf8');
  for (const [, name] of source.matchAll(/^import\s+(?:[\w*{},\s]+?\sfrom\s+)?['"](\.[^'"]+)['"]/gm)) {
    withImports(join(dirname(path), name), found);
  }
  return found;
}

/** What the page needs first, in this order, so that the browser fetches it without having to find it step by step. */
function preloads() {
  const entries = ['start.js', 'engine/worker.js', 'main.js'];
  const modules = new Set(entries.flatMap((name) => [...withImports(join(STAGE, name))]));
  return [
    '<link rel="preload" href="./pkg/blis_playground_bg.wasm" as="fetch" type="application/wasm" crossorigin />',
    ...[...modules].map((path) => `<link rel="modulepreload" href="./${relative(STAGE, path)}" />`),
  ].join('\n    ');
}

/**
 * @param {string} folder of the page's files
 * @param {string} links
 */
function writePage(folder, links) {
  const html = readFileSync(join(ROOT, 'web/index.html'), 'utf8');
  const marked = html.replace('<!-- preloads -->', links);
  if (marked === html) throw new Error('index.html has no place for the preloads');
  writeFileSync(join(DIST, 'index.html'), marked.replaceAll(/(href|src)="\.\//g, `$1="./${folder}/`));
}

/** @param {string} folder of the page's files */
function writeServiceWorker(folder) {
  const files = filesBelow(join(DIST, folder)).map((path) => relative(DIST, path).split(sep).join('/'));
  const source = readFileSync(join(ROOT, 'web/service_worker.js'), 'utf8');
  writeFileSync(join(DIST, 'service_worker.js'), `const BUILD = ${JSON.stringify({ folder, files })};\n${source}`);
}

function assemble() {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(STAGE, { recursive: true });
  for (const [from, to] of PARTS) {
    cpSync(join(ROOT, from), join(STAGE, to), { recursive: true, filter: (source) => !NOT_SERVED.test(source) });
  }
  copyLessons();
  const links = preloads();
  if (!process.env.READABLE) minify();
  const folder = `app-${contentHash(STAGE)}`;
  renameSync(STAGE, join(DIST, folder));
  writePage(folder, links);
  writeServiceWorker(folder);
  for (const name of BESIDE_PAGE) cpSync(join(ROOT, 'web', name), join(DIST, name));
  // GitHub Pages otherwise drops files whose names begin with an underscore.
  writeFileSync(join(DIST, '.nojekyll'), '');
}

function reportSize() {
  const sizes = filesBelow(DIST).map((path) => ({ path, bytes: gzipSync(readFileSync(path), { level: 9 }).length }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const wasm = sizes.find(({ path }) => path.endsWith('.wasm'))?.bytes ?? 0;
  const kilobytes = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(0);
  console.log(
    `dist/: ${sizes.length} files, ${kilobytes(total)} kB gzipped, of which the engine is ${kilobytes(wasm)} kB`,
  );
}

assemble();
reportSize();
