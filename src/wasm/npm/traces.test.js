// Traces through the package: read in pieces, shown, cut, packed, run.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** @type {typeof import('#engine')} */
const engine = await import(join(fileURLToPath(new URL('../../..', import.meta.url)), 'pkg/node.js'));

/** @import {Config, ExplicitRequest, TraceOptions} from '#engine' */

const TABLE = [
  'TIMESTAMP,ContextTokens,GeneratedTokens',
  '2023-11-16 18:15:46.6805900,374,44',
  '2023-11-16 18:15:50.9951690,396,109',
  'x,1,1',
  '2023-11-16 18:15:51.2224670,879,55',
].join('\r\n');

/**
 * @param {Uint8Array} file
 * @param {number} size of a piece
 * @param {TraceOptions} [options]
 */
function read(file, size, options = {}) {
  const reader = new engine.TraceReader(options);
  for (let at = 0; at < file.length; at += size) reader.push(file.subarray(at, at + size));
  return reader.finish();
}

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** @param {Config} config */
const digest = (config) => engine.simulate(config).digest;

test('a file is read in pieces of any size, gzipped or not, and shown', () => {
  const { report } = read(bytes(TABLE), 1e6);
  assert.equal(report.preview.detected.id, 'azure-llm');
  assert.deepEqual([report.counts.read, report.counts.kept, report.counts.dropped], [4, 3, 1]);
  assert.equal(report.dropped[0].first_line, 4);
  for (const [file, size] of /** @type {[Uint8Array, number][]} */ ([
    [bytes(TABLE), 1],
    [bytes(TABLE), 7],
    [gzipSync(TABLE), 5],
  ])) {
    const again = read(file, size).report;
    assert.deepEqual({ ...again, counts: null, preview: null }, { ...report, counts: null, preview: null });
  }
});

test('a slice is packed, loaded, named by settings, and runs like its rows', () => {
  const slice = read(bytes(TABLE), 100).slice({ first: 2, speed: 2 });
  assert.deepEqual(
    slice.report.steps.map(({ id, rows }) => [id, rows]),
    [
      ['first', 2],
      ['speed', 2],
    ],
  );
  assert.equal(slice.longerThan(500), 1);
  const requests = engine.loadRequests(slice.pack(), 'azure.csv');
  assert.deepEqual([requests.name, requests.requests], ['azure.csv', 2]);
  const config = { workload: { requests } };
  const rows = engine.withRows(config);
  const list = /** @type {ExplicitRequest[]} */ (rows.workload.requests);
  assert.deepEqual(
    list.map(({ arrival_us }) => arrival_us),
    [0, 2_157_289],
  );
  assert.equal(digest(rows), digest(config));
  assert.deepEqual(engine.packedRequests(rows), engine.packedRequests(config));

  assert.equal(engine.hasRequests(requests.digest), true);
  assert.equal(engine.unloadRequests(requests.digest), true);
  assert.equal(engine.hasRequests(requests.digest), false);
  assert.throws(() => digest(config), {
    name: 'ConfigError',
    path: 'workload.requests',
    message: /the list azure\.csv, expected a list that has been loaded/,
  });
  assert.equal(engine.validate(config)[0].path, 'workload.requests');
});

test('what is wrong with a file, its options or its bytes is told with its place', () => {
  const refused = (/** @type {() => unknown} */ act, /** @type {string} */ path, /** @type {RegExp} */ message) =>
    assert.throws(act, { name: 'ConfigError', path, message });
  refused(() => new engine.TraceReader(/** @type {any} */ ({ format: 'x' })), 'options.format', /x/);
  refused(() => new engine.TraceReader(/** @type {any} */ ({ colour: 1 })), 'options.colour', /known field/);
  refused(() => new engine.TraceReader({}).push(/** @type {any} */ ('text')), 'piece', /bytes/);
  refused(() => read(bytes(TABLE), 9).slice({ speed: -1 }), 'slices.speed', /-1/);
  refused(() => engine.loadRequests(bytes('no list'), 'x'), 'workload.requests', /no packed list/);
  const reader = new engine.TraceReader({});
  reader.push(bytes(TABLE));
  reader.finish();
  refused(() => reader.push(bytes('1')), 'reader', /has been finished/);
});

test('the formats and the roles of columns have names and words', () => {
  const formats = engine.traceFormats();
  assert.ok(formats.length > 10);
  for (const { id, name } of formats) assert.ok(id && name);
  for (const { id, words } of engine.traceRoles()) assert.ok(id && words);
});
