// The package as a developer gets it: packed, installed into an empty project, imported.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
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

test('the archive holds the module, all ways in, the declarations, the papers and the recipes, and nothing else', () => {
  const papers = ['CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'docs/API.md', 'package.json'];
  const code = ['blis_playground.js', 'blis_playground_bg.wasm', 'index.d.ts', 'index.js', 'node.js', 'objects.js'];
  const worker = [
    'browser.js',
    'client.js',
    'connection.js',
    'hidden.js',
    'index.d.ts',
    'node.js',
    'out_of_memory.js',
    'serving.js',
  ];
  const own = packed.files.map(({ path }) => path).filter((path) => !path.startsWith('snippets/'));
  assert.deepEqual(
    own.sort(),
    [
      ...papers,
      ...code,
      ...[...worker, 'thread.js', 'thread_node.js'].map((name) => `worker/${name}`),
      ...readdirSync(join(ROOT, 'examples/javascript')).map((name) => `examples/javascript/${name}`),
    ].sort(),
  );
  const snippets = packed.files.map(({ path }) => path).filter((path) => path.startsWith('snippets/'));
  assert.deepEqual(snippets.map((path) => basename(path)).sort(), ['config_error.js', 'values.js']);
});

test('what the papers of the archive link to is in it', () => {
  const paths = packed.files.map(({ path }) => path);
  for (const paper of paths.filter((path) => path.endsWith('.md'))) {
    const text = readFileSync(join(project, 'node_modules/blis-playground', paper), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
      assert.ok(paths.includes(join(dirname(paper), target)), `${paper} links to ${target}`);
  }
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
  for (const readme of ['README.md', 'src/wasm/npm/README.md'])
    assert.ok(read(readme).includes(`\`\`\`js\n${script}\`\`\``), `${readme} shows another script`);
  assert.equal(script.trimEnd().split('\n').length, 5);
  assert.match(run('node', 'node.mjs'), /^TTFT p99: [0-9.]+ ms, digest [0-9a-f]{16}\n$/);
});

test('require gives the same engine', () => {
  const script = `
    const { simulate, version, ConfigError } = require('blis-playground');
    const result = simulate({ cluster: { num_instances: 12 }, workload: { rate: 200, num_requests: 1000 } });
    console.log(\`TTFT p99: \${result.summary.ttft.p99_ms} ms, digest \${result.digest}\`);
    result.free();
    result.free();
    if (!version() || !ConfigError) throw new Error('something is missing');`;
  writeFileSync(join(project, 'common.cjs'), script);
  const output = run('node', '--disable-warning=ExperimentalWarning', 'common.cjs');
  assert.equal(output, run('node', 'node.mjs'));
});

test('the recipe of a sweep runs on threads, and ends', () => {
  const lines = run('node', 'sweep.mjs').trimEnd().split('\n');
  assert.equal(lines.length, 5);
  for (const line of lines) assert.match(line, /^\d+ instances: TTFT p99 \d+ ms \(\d+ to \d+\)$/);
});

test('the recipe of errors tells what is wrong', () => {
  assert.deepEqual(run('node', 'errors.mjs').trimEnd().split('\n'), [
    'invalid at cluster.num_instances: got 0, expected a whole number from 1 to 4096',
    'instances: cluster.num_instances: got 0, expected a whole number from 1 to 4096',
    'rate: workload.rate: got -1, expected a number greater than 0',
    '4 workload.rate: got fast, expected a number greater than 0',
  ]);
});

test('the recipe of a trace reads one and serves it', () => {
  const lines = run('node', 'trace.mjs', join(ROOT, 'tests/traces/azure-conv-200.csv.gz')).trimEnd().split('\n');
  assert.equal(lines[0], 'Azure LLM inference trace: 200 of 200 rows over 61.263537 s');
  assert.match(lines[1], /^TTFT p99 \d+ ms$/);
  assert.equal(lines.length, 2);
});

test('the reference and the table of columns are those of the package', () => {
  execFileSync('node', [join(ROOT, 'scripts/api.mjs'), '--check'], { encoding: 'utf8' });
});

test('the reference has sentences for tags, no comments within code, and names of types whole', () => {
  const page = read('docs/API.md');
  assert.doesNotMatch(page, /\/\*\*|@(throws|returns|param)/);
  const bases = [...page.matchAll(/Has all of `(.*?)`, too\./g)].map(([, base]) => base);
  assert.ok(bases.length > 0);
  for (const base of bases) assert.match(base, /^\w+(<\w+>)?$/);
  const throwing = page.match(/Throws `?\w.*?(?= Throws | \||$)/gm) ?? [];
  assert.ok(throwing.length > 50);
  for (const sentence of throwing) assert.match(sentence, /\.$/);
});

test('the declarations compile under tsc --strict, themselves included, and refuse what is wrong', () => {
  run('node', join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', '.');
});

test('the changelog has an entry for the version of the crate', () => {
  const { version } = JSON.parse(read('pkg/package.json'));
  assert.match(read('CHANGELOG.md'), new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\]`, 'm'));
});
