// The declarations are true: every value that the package gives, for settings that reach its optional parts, is written
// down as TypeScript and compiled against the type that is declared for it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { claim, namesClaim } from './literals.js';
import { BARE, configurations, SPECIFICATION } from './configurations.js';
import { MEASURED, MODELS, SEARCHES, SLICES, TRACES } from './tried.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The package as Node gets it. @type {typeof import('#engine')} */
const api = await import(join(ROOT, 'pkg/node.js'));

/** @type {string[]} */
const claims = [];

/** Names of fields that were seen to be something, and to be null. */
const seen = { something: new Set(), nothing: new Set() };

/** @param {unknown} value */
function note(value) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const [name, field] of Object.entries(value)) {
    seen[field === null ? 'nothing' : 'something'].add(name);
    note(field);
  }
}

/**
 * @template Value
 * @param {string} type
 * @param {Value} value
 * @returns {Value} the same
 */
function is(type, value) {
  note(value);
  claims.push(claim(type, value));
  return value;
}

/** Members of a class that its users have no use for. */
const INSIDES = ['constructor', '__wbg_ptr', '__destroy_into_raw'];

/**
 * Every getter, and every method with the arguments that are given for it.
 * @param {string} name of the class
 * @param {any} object
 * @param {Record<string, unknown[]>} calls
 */
function walk(name, object, calls = {}) {
  const properties = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object));
  const members = Object.keys(properties).filter((member) => !INSIDES.includes(member));
  claims.push(namesClaim(`Exclude<keyof api.${name}, typeof Symbol.dispose>`, members));
  // What ends the object comes last.
  for (const member of members.sort((left) => (left === 'finish' ? 1 : -1))) {
    if (member === 'free') continue;
    if (properties[member].get) is(`api.${name}['${member}']`, object[member]);
    else {
      assert.ok(calls[member], `say how ${name}.${member} is to be called`);
      is(`ReturnType<api.${name}['${member}']>`, object[member](...calls[member]));
    }
  }
}

/** @param {() => unknown} call */
function refusal(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof api.ConfigError, String(error));
    is("ReturnType<api.ConfigError['toJSON']>", error.toJSON());
    for (const name of /** @type {const} */ (['code', 'path', 'key', 'value', 'expected', 'message', 'name']))
      is(`api.ConfigError['${name}']`, error[name]);
    return;
  }
  assert.fail(`${call} was accepted`);
}

/**
 * The constants of these settings; of the default ones if these have none, as where a request never ends.
 * @param {import('#engine').Config} config
 */
function calibrated(config) {
  try {
    return api.calibrate(config);
  } catch (error) {
    assert.ok(error instanceof api.ConfigError, String(error));
    return api.calibrate({});
  }
}

