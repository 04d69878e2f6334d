// Objects of the engine end safely, whatever the order and however often, and refuse everything afterwards by name.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

/** @type {typeof import('#engine')} */
const api = await import(join(fileURLToPath(new URL('../../..', import.meta.url)), 'pkg/node.js'));

/** @import {Calibration, Config, Result} from '#engine' */

const config = { workload: { num_requests: 20 } };

const ROWS = [1, 2].map((rate) => ({ rate, ttft_ms: 60, itl_ms: 14, input_tokens: 200, output_tokens: 20 }));

function table() {
  const reader = new api.TraceReader({});
  reader.push(new TextEncoder().encode('timestamp,input_tokens,output_tokens\n0,5,2\n'));
  return reader.finish();
}

/** A way to one object of each class. @type {Record<string, () => {free: () => void}>} */
const MADE = {
  Calibration: () => api.calibrate(config),
  LatencyFit: () => new api.LatencyFit(config, ROWS, ''),
  Moment: () => new api.Playback(config).seek(0),
  Playback: () => new api.Playback(config),
  Result: () => api.simulate(config),
  Settings: () => new api.Settings([]),
  Simulation: () => new api.Simulation(config),
  SizeSearch: () => new api.SizeSearch(config, 1, {}),
  Sweep: () => new api.Sweep([config]),
  TraceReader: () => new api.TraceReader({}),
  TraceSlice: () => table().slice({}),
  TraceTable: table,
};

test('there is a way to an object of every class', () => {
  const classes = Object.entries(api).filter(([, value]) => typeof value === 'function' && value.prototype?.free);
  assert.deepEqual(classes.map(([name]) => name).sort(), Object.keys(MADE));
});

for (const [name, make] of Object.entries(MADE)) {
  test(`a ${name} may be freed twice, and refuses everything else after that`, () => {
    const object = /** @type {any} */ (make());
    assert.ok(object instanceof /** @type {any} */ (api)[name]);
    object.free();
    object.free();
    object[Symbol.dispose]?.();
    const message = new RegExp(`^Error: this ${name} has been finished or freed$`);
    const calibration = api.calibrate(config);
    const members = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object));
    for (const [member, { get, value }] of Object.entries(members)) {
      if (['constructor', 'free', '__wbg_ptr'].includes(member)) continue;
      if (get) assert.throws(() => object[member], message, member);
      else if (typeof value === 'function') assert.throws(() => object[member](calibration), message, member);
    }
    assert.equal(inspect(object), `${name} (finished or freed)`);
  });
}

test('a finished simulation may be freed, disposed of, and finished no second time', () => {
  const simulation = new api.Simulation(config);
  simulation.advance(Infinity);
  /** @type {Result} */
  let result;
  try {
    result = simulation.finish();
  } finally {
    simulation.free();
    if (Symbol.dispose) simulation[Symbol.dispose]();
  }
  assert.equal(result.digest, api.simulate(config).digest);
  assert.throws(() => simulation.finish(), /this Simulation has been finished or freed/);
});

test('cleaning up an effect twice, as React does in development, is safe', () => {
  const effect = () => {
    const result = api.simulate(config);
    return () => result.free();
  };
  const [first, second] = [effect(), effect()];
  for (const cleanUp of [first, first, second]) cleanUp();
});

test('an ended object as an argument is refused by its own name', () => {
  const [result, calibration] = [api.simulate(config), api.calibrate(config)];
  calibration.free();
  assert.throws(() => result.overlays(calibration), /this Calibration has been finished or freed/);
});

test('new says where the objects come from that are only given', () => {
  for (const name of /** @type {const} */ (['Calibration', 'Moment', 'Result']))
    assert.throws(() => new /** @type {any} */ (api)[name](), new RegExp(`^TypeError: a ${name} is not made with new`));
});

test('a result gives the same frozen object at every read, and its columns fresh', () => {
  const result = api.simulate(config);
  for (const name of /** @type {const} */ ([
    'summary',
    'warnings',
    'notes',
    'states',
    'classes',
    'conversationEnds',
    'config',
    'latencyTargets',
  ])) {
    assert.equal(result[name], result[name], name);
    assert.ok(Object.isFrozen(result[name]), name);
  }
  assert.ok(Object.isFrozen(result.summary.verdict.losses), 'to the bottom');
  assert.throws(() => Object.assign(result.summary, { requests: 0 }), TypeError);
  assert.notEqual(result.column('ttft_us'), result.column('ttft_us'));
});

test('a result as JSON and in a log shows its figures', () => {
  const result = api.simulate(config);
  const { digest, verdict, warnings, summary, config: settings } = JSON.parse(JSON.stringify(result));
  assert.deepEqual(
    { digest, verdict, warnings, summary, settings },
    {
      digest: result.digest,
      verdict: result.summary.verdict,
      warnings: result.warnings,
      summary: result.summary,
      settings: result.config,
    },
  );
  assert.match(inspect(result), new RegExp(`^Result \\{\\s+digest: '${result.digest}'`));
});
