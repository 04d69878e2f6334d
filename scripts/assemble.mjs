// Puts the page together in dist/: index.html, the service worker, and one folder named after the hash of its content,
// so that a deployed page never mixes files of two builds, whatever browsers and proxies have cached.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { blocks } from './blocks.mjs';

/** @import {Metafile, Plugin} from 'esbuild' */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WEB = join(ROOT, 'web');
const COURSE = join(WEB, 'views/lessons/course');
const DIST = join(ROOT, 'dist');
const STAGE = join(DIST, 'stage');

/** What the page is served with beside its own modules: source -> place in the page's folder. */
const PARTS = [
  ['web/icon.svg', 'icon.svg'],
  ['pkg/blis_playground_bg.wasm', 'pkg/blis_playground_bg.wasm'],
];

/** What search engines and the like look for in a fixed place. */
const BESIDE_PAGE = ['robots.txt'];

/** The scripts that are started by themselves. */
const PAGE_SCRIPTS = ['app/start.js', 'app/main.js'];
const WORKER = 'worker/worker.js';

/** The worker of dialogs that are seldom opened: whole by itself, so that the other does not share its modules with it. */
const LATE_WORKER = 'worker/dialogs_worker.js';

/** The package's module, for scripts that import it from a served page; the page itself uses its worker's copy. */
const PACKAGE = 'pkg/index.js';

/** What `index.html` links to; the other style sheets come with their views. */
const FIRST_STYLE = 'app/page.css';

/** What the page never asks for: source maps, and the package's own module, which stands in the worker's. */
const NOT_KEPT = /\.map$|blis_playground\.js$/;

/** What uPlot and the lessons make as they are loaded, and what they make instead (web/app/lazy_intl.js). */
const LAZY_INTL = { 'Intl.NumberFormat': 'LazyNumberFormat', 'Intl.DateTimeFormat': 'LazyTimeZone' };

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

/** The lessons as they are, and the course with what is needed to choose one of them. */
function copyLessons() {
  const target = join(STAGE, 'lessons', 'data');
  mkdirSync(target, { recursive: true });
  const course = JSON.parse(readFileSync(join(COURSE, 'course.json'), 'utf8'));
  const lessons = course.lessons.map((/** @type {string} */ file) => {
    const text = readFileSync(join(COURSE, `${file}.json`), 'utf8');
    const { id, title, question, minutes } = JSON.parse(text);
    writeFileSync(join(target, `${file}.json`), text);
    return { id, title, question, minutes };
  });
  writeFileSync(join(target, 'course.json'), JSON.stringify({ ...course, lessons }));
  // How to write one: the teacher's page shows it.
  writeFileSync(join(target, 'format.json'), JSON.stringify(blocks(readFileSync(join(COURSE, 'README.md'), 'utf8'))));
}

/** @returns {string[]} the first style sheet, and those that it does not import */
function styles() {
  const first = join(WEB, FIRST_STYLE);
  const imports = readFileSync(first, 'utf8').matchAll(/@import '(\..*)'/g);
  const imported = [...imports].map(([, path]) => resolve(dirname(first), path));
  const others = filesBelow(WEB).filter((path) => extname(path) === '.css' && !imported.includes(path));
  return others.map((path) => relative(WEB, path));
}

/**
 * Lets whatever is loaded late rest on all that the page has loaded by then. Modules share a file if the same entries
 * reach them; otherwise each set of views that happens to use a module of the page's would make a small file of its own.
 * @type {Plugin}
 */
const LATE_ON_PAGE = {
  name: 'late-on-page',
  setup({ onResolve, onLoad }) {
    const page = JSON.stringify(join(WEB, PAGE_SCRIPTS[1]));
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' ? { path: resolve(resolveDir, path), namespace: 'late' } : null,
    );
    onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
      contents: `import ${page}; export * from ${JSON.stringify(path)};`,
      resolveDir: WEB,
    }));
  },
};

/**
 * The page's modules, together where they are needed together: over a hundred small files compress worse and come later.
 * Their source maps let the browser's tools show each module as it stands in web/.
 * @returns {Promise<Metafile['outputs']>}
 */
