// Completes what wasm-pack has put into pkg/, so that it can be published as it is: a way in for Node beside the one
// for browsers and bundlers, and the metadata that wasm-pack does not write.

import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { packageDeclarations } from './declarations.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PKG = join(ROOT, 'pkg');
const METADATA = join(PKG, 'package.json');
const TYPES = './index.d.ts';

/** The parts of the package that are written by hand. */
const BY_HAND = ['index.js', 'node.js', 'objects.js'];

/** Papers and recipes, in the same places as here, so that links between them hold. */
const PAPERS = ['CHANGELOG.md', 'docs/API.md', 'examples/javascript'];

/** The client of the engine in workers; what it imports lies elsewhere here than in the package. */
const WORKER = join(ROOT, 'src/wasm/npm/worker');

/** What it shares with the page. */
const SHARED = ['web/engine/connection.js', 'web/shared/out_of_memory.js'];

function packWorker() {
  const [snippets] = readdirSync(join(PKG, 'snippets'));
  const places = {
    ...Object.fromEntries(SHARED.map((path) => [`../../../../${path}`, `./${basename(path)}`])),
    '../../config_error.js': `../snippets/${snippets}/src/wasm/config_error.js`,
    '../../values.js': `../snippets/${snippets}/src/wasm/values.js`,
    '#engine': '../index.js',
  };
  rmSync(join(PKG, 'worker'), { recursive: true, force: true });
  mkdirSync(join(PKG, 'worker'));
  const own = readdirSync(WORKER).map((name) => join(WORKER, name));
  for (const path of [...own, ...SHARED.map((name) => join(ROOT, name))]) {
    if (path.endsWith('.test.js')) continue;
    let text = readFileSync(path, 'utf8');
    for (const [from, to] of Object.entries(places)) text = text.replaceAll(`'${from}'`, `'${to}'`);
    writeFileSync(join(PKG, 'worker', basename(path)), text);
  }
}

const declarations = packageDeclarations(readFileSync(join(PKG, 'blis_playground.d.ts'), 'utf8'));
const style = { parser: 'typescript', printWidth: 120, singleQuote: true };
writeFileSync(join(PKG, TYPES), await format(declarations, style));
for (const name of BY_HAND) copyFileSync(join(ROOT, 'src/wasm/npm', name), join(PKG, name));
packWorker();
const readme = readFileSync(join(ROOT, 'src/wasm/npm/README.md'), 'utf8');
// It lies beside what it links to.
writeFileSync(join(PKG, 'README.md'), readme.replaceAll('](../../../', ']('));
for (const path of PAPERS) cpSync(join(ROOT, path), join(PKG, path), { recursive: true });
const changes = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
// What it links to in the repository alone is left as words.
const words = changes.replaceAll(/\[([^\]]+)\]\((?!https?:)([^)#]+)[^)]*\)/g, (link, text, path) =>
  existsSync(join(PKG, path)) ? link : text,
);
writeFileSync(join(PKG, 'CHANGELOG.md'), words);
const written = JSON.parse(readFileSync(METADATA, 'utf8'));
// Those of the page, which wasm-bindgen takes for the module's.
delete written.dependencies;
const metadata = {
  ...written,
  // Stated whole: wasm-pack's own list depends on what an earlier build has left in the folder.
  files: [
    'blis_playground.js',
    'blis_playground_bg.wasm',
    ...BY_HAND,
    TYPES,
    'snippets',
    'worker',
    ...PAPERS,
    'LICENSE-*',
  ],
  main: './index.js',
  types: TYPES,
  // Either way in completes the classes, and Node's starts the engine, too.
  sideEffects: ['./index.js', './node.js', './worker/thread.js', './worker/thread_node.js'],
  // From here on `require` takes modules.
  engines: { node: '>=20.19' },
  exports: {
    '.': { types: TYPES, node: './node.js', default: './index.js' },
    './index.js': { types: TYPES, default: './index.js' },
    './worker': { types: './worker/index.d.ts', node: './worker/node.js', default: './worker/browser.js' },
    './worker/browser.js': { types: './worker/index.d.ts', default: './worker/browser.js' },
    './worker/thread.js': './worker/thread.js',
    './blis_playground_bg.wasm': './blis_playground_bg.wasm',
    './package.json': './package.json',
  },
};
writeFileSync(METADATA, `${JSON.stringify(metadata, null, 2)}\n`);
