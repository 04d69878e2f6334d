// No lesson says anything false on the page: its claims and texts are tried with the package that the page uses.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as engine from '#engine';
import { openingConfig } from '../../../tests/opening_config.js';
import { parseHash } from '../../address/url.js';
import { study } from '../../worker/theory.js';
import { openWithWords } from '../../words/lessons.js';
import { barNames } from './chart.js';
import { NoFigure, holds } from './claim.js';
import { fill } from './fill.js';
import { LESSON_METRICS, metricText } from './metrics.js';
import { simulatedBy, simulatedWords } from '../../settings/simulated.js';
import { FIRST_SEED, lessonSubject, sceneAddress, scenePairs, withSeed } from './scenes.js';

/** @import {Config} from '../../shared/types.d.ts' */
/** @import {Claim, Lesson, Scene, SceneFigures} from './types.d.ts' */

const FOLDER = new URL('course/', import.meta.url);

/** @param {string} name @returns {any} */
function read(name) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}

/** @type {Lesson[]} */
const lessons = read('course').lessons.map(read);

before(() => {
  engine.initSync({ module: readFileSync(new URL('../../../pkg/blis_playground_bg.wasm', import.meta.url)) });
});

/** @param {Lesson} lesson @param {Scene} scene */
function configOf(lesson, scene) {
  const { config, rejected } = engine.configFromPairs(scenePairs(lesson, scene));
  assert.deepEqual(rejected, []);
  return withSeed(/** @type {Config} */ (config), FIRST_SEED);
}

/** @param {Lesson} lesson @returns {SceneFigures} */
function run(lesson) {
  const figures = lesson.scenes.map((scene) => {
    const config = configOf(lesson, scene);
    const simulation = new engine.Simulation(config);
    simulation.trackLimits();
    while (!simulation.advance(1_000_000).done);
    const result = simulation.finish();
    try {
      return [scene.name, study(engine, result, config).figures];
    } finally {
      result.free();
    }
  });
  return Object.fromEntries(figures);
}

test('our lessons pass the check that a teacher’s own have to pass', () => {
  for (const { id } of lessons)
    assert.deepEqual(engine.checkLesson(readFileSync(new URL(`${id}.json`, FOLDER), 'utf8')), [], id);
});

test('the check allows exactly the figures that have a name here', () => {
  const [problem] = engine.checkLesson(JSON.stringify({ ...lessons[0], metrics: ['none'] }));
  assert.equal(problem.path, 'metrics[0]');
  assert.deepEqual(problem.expected.replace('one of ', '').split(', ').sort(), Object.keys(LESSON_METRICS).sort());
});

test('the course begins with the cluster of the opening scene, and keeps its models', () => {
  const [first] = lessons;
  for (const [name, instances] of [
    ['four', 4],
    ['eight', 8],
    ['twelve', 12],
  ]) {
    const scene = first.scenes.find((each) => each.name === name);
    assert.ok(scene);
    const opening = openingConfig(/** @type {number} */ (instances));
    // It is the cluster that is the same: a lesson has its own seeds, and streams of its own.
    const { seed, streams } = opening;
    const config = { ...configOf(first, scene), seed, streams };
    assert.deepEqual(engine.configToPairs(config), engine.configToPairs(opening));
  }
});

test('a file of a lesson has the name by which the course and links know it', () => {
  assert.ok(lessons.length > 0);
  assert.deepEqual(
    lessons.map(({ id }) => id),
    read('course').lessons,
  );
});