/** @param {import('#engine').Config} config */
function walkRun(config) {
  const settings = new api.Settings(api.configToPairs(config));
  walk('Settings', settings, { problems: [], simulation: [], estimate: [] });
  is('ReturnType<typeof api.validate>', api.validate(config));
  is('ReturnType<typeof api.configToPairs>', api.configToPairs(config));
  is('ReturnType<typeof api.configFromPairs>', api.configFromPairs([...api.configToPairs(config), ['nope', '1']]));
  is('ReturnType<typeof api.exportWorkloadSpec>', api.exportWorkloadSpec(config));
  is('ReturnType<typeof api.fits>', api.fits(config));
  is('ReturnType<typeof api.estimate>', api.estimate(config));
  is('ReturnType<typeof api.simulate>', api.simulate(config));
  is('ReturnType<typeof api.exportTrace>', api.exportTrace(config));

  const simulation = new api.Simulation(config);
  const whole = { trackLimits: [], advance: [1], advanceFor: [1e6], finish: [] };
  walk('Simulation', simulation, whole);
  is("ReturnType<api.Result['figures']>", api.simulate(config).figures(calibrated(config)));
  const again = new api.Simulation(config);
  again.trackLimits();
  again.advance(Infinity);
  const result = again.finish();
  const calibration = is('ReturnType<typeof api.calibrate>', calibrated(config));
  walk('Calibration', calibration);
  walk('Result', result, {
    column: ['ttft_us'],
    distribution: ['ttft', 20, 20],
    figures: [calibration],
    goodShare: [{ ttft_ms: 500 }],
    goodputCurve: [20],
    overlays: [calibration],
    phases: [],
    regretByInstance: [],
    regretSeries: [20],
    requestsPerInstance: [],
    sessionName: [0],
    toJSON: [],
    trace: [],
    ttftCdf: [20],
    ttftHistogram: [20],
    ttftMs: [],
    worstDecisions: [5],
    worstWaits: [5],
  });

  const playback = new api.Playback(config);
  const middle = (result.summary.simulated_s * 1e6) / 2;
  walk('Playback', playback, { seek: [middle], sample: [middle], nextEvent: [], timeline: [2 * middle, 10] });
  for (let part = 0; part <= 8; part += 1) {
    const moment = playback.seek((middle * part) / 4);
    walk('Moment', moment, { queue: [0], batch: [0], batchProgress: [0] });
  }
  is("ReturnType<api.Playback['nextEvent']>", playback.nextEvent());
  for (const request of [0, Math.floor(result.states.length / 2), result.states.length - 1]) {
    is('ReturnType<typeof api.explainDecision>', api.explainDecision(config, request));
    is('ReturnType<typeof api.explainWait>', api.explainWait(config, request));
  }
  is('ReturnType<typeof api.forkRoute>', api.forkRoute(config, 0, 0));

  const sweep = new api.Sweep([config]);
  sweep.start(0, 1);
  is("ReturnType<api.Sweep['finish']>", sweep.finish());
  walk('Sweep', sweep, { start: [0, 2n], advance: [Infinity], finish: [] });
}

function walkTraces() {
  for (const [text, options] of TRACES) {
    const reader = new api.TraceReader(is('api.TraceOptions', options));
    is("ReturnType<api.TraceReader['preview']>", reader.preview());
    walk('TraceReader', reader, { push: [new TextEncoder().encode(text)], preview: [], end: [], finish: [] });
    const again = new api.TraceReader(options);
    again.push(new TextEncoder().encode(text));
    const table = again.finish();
    for (const slices of SLICES) {
      walk('TraceTable', table, { longerThan: [500], slice: [is('api.TraceSlices', slices)] });
      walk('TraceSlice', table.slice(slices), { longerThan: [500], pack: [] });
    }
    const requests = is('ReturnType<typeof api.loadRequests>', api.loadRequests(table.slice({}).pack(), 'some.csv'));
    const config = { workload: { requests } };
    is('ReturnType<typeof api.withRows>', api.withRows(config));
    is('ReturnType<typeof api.packedRequests>', api.packedRequests(config));
    is('ReturnType<typeof api.hasRequests>', api.hasRequests(requests.digest));
    is('ReturnType<typeof api.unloadRequests>', api.unloadRequests(requests.digest));
  }
  // Two requests of no span of time at all have slices with a rate only where there is one.
  is('api.TraceSlices', { rate: 3 });
  is('ReturnType<typeof api.traceFormats>', api.traceFormats());
  is('ReturnType<typeof api.traceRoles>', api.traceRoles());
  is('ReturnType<typeof api.importPolicy>', api.importPolicy('scheduler: sjf', {}));
}

