// The package as a developer gets it: packed, installed into an empty project, imported.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'blis-consumer-'));

/** @param {string} program @param {string[]} args */
const run = (program, ...args) => execFileSync(program, args, { cwd: project, encoding: 'utf8' });

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** @type {{filename: string, files: {path: string}[]}} */
let packed;

before(() => {
  [packed] = JSON.parse(run('npm', 'pack', '--json', '--pack-destination', project, join(ROOT, 'pkg')));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`);
  cpSync(join(ROOT, 'tests/consumer'), project, { recursive: true });
  cpSync(join(ROOT, 'examples/javascript'), project, { recursive: true });
});

after(() => rmSync(project, { recursive: true }));

test('the archive holds the module, both ways in, the declarations and the papers, and nothing else', () => {
  const papers = ['CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'package.json'];
  const code = ['.d.ts', '.js', '_bg.wasm', '_bg.wasm.d.ts'].map((ending) => `blis_playground${ending}`);
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), [...papers, ...code, 'node.js'].sort());
});

test('name, version and licence are those of the crate, and every way in is a file of the archive', () => {
  const metadata = JSON.parse(read('pkg/package.json'));
  const manifest = read('Cargo.toml');
  const said = (/** @type {string} */ key) => manifest.match(new RegExp(`^${key} = "(.*)"$`, 'm'))?.[1];
  for (const key of ['name', 'version', 'license', 'description']) assert.equal(metadata[key], said(key), key);
  const ways = Object.values(metadata.exports).flatMap((way) => (typeof way === 'string' ? way : Object.values(way)));
  const paths = packed.files.map(({ path }) => `./${path}`);
  for (const way of ways) assert.ok(paths.includes(way), way);
});

test('the script of the README runs in Node, and prints the digest of the engine', () => {
  const script = read('examples/javascript/node.mjs');
  assert.ok(read('README.md').includes(`\`\`\`js\n${script}\`\`\``), 'the README shows another script');
  assert.equal(script.trimEnd().split('\n').length, 5);
  assert.match(run('node', 'node.mjs'), /^TTFT p99: [0-9.]+ ms, digest [0-9a-f]{16}\n$/);
});

test('the declarations compile under tsc --strict, themselves included, and refuse what is wrong', () => {
  run('node', join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', '.');
});

test('the changelog has an entry for the version of the crate', () => {
  const { version } = JSON.parse(read('pkg/package.json'));
  assert.match(read('CHANGELOG.md'), new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\]`, 'm'));
});
