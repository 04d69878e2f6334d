// Completes what wasm-pack has put into pkg/, so that it can be published as it is: a way in for Node beside the one
// for browsers and bundlers, and the metadata that wasm-pack does not write.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PKG = join(ROOT, 'pkg');
const METADATA = join(PKG, 'package.json');
const TYPES = './blis_playground.d.ts';

// The objects of the engine can be disposed of by `using`; not every library of types has the word for it.
const declarations = join(PKG, TYPES);
const REFERENCE = '/// <reference lib="esnext.disposable" />\n';
const declared = readFileSync(declarations, 'utf8');
if (!declared.startsWith(REFERENCE)) writeFileSync(declarations, REFERENCE + declared);

copyFileSync(join(ROOT, 'src/wasm/npm/node.js'), join(PKG, 'node.js'));
copyFileSync(join(ROOT, 'CHANGELOG.md'), join(PKG, 'CHANGELOG.md'));
const written = JSON.parse(readFileSync(METADATA, 'utf8'));
const metadata = {
  ...written,
  // Stated whole: wasm-pack's own list depends on what an earlier build has left in the folder.
  files: ['blis_playground*', 'node.js', 'CHANGELOG.md', 'LICENSE-*'],
  // Node's way in starts the engine when it is imported; the other one does nothing by itself.
  sideEffects: ['./node.js'],
  engines: { node: '>=20' },
  exports: {
    '.': { types: TYPES, node: './node.js', default: './blis_playground.js' },
    './blis_playground.js': { types: TYPES, default: './blis_playground.js' },
    './blis_playground_bg.wasm': './blis_playground_bg.wasm',
    './package.json': './package.json',
  },
};
writeFileSync(METADATA, `${JSON.stringify(metadata, null, 2)}\n`);
