import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { RefusedSettings, Superseded } from '../../engine/client.js';
import { Pool } from '../../engine/pool.js';
import { study } from '../../worker/theory.js';
import { wrap } from '../lessons/chart.js';
import { LessonRunner } from '../lessons/runner.js';
import { Theorist } from './client.js';
import { excessSeries, p99Markers, theoryNotes } from './markers.js';
import { FORMS, introWords, notMeasuredWords } from '../../words/theory.js';
import { ORDER, boundWords, difference, written } from './view.js';

/** @import {Config, RunReport} from '../../shared/types.d.ts' */

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

/** @param {number} instances @param {number} rate @param {number} [requests] */
function studyOf(instances, rate, requests = 1000) {
  const story = openingConfig(instances);
  const config = { ...story, workload: { ...story.workload, rate, num_requests: requests } };
  const result = engine.simulate(config);
  try {
    return study(engine, result, config);
  } finally {
    result.free();
  }
}

test('every form of the engine is shown, and each of its figures has a name', () => {
  for (const { overlays } of [studyOf(4, 200), studyOf(12, 60)]) {
    assert.deepEqual(
      Object.keys(overlays)
        .filter((name) => name !== 'binding')
        .sort(),
      [...ORDER].sort(),
    );
    for (const name of ORDER) {
      assert.ok(overlays[name].because.length > 0);
      for (const quantity of overlays[name].values) assert.ok(FORMS[name].figures[quantity.name], quantity.name);
    }
  }
});

test('the introduction counts in the singular too, and what nothing measures is said once', () => {
  assert.match(introWords(1, 8, 'slots'), /^1 of 8 formulas applies to this run: its assumptions hold/);
  assert.match(introWords(1, 8, 'slots'), /The first limit of an instance is its batch slots\.$/);
  assert.match(introWords(3, 8, 'kv'), /^3 of 8 formulas apply to this run: their assumptions hold/);
  const measured = (/** @type {number} */ instances, /** @type {number} */ rate) =>
    studyOf(instances, rate).overlays.ceilings.values.filter((figure) => figure.measured !== null).length;
  assert.equal(measured(12, 60), 0, 'below capacity instances serve what arrives');
  assert.match(notMeasuredWords('ceilings'), /^Not measured: /);
});

test('figures are written with their unit', () => {
  assert.equal(written('excess', { name: 'capacity', unit: 'requests/s' }, 17.52), '17.5/s');
  assert.equal(written('excess', { name: 'wait_at_end_ms', unit: 'ms' }, 9258), '9.26 s');
  assert.equal(written('occupancy', { name: 'slots', unit: '' }, 0.157), '15.7%');
  assert.equal(written('burstiness', { name: 'arrivals', unit: '' }, 1e-27), '0');
});

test('the difference is that of the prediction from what was measured', () => {
  assert.equal(difference({ name: 'b', unit: '', value: 110, measured: 100, bound: null }), '+10%');
  assert.equal(difference({ name: 'b', unit: '', value: 90, measured: 100, bound: null }), '−10%');
  assert.equal(difference({ name: 'b', unit: '', value: 100.1, measured: 100, bound: null }), 'equal');
  assert.equal(difference({ name: 'b', unit: '', value: 1, measured: null, bound: null }), '');
});

test('a chart shows a prediction only of the same run, and only if it holds', () => {
  const theory = studyOf(4, 200, 3000);
  assert.equal(theory.overlays.fluid.holds, true, theory.overlays.fluid.because);
  const run = /** @type {RunReport} */ ({ digest: theory.digest });
  assert.equal(p99Markers(run, theory).length, 1);
  assert.match(theoryNotes(run, theory, 'p99')[0].says ?? '', /p99 .*s$/);
  const other = /** @type {RunReport} */ ({ digest: 'other' });
  assert.deepEqual([p99Markers(other, theory), theoryNotes(other, theory, 'p99')], [[], []]);
  const { overlays } = theory;
  const failed = { ...theory, overlays: { ...overlays, fluid: { ...overlays.fluid, holds: false } } };
  assert.deepEqual(p99Markers(run, failed), []);
  const [note] = theoryNotes(run, failed, 'p99');
  assert.deepEqual([note.holds, note.says, note.because], [false, undefined, overlays.fluid.because]);
});

test('a prediction that is off by 34% is not drawn, and the note says how far off it is', () => {
  const theory = studyOf(4, 200);
  const run = /** @type {RunReport} */ ({ digest: theory.digest });
  assert.deepEqual(p99Markers(run, theory), []);
  const [note] = theoryNotes(run, theory, 'p99');
  assert.equal(note.because, 'predicted 2 s, measured 1.5 s: off by 34%');
  const capacity = theory.overlays.ceilings.values.find(({ name }) => name === 'capacity');
  assert.equal(capacity?.measured ?? null, null, 'what was served is no capacity while the batches fill');
});