for (const lesson of lessons) {
  test(`what the page tells in ${lesson.id} is true`, () => {
    const scenes = run(lesson);
    for (const { says, that } of lesson.claims) assert.equal(holds(that, scenes), true, says);
    assert.match(lesson.reveal, /\{\{/);
    for (const text of [lesson.reveal, lesson.why]) {
      assert.doesNotMatch(fill(text, scenes), /\{\{|\}\}|NaN|∞|undefined/);
    }
    for (const metric of lesson.metrics) {
      assert.ok(LESSON_METRICS[metric], `${metric} has no words`);
      for (const { name } of lesson.scenes) assert.notEqual(metricText(scenes, name, metric), '–');
    }
  });

  test(`a link to a scene of ${lesson.id} has the settings of the scene`, () => {
    for (const scene of lesson.scenes) {
      const link = parseHash(sceneAddress(lesson, scene, FIRST_SEED));
      const { config, rejected } = engine.configFromPairs(link?.pairs ?? []);
      assert.deepEqual(rejected, []);
      assert.deepEqual(engine.configToPairs(config), engine.configToPairs(configOf(lesson, scene)));
    }
  });
}

test('each exercise names its first change, which is not an answer', () => {
  for (const { explore } of lessons) {
    assert.ok(explore.change.length > 3 && !/first change/.test(explore.change), explore.change);
  }
  assert.equal(openWithWords('9 instances'), 'Open it with 9 instances');
});

test('bars have the names of their runs where these fit, and letters where they do not', () => {
  for (const lesson of lessons) {
    const { ticks, letters } = barNames(lesson, false);
    assert.equal(letters, false, lesson.id);
    assert.deepEqual(
      ticks.map((tick) => tick.replaceAll('\n', ' ')),
      lesson.scenes.map(({ label }) => label),
    );
  }
  const many = lessons.find(({ scenes: all }) => all.length === 6);
  assert.ok(many);
  assert.deepEqual(barNames(many, true), { ticks: ['A', 'B', 'C', 'D', 'E', 'F'], letters: true });
});

/** @type {SceneFigures} */
const scenes = {
  a: { ttft: { p99_ms: 1497, mean_ms: 41.6 }, overloaded: true, rejected: 64, arrived: 100, good: null },
  b: { ttft: { p99_ms: 63 }, requests: 12_000 },
};

test('a run that is too short to tell is not called free of overload', () => {
  const runs = {
    short: { overloaded: false, verdict: { kind: 'too_short' } },
    over: { overloaded: true, verdict: { kind: 'overloaded' } },
    calm: { overloaded: false, verdict: { kind: 'steady' } },
  };
  assert.equal(metricText(runs, 'short', 'overloaded'), 'too short to tell');
  assert.equal(metricText(runs, 'over', 'overloaded'), 'yes');
  assert.equal(metricText(runs, 'calm', 'overloaded'), 'no');
});

test('greater compares with a multiple', () => {
  assert.equal(holds({ greater: ['a.ttft.p99_ms', 23, 'b.ttft.p99_ms'] }, scenes), true);
  assert.equal(holds({ greater: ['a.ttft.p99_ms', 24, 'b.ttft.p99_ms'] }, scenes), false);
  assert.equal(holds({ greater: ['a.rejected', 1, 64] }, scenes), false);
});

test('less compares with a number too', () => {
  assert.equal(holds({ less: ['b.ttft.p99_ms', 1, 64] }, scenes), true);
  assert.equal(holds({ less: ['a.rejected', 1, 64] }, scenes), false);
});

test('near allows a share of the last', () => {
  assert.equal(holds({ near: ['b.ttft.p99_ms', 0.26, 50] }, scenes), true);
  assert.equal(holds({ near: ['b.ttft.p99_ms', 0.25, 50] }, scenes), false);
  assert.equal(holds({ near: [-63, 0.26, -50] }, scenes), true);
});

test('flags are true or false', () => {
  assert.equal(holds({ true: 'a.overloaded' }, scenes), true);
  assert.equal(holds({ false: 'a.overloaded' }, scenes), false);
});

test('a figure that does not exist is named, and is never just false', () => {
  for (const path of ['b.overloaded', 'a.good.requests', 'c.rejected', 'a.toString']) {
    assert.throws(() => holds({ true: path }, scenes), new NoFigure(path));
    assert.throws(() => holds({ less: [path, 1, 5] }, scenes), new NoFigure(path));
  }
  assert.throws(() => holds({ true: 'a.rejected' }, scenes), NoFigure, 'a number is not a flag');
  assert.throws(() => holds(/** @type {any} */ ({ equal: ['a.rejected', 1, 64] }), scenes), /unknown claim/);
});

test('times in texts have a unit that fits', () => {
  assert.equal(fill('from {{a.ttft.p99_ms}} to {{ b.ttft.p99_ms }}.', scenes), 'from 1.5 s to 63 ms.');
});

test('quotients, differences and percentages', () => {
  assert.equal(fill('{{a.ttft.p99_ms / b.ttft.p99_ms}} times', scenes), '23.8 times');
  assert.equal(fill('{{b.ttft.p99_ms - a.ttft.mean_ms}} more', scenes), '21.4 ms more');
  assert.equal(fill('{{a.rejected / a.arrived as percent}}', scenes), '64%');
});

test('whole numbers stay whole, thousands are set apart', () => {
  assert.equal(fill('{{a.rejected}} of {{b.requests}}', scenes), '64 of 12,000');
});

test('a text about what does not exist is an error', () => {
  assert.throws(() => fill('{{a.nothing}}', scenes), new NoFigure('a.nothing'));
  assert.throws(() => fill('{{a.rejected', scenes), new NoFigure('a.rejected'));
});

test('every lesson says what it simulates, and what differs between its runs', () => {
  const description = /** @type {any} */ ({ schema: engine.schema(), catalog: engine.catalog() });
  for (const lesson of lessons) {
    const { subject, varied } = lessonSubject(lesson, 7);
    const words = simulatedWords(simulatedBy(subject, description, varied));
    assert.match(words, / · (TP \d · )?(Roofline|Trained physics) · /, lesson.id);
    assert.match(words, / · varied: /, lesson.id);
    assert.match(words, /Seed: 7/, lesson.id);
    for (const key of varied)
      assert.ok(
        description.schema.some((/** @type {any} */ each) => each.key === key),
        key,
      );
  }
});