async function bundle() {
  const options = {
    absWorkingDir: ROOT,
    outdir: STAGE,
    bundle: true,
    minify: true,
    metafile: true,
    // The result must not show where a package really lies.
    preserveSymlinks: true,
    target: BROWSERS,
    sourcemap: /** @type {const} */ ('linked'),
    logLevel: /** @type {const} */ ('warning'),
  };
  const entries = (/** @type {string[]} */ names) =>
    names.map((name) => ({ in: join(WEB, name), out: name.slice(0, -extname(name).length) }));
  const modules = {
    ...options,
    format: /** @type {const} */ ('esm'),
    splitting: true,
  };
  const lazyIntl = { define: LAZY_INTL, inject: [join(WEB, 'app/lazy_intl.js')] };
  await build({ ...options, entryPoints: entries(styles()) });
  // The worker and the page share next to nothing: apart, each of them is whole in fewer files.
  const page = { entryPoints: entries(PAGE_SCRIPTS), chunkNames: 'app/[name]-[hash]', plugins: [LATE_ON_PAGE] };
  const built = [
    await build({ ...modules, ...lazyIntl, ...page }),
    await build({ ...modules, entryPoints: entries([WORKER]), chunkNames: 'worker/[name]-[hash]' }),
  ];
  await build({ ...modules, splitting: false, entryPoints: entries([LATE_WORKER]) });
  await build({ ...modules, entryPoints: [{ in: join(ROOT, PACKAGE), out: 'pkg/blis_playground' }] });
  return Object.assign({}, ...built.map(({ metafile }) => metafile?.outputs));
}

/**
 * A script and all that it imports, without what is loaded later.
 * @param {Metafile['outputs']} outputs
 * @param {string} path
 * @param {Set<string>} found
 * @returns {Set<string>} paths
 */
function withImports(outputs, path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: next, kind } of outputs[path].imports) {
    if (kind === 'import-statement') withImports(outputs, next, found);
  }
  return found;
}

/**
 * What the page needs first, in this order, so that the browser fetches it without having to find it step by step. The
 * engine is not among it: it is fetched by the first script, and would only take the line away from what that needs.
 * @param {Metafile['outputs']} outputs
 */
function preloads(outputs) {
  const scripts = [PAGE_SCRIPTS[0], WORKER, PAGE_SCRIPTS[1]].map((name) => relative(ROOT, join(STAGE, name)));
  const modules = new Set(scripts.flatMap((path) => [...withImports(outputs, path)]));
  const links = [...modules].map(
    (path) => `<link rel="modulepreload" href="./${relative(STAGE, resolve(ROOT, path))}" />`,
  );
  return links.join('\n    ');
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
  const files = filesBelow(join(DIST, folder))
    .filter((path) => !NOT_KEPT.test(path))
    .map((path) => relative(DIST, path).split(sep).join('/'));
  const source = readFileSync(join(ROOT, 'web/service_worker.js'), 'utf8');
  writeFileSync(join(DIST, 'service_worker.js'), `const BUILD = ${JSON.stringify({ folder, files })};\n${source}`);
}

async function assemble() {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(STAGE, { recursive: true });
  for (const [from, to] of PARTS) cpSync(join(ROOT, from), join(STAGE, to));
  copyLessons();
  const links = preloads(await bundle());
  const folder = `app-${contentHash(STAGE)}`;
  renameSync(STAGE, join(DIST, folder));
  writePage(folder, links);
  writeServiceWorker(folder);
  for (const name of BESIDE_PAGE) cpSync(join(ROOT, 'web', name), join(DIST, name));
  // For editors and other programs, under a name that stays.
  cpSync(join(ROOT, 'docs', 'config.schema.json'), join(DIST, 'config.schema.json'));
  // GitHub Pages otherwise drops files whose names begin with an underscore.
  writeFileSync(join(DIST, '.nojekyll'), '');
}

function reportSize() {
  const files = filesBelow(DIST).filter((path) => !path.endsWith('.map'));
  const sizes = files.map((path) => ({ path, bytes: gzipSync(readFileSync(path), { level: 9 }).length }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const wasm = sizes.find(({ path }) => path.endsWith('.wasm'))?.bytes ?? 0;
  const kilobytes = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(0);
  console.log(
    `dist/: ${sizes.length} files, ${kilobytes(total)} kB gzipped, of which the engine is ${kilobytes(wasm)} kB`,
  );
}

await assemble();
reportSize();
