// What the Story says of a number of servers, against runs that are long enough to show it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { study } from '../../worker/theory.js';
import { bordersOf, fewestThatKeepUp, loadAt, loadOf, zoneOf, zoneOfRun } from './zones.js';

/** @import {Config} from '../../shared/types.d.ts' */
/** @import {Load} from './zones.js' */

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

/** @param {Config} config */
function run(config) {
  const result = engine.simulate(config);
  const { summary, digest } = result;
  result.free();
  return { summary, digest };
}

/** @param {Config} config */
function observed(config) {
  const simulation = new engine.Simulation(config);
  simulation.trackLimits();
  while (!simulation.advance(1_000_000).done);
  const result = simulation.finish();
  const { summary, digest } = result;
  const load = loadOf({ digest, summary, config }, study(engine, result, config));
  result.free();
  return { summary, load };
}

/** @param {Config} config @param {number} requests */
const longer = (config, requests) => ({ ...config, workload: { ...config.workload, num_requests: requests } });

test('every number of servers of the opening is in the zone that short and long runs put it into', () => {
  const zones = [];
  for (let servers = 1; servers <= 16; servers += 1) {
    const config = openingConfig(servers);
    const { summary, load } = observed(config);
    assert.ok(load !== null, `${servers}`);
    const zone = zoneOfRun(summary, load);
    zones.push(zone);
    const short = summary.verdict.kind;
    const long = run(longer(config, zone === 'keeps' ? 60_000 : 20_000)).summary;
    if (zone === 'behind') assert.equal(short, 'overloaded', `${servers}`);
    else assert.notEqual(short, 'overloaded', `${servers}`);
    if (zone === 'keeps') assert.notEqual(long.verdict.kind, 'overloaded', `${servers}`);
    else assert.equal(long.verdict.kind, 'overloaded', `${servers}`);
    // It is behind at once if the wait of the short run is a multiple of what one finds where there is room.
    assert.equal(summary.ttft.p99_ms > 1000, zone === 'behind', `${servers}: ${summary.ttft.p99_ms}`);
  }
  assert.deepEqual([zones.indexOf('fills') + 1, zones.indexOf('keeps') + 1, zones.includes(null)], [5, 12, false]);
});

test('other models, GPUs and lengths keep to their zones, too', () => {
  const scenes = [
    { model: 'meta-llama/llama-3.1-8b-instruct', gpu: 'L40S', rate: '30', route: 'least-loaded' },
    { model: 'qwen/qwen3-14b', gpu: 'A100-80', rate: '60', route: 'round-robin' },
    { model: 'meta-llama/llama-3.1-8b-instruct', gpu: 'H100', rate: '120', route: 'round-robin' },
  ];
  let seen = 0;
  for (const scene of scenes) {
    for (const instances of ['2', '6', '12']) {
      const pairs = Object.entries({
        ...scene,
        tp: '1',
        latency: 'roofline',
        workload: 'distribution',
        n: '2000',
        instances,
      });
      const { config } = engine.configFromPairs(/** @type {any} */ (pairs));
      const { summary, load } = observed(/** @type {Config} */ (config));
      const zone = zoneOfRun(summary, load);
      if (zone === null) continue;
      seen += 1;
      const long = run(longer(/** @type {Config} */ (config), 40_000)).summary.verdict.kind;
      const what = `${JSON.stringify(scene)} ${instances}: ${zone}, ${long}`;
      if (zone === 'keeps') assert.notEqual(long, 'overloaded', what);
      else assert.equal(long, 'overloaded', what);
    }
  }
  assert.ok(seen >= 7, `${seen} zones`);
});

/** @type {Load} */
const LOAD = { arrives: 50, reads: 43.6, finishes: 17.2, room: 'slots' };

/** A run with that many servers that serves all that comes, at a steady rate. @param {number} servers */
const served = (servers) =>
  /** @type {any} */ ({
    config: { cluster: { num_instances: servers }, workload: { concurrency: 0, spec: null, requests: null } },
    summary: { rejected: 0, timed_out: 0, dropped: 0, stops: [], burst: 0 },
  });

/** @param {number} servers */
const at = (servers) => /** @type {Load} */ (loadAt(LOAD, 4, served(servers)));

test('the load of another number of servers is the same traffic, shared differently', () => {
  assert.equal(zoneOf(LOAD), 'behind');
  assert.equal(zoneOf(at(8)), 'fills');
  assert.equal(zoneOf(at(12)), 'keeps');
  const { reads, finishes } = bordersOf(LOAD, 4);
  assert.ok(reads > 4 && reads < 5 && finishes > 11 && finishes < 12);
  assert.equal(fewestThatKeepUp(LOAD, 4), 12);
  assert.equal(fewestThatKeepUp(at(12), 12), 12);
});

test('a run that contradicts theory is in no zone', () => {
  const summary = (/** @type {any} */ kind) => /** @type {any} */ ({ verdict: { kind } });
  const keeps = at(12);
  assert.equal(zoneOfRun(summary('too_short'), keeps), 'keeps');
  assert.equal(zoneOfRun(summary('overloaded'), keeps), null);
  assert.equal(zoneOfRun(summary('steady'), at(8)), null);
  assert.equal(zoneOfRun(summary('too_short'), LOAD), null);
  assert.equal(zoneOfRun(summary('steady'), null), null);
});

test('without theory of this very run there is no load', () => {
  assert.equal(loadOf(null, null), null);
  const run = { digest: 'a', ...served(4) };
  assert.equal(loadOf(run, 'no such theory'), null);
  assert.equal(loadOf(run, /** @type {any} */ ({ digest: 'b' })), null);
});

test('where requests are lost, or users wait for their answers, a server’s load is no single number', () => {
  const lossy = { ...served(8), summary: { rejected: 0, timed_out: 3, dropped: 0, stops: [], burst: 0 } };
  assert.equal(loadAt(LOAD, 4, /** @type {any} */ (lossy)), null);
  const users = { ...served(8), config: { cluster: { num_instances: 8 }, workload: { concurrency: 64 } } };
  assert.equal(loadAt(LOAD, 4, /** @type {any} */ (users)), null);
});