test('every value that the package gives is as its declaration says, and nothing is declared that is not there', () => {
  claims.push(namesClaim('keyof typeof api', Object.keys(api)));
  for (const config of configurations(api)) walkRun(config);

  for (const name of /** @type {const} */ (['version', 'schema', 'catalog', 'columns', 'defaultConfig', 'newSeed']))
    is(`ReturnType<typeof api.${name}>`, api[name]());
  claims.push(namesClaim("Exclude<keyof typeof api.Result, 'prototype'>", ['columnNames']));
  is('ReturnType<typeof api.Result.columnNames>', api.Result.columnNames());
  for (const text of [SPECIFICATION, BARE])
    is('ReturnType<typeof api.importWorkloadSpec>', api.importWorkloadSpec(text, {}));
  for (const [name, text, quantisation] of MODELS) {
    const model = is('ReturnType<typeof api.readModel>', api.readModel(name, JSON.stringify(text), quantisation));
    is('ReturnType<typeof api.describeModel>', api.describeModel(model));
  }
  is('ReturnType<typeof api.describeModel>', api.describeModel({ name: 'nothing' }));
  is('ReturnType<typeof api.importSettings>', api.importSettings(JSON.stringify(api.defaultConfig()), {}));
  is('ReturnType<typeof api.checkLesson>', api.checkLesson('{"id": 5}'));
  const trace = api.exportTrace({ workload: { num_requests: 3 } });
  walkTraces();
  is('ReturnType<typeof api.importTrace>', api.importTrace(trace.header, trace.data, {}));

  refusal(() => api.simulate({ workload: { rate: -5 } }));
  refusal(() => api.simulate({ model: { name: 'codellama/codellama-34b-instruct-hf', hardware: 'L40S', tp: 1 } }));
  refusal(() => api.importWorkloadSpec('clients: [', {}));
  is('ReturnType<typeof api.validate>', api.validate({ cluster: { num_instances: 0 }, workload: { rate: 0 } }));

  const targets = { seeds: 2, max_instances: 8, max_requests: 2000 };
  for (const [config, tp] of SEARCHES) {
    const search = new api.SizeSearch({ ...config, slo: { default: { ttft_ms: 400 } } }, tp, {
      ...targets,
      goodput_percent: 50,
    });
    is("ReturnType<api.SizeSearch['row']>", search.row());
    for (let slice = 0; slice < 400 && !search.advance(100_000).done; slice += 1);
    walk('SizeSearch', search, { advance: [1], row: [] });
  }

  walkMeasurements();

  const folder = mkdtempSync(join(tmpdir(), 'blis-declarations-'));
  try {
    const text = `import * as api from ${JSON.stringify(join(ROOT, 'pkg/index.js'))};\n${[...new Set(claims)].join('\n')}\n`;
    writeFileSync(join(folder, 'claims.ts'), text);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, include: ['claims.ts'] }));
    execFileSync('node', [join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', folder], { encoding: 'utf8' });
  } catch (error) {
    const complaints = String(/** @type {{stdout?: string}} */ (error).stdout ?? error).split('\n');
    assert.fail(
      complaints
        .slice(0, 20)
        .map((line) => line.slice(0, 500))
        .join('\n'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function walkMeasurements() {
  const all = MEASURED.map((text, place) => ({ name: `${place}`, text }));
  for (const list of [
    all,
    [all[0]],
    [{ name: 'a', text: new TextEncoder().encode(MEASURED[0]) }],
    [{ name: 'a', text: '{}' }],
  ])
    is('ReturnType<typeof api.readMeasurements>', api.readMeasurements(list, {}));
  is('ReturnType<typeof api.readMeasurements>', api.readMeasurements([{ name: 'a', text: 'rate,ttft\n1,5' }], {}));
  const { rows } = api.readMeasurements(all, { input_tokens: 5, output_tokens: 5, arrivals: 'poisson' });
  const fit = new api.LatencyFit({}, rows, 'ours');
  refusal(() => fit.result());
  for (let slice = 0; slice < 10_000 && !fit.advance(100_000).done; slice += 1);
  walk('LatencyFit', fit, { advance: [1], result: [] });
  refusal(() => new api.LatencyFit({}, rows.slice(1, 2), ''));
}

const COMPILER = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'ES2022',
  module: 'NodeNext',
  lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
  types: [],
};

/** Figures have their closed forms wherever JavaScript gets them; a benchmark without users is refused; the last one is only taken. */
const NEVER_NULL = ['theory', 'shared_prefix', 'goodput_percent'];

test('every field that may be null was seen to be null and to be something, so that nothing above went untried', () => {
  const declared = readFileSync(join(ROOT, 'pkg/index.d.ts'), 'utf8');
  const nullable = [...declared.matchAll(/^ {2}(\w+)\??: [^;]*\| null;$/gm)].map(([, name]) => name);
  assert.ok(nullable.length > 30, 'the declarations look different');
  assert.doesNotMatch(declared, /\bMap<|^ {2}\w+\??: [^;]*\bundefined;$/m, 'JavaScript gets records and null');
  assert.deepEqual(
    nullable.filter((name) => !seen.something.has(name)),
    [],
    'were never something',
  );
  assert.deepEqual(
    nullable.filter((name) => !seen.nothing.has(name)),
    NEVER_NULL,
    'were never null',
  );
});
