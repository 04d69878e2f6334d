// Puts the page together in dist/: index.html and one folder named after the hash of its content, so that a
// deployed page never mixes files of two builds, whatever browsers and proxies have cached.

import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

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

/** Files of web/ that a browser does not need. */
const NOT_SERVED = /(tsconfig\.json|\.d\.ts)$/;

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

function assemble() {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(STAGE, { recursive: true });
  for (const [from, to] of PARTS) {
    cpSync(join(ROOT, from), join(STAGE, to), { recursive: true, filter: (source) => !NOT_SERVED.test(source) });
  }
  copyLessons();
  const folder = `app-${contentHash(STAGE)}`;
  const html = readFileSync(join(STAGE, 'index.html'), 'utf8').replaceAll(/(href|src)="\.\//g, `$1="./${folder}/`);
  rmSync(join(STAGE, 'index.html'));
  renameSync(STAGE, join(DIST, folder));
  writeFileSync(join(DIST, 'index.html'), html);
  // For editors and other programs, under a name that stays.
  cpSync(join(ROOT, 'docs', 'config.schema.json'), join(DIST, 'config.schema.json'));
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
