import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addable,
  FIELDS,
  leavesOut,
  stepOfProblem,
  stepsOf,
  textOf,
  valueOf,
  withFilter,
  withoutStep,
  withStep,
  withValue,
  WrongText,
} from './steps.js';

/** @import {Slices} from './steps.js' */

const TRAFFIC = /** @type {any} */ ({
  rows: 19_366,
  span_s: 3501.72,
  mean_rate: 5.53013,
  input: { p99: 4142.3 },
  output: { p99: 601 },
});

const field = (/** @type {string} */ step, /** @type {string} */ name) => {
  const found = FIELDS[step].find((each) => each.name === name);
  assert.ok(found);
  return found;
};

test('every step can be added, is then there, and can be removed', () => {
  for (const id of addable({})) {
    const slices = withStep({}, id, TRAFFIC);
    assert.deepEqual(stepsOf(slices), [{ id, place: 0 }], id);
    assert.deepEqual(stepsOf(withoutStep(slices, { id, place: 0 })), [], id);
    assert.deepEqual(stepsOf(withStep({}, id, null)), [{ id, place: 0 }], `${id} of a file without figures`);
  }
});

test('steps are shown in the order in which they are applied, however they were added', () => {
  let slices = withStep(withStep(withStep({}, 'repeat', TRAFFIC), 'window', TRAFFIC), 'filters', TRAFFIC);
  slices = withStep(slices, 'filters', TRAFFIC);
  assert.deepEqual(
    stepsOf(slices).map(({ id, place }) => `${id} ${place}`),
    ['window 0', 'filters 0', 'filters 1', 'repeat 0'],
  );
  assert.ok(!addable(slices).includes('window') && addable(slices).includes('filters'));
});

test('speed and rate exclude each other', () => {
  assert.ok(!addable({ speed: 2 }).includes('rate'));
  assert.ok(!addable({ rate: 2 }).includes('speed'));
});

test('texts are read as people write them', () => {
  assert.equal(valueOf('seconds', '90'), 90e6);
  assert.equal(valueOf('seconds', '1.5 h'), 5400e6);
  assert.equal(valueOf('seconds', '10min'), 600e6);
  assert.equal(valueOf('whole', '1,000'), 1000);
  assert.equal(valueOf('percent', '12.5 %'), 0.125);
  for (const [kind, text] of /** @type {const} */ ([
    ['seconds', 'soon'],
    ['seconds', ''],
    ['whole', '1.5'],
    ['whole', ''],
    ['number', 'x'],
    ['percent', '0'],
    ['percent', '101'],
  ]))
    assert.throws(() => valueOf(kind, text), WrongText, `${kind} ${text}`);
});

test('speed and time scale are two ways to say the same', () => {
  const step = { id: 'speed', place: 0 };
  const slices = withValue({ speed: 1 }, step, field('speed', 'time_scale'), '0.5');
  assert.equal(slices.speed, 2);
  assert.equal(textOf(slices, field('speed', 'time_scale')), '0.5');
  assert.throws(() => withValue(slices, step, field('speed', 'time_scale'), '0'), WrongText);
});

test('a window can be open at either end, and is a window still when both are', () => {
  const step = { id: 'window', place: 0 };
  const open = withValue({ from_us: 5e6, to_us: 9e6 }, step, field('window', 'to_us'), '');
  assert.deepEqual(open, { from_us: 5e6 });
  assert.deepEqual(withValue(open, step, field('window', 'from_us'), ''), { from_us: 0 });
  assert.equal(textOf(open, field('window', 'from_us')), '5');
  assert.equal(textOf(open, field('window', 'to_us')), '');
});

test('a filter that comes to compare names has a comparison for them', () => {
  /** @type {Slices} */
  const slices = { filters: [{ field: 'input', is: '<=', value: '8000' }] };
  const named = withFilter(slices, 0, 'field', 'class');
  assert.deepEqual(named.filters, [{ field: 'class', is: '=', value: '' }]);
  assert.deepEqual(withFilter(named, 0, 'field', 'total').filters, [{ field: 'total', is: '<=', value: '1000' }]);
  assert.deepEqual(withFilter(slices, 0, 'value', ' 9 ').filters, [{ field: 'input', is: '<=', value: '9' }]);
});

test('only what leaves rows out matters while a long file is read', () => {
  assert.equal(leavesOut({ from_us: 1, speed: 2 }), leavesOut({ from_us: 1, repeat: 3 }));
  assert.notEqual(leavesOut({ from_us: 1 }), leavesOut({ from_us: 2 }));
});

test('a problem of the engine finds its step', () => {
  assert.equal(stepOfProblem('slices.to_us'), 'window');
  assert.equal(stepOfProblem('slices.repeat'), 'repeat');
  assert.equal(stepOfProblem('filter'), 'filters');
  assert.equal(stepOfProblem('slices'), null);
  assert.equal(stepOfProblem('answers.rate'), null);
});