test('the bound of a figure stands beside it', () => {
  assert.equal(boundWords(/** @type {any} */ ({ bound: { share: 0.25, slack: 0 } })), ' (25% allowed)');
  assert.equal(boundWords(/** @type {any} */ ({ bound: null })), '');
});

test('the wait that the excess builds up grows evenly to the wait of the last arrival', () => {
  const theory = studyOf(4, 200);
  const run = /** @type {RunReport} */ ({ digest: theory.digest });
  assert.deepEqual(excessSeries(run, theory, [0, 1], 1), [], 'too short a run for the formula');
  const values = [{ name: 'wait_at_end_ms', unit: 'ms', value: 800, measured: null, bound: null }];
  const { excess } = theory.overlays;
  const held = { ...theory, overlays: { ...theory.overlays, excess: { ...excess, holds: true, values } } };
  const [line] = excessSeries(run, held, [0, 1, 3, 4], 4);
  assert.deepEqual(line.values, [0, 200, 600, 800]);
  assert.ok(line.dash);
});

/** @param {any[]} clients */
const poolOf = (...clients) => new Pool({ size: clients.length, makeClient: givenOut([undefined, ...clients]) });

/** @param {any[]} clients the first is that of the picture, which nothing uses here */
function givenOut(clients) {
  const left = [...clients];
  return () => left.shift();
}

/** @param {(config: any) => Promise<any>} answer */
function clientThat(answer) {
  const asked = /** @type {any[]} */ ([]);
  const client = {
    asked,
    cancel: () => {},
    propose: async (/** @type {any} */ pairs) => ({ config: { workload: {}, pairs }, pairs, problems: [] }),
    study: (/** @type {any} */ config) => {
      asked.push(config);
      return answer(config);
    },
  };
  return /** @type {any} */ (client);
}

const rest = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('theory is asked for once things have settled, for the newest settings only', async () => {
  const client = clientThat(async (config) => config.seed);
  const theorist = new Theorist(poolOf(client), 5);
  const answers = /** @type {any[]} */ ([]);
  for (const seed of [1, 2, 3]) theorist.ask(/** @type {any} */ ({ seed }), (answer) => answers.push(answer));
  await rest(30);
  assert.deepEqual(answers, [3]);
  assert.equal(client.asked.length, 1);
});

test('a reason why there is no theory is told; a question that was replaced is not answered', async () => {
  const problem = { path: 'workload', key: null, value: '', expected: '', message: 'no answers' };
  const answers = /** @type {any[]} */ ([]);
  const refusing = clientThat(() => Promise.reject(new RefusedSettings(problem)));
  new Theorist(poolOf(refusing), 1).ask(/** @type {any} */ ({}), (answer) => answers.push(answer));
  const replaced = clientThat(() => Promise.reject(new Superseded()));
  new Theorist(poolOf(replaced), 1).ask(/** @type {any} */ ({}), (answer) => answers.push(answer));
  await rest(20);
  assert.deepEqual(answers, ['no answers']);
});

/** @type {any} */
const lesson = { base: { rate: 1 }, scenes: ['a', 'b', 'c'].map((name) => ({ name, pairs: { n: name } })) };

test('all scenes of a lesson are run once, by several workers, with the lesson’s seed', async () => {
  const clients = [1, 2, 3].map(() => clientThat(async ({ seed, pairs }) => ({ figures: { seed, pairs } })));
  const progress = /** @type {number[]} */ ([]);
  const figures = await new LessonRunner(poolOf(...clients)).run(lesson, 7, (finished) => progress.push(finished));
  assert.deepEqual(Object.keys(figures ?? {}).sort(), ['a', 'b', 'c']);
  assert.deepEqual(figures?.b, {
    seed: 7,
    pairs: [
      ['streams', 'independent'],
      ['rate', '1'],
      ['n', 'b'],
    ],
  });
  assert.deepEqual(progress, [1, 2, 3]);
  // One worker is left to the views.
  assert.equal(clients.filter(({ asked }) => asked.length > 0).length, 3);
});

test('a cancelled lesson ends without figures; a failing scene fails it', async () => {
  const slow = new LessonRunner(poolOf(clientThat(() => rest(5).then(() => ({ figures: {} })))));
  const running = slow.run(lesson, 1, () => {});
  slow.cancel();
  assert.equal(await running, null);
  const failing = new LessonRunner(poolOf(clientThat(() => Promise.reject(new Error('broken')))));
  await assert.rejects(
    failing.run(lesson, 1, () => {}),
    /broken/,
  );
});

test('names under bars are cut into lines between words', () => {
  assert.deepEqual(wrap('A 12 instances, 5,000 requests', 14), ['A 12', 'instances,', '5,000 requests']);
});
