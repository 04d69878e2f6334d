import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from '../../engine/scripted_worker.js';
import { mappingWith, unitChoices } from './format_part.js';
import { placeOf } from './problems.js';
import { Reading } from './reading.js';

const report = (sliced = false) => ({ preview: { columns: [], is_gzip: false }, sliced_while_reading: sliced });
const cut = (longer = 0) => ({ report: { steps: [], traffic: { rows: 5 } }, longer });
const READ = { report: report(), targets: {}, cut: cut(2), longer: 3 };
const PROBLEM = { path: 'mapping', key: null, value: 'x', expected: 'y', message: 'mapping: got x, expected y' };

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A file that has been read. */
async function begun() {
  const { client, workers } = start();
  const reading = new Reading(
    client,
    () => {},
    () => 40_960,
  );
  reading.bring(new Blob(['a,b']), 'a.csv');
  await settled();
  const [worker] = workers;
  const answer = async (/** @type {unknown} */ value) => {
    worker.answer({ value });
    await settled();
  };
  return { reading, worker, workers, answer };
}

test('a file is read with the limit of the settings, and what comes is shown', async () => {
  const { reading, worker, answer } = await begun();
  assert.equal(reading.shown.phase, 'reading');
  assert.equal(worker.received.at(-1).argument.limit, 40_960);
  worker.tell({ bytes: 1, total: 3, rows: 1, dropped: 0, preview: { columns: ['early'] } });
  assert.deepEqual(reading.shown.preview, { columns: ['early'] });
  await answer(READ);
  const { phase, longer, old } = reading.shown;
  assert.deepEqual([phase, longer, old], ['read', { file: 3, cut: 2 }, false]);
});

test('steps of a file that is in memory do not read it again', async () => {
  const { reading, worker, answer } = await begun();
  await answer(READ);
  reading.cut({ speed: 2 });
  await settled();
  assert.equal(worker.operations.at(-1), 'cutTrace');
  await answer(cut(1));
  assert.equal(reading.shown.longer.cut, 1);
});

test('of a file with too many rows they do, unless they leave the same rows', async () => {
  const { reading, worker, answer } = await begun();
  await answer({ ...READ, report: report(true) });
  reading.cut({ speed: 2 });
  await settled();
  assert.equal(worker.operations.at(-1), 'cutTrace');
  await answer(cut());
  reading.cut({ speed: 2, first: 10 });
  await settled();
  assert.equal(worker.operations.at(-1), 'readTrace');
  assert.deepEqual(worker.received.at(-1).argument.options.slices, { speed: 2, first: 10 });
});

test('what is refused leaves the last good figures, and says that they are old', async () => {
  const { reading, answer } = await begun();
  await answer(READ);
  reading.set({ format: 'generic' });
  await settled();
  const progress = { bytes: 3, total: 3, rows: 1, dropped: 0 };
  await answer({ problem: PROBLEM, preview: { columns: ['new'] }, progress });
  const { phase, report: shown, preview, problem, old } = reading.shown;
  assert.deepEqual(
    [phase, shown, preview, problem, old],
    ['refused', READ.report, { columns: ['new'] }, PROBLEM, true],
  );
});

test('steps that cannot be applied leave the last good ones', async () => {
  const { reading, answer } = await begun();
  await answer(READ);
  reading.cut({ first: 0 });
  await settled();
  await answer({ problem: PROBLEM });
  assert.deepEqual([reading.shown.cutProblem, reading.shown.old], [PROBLEM, true]);
  assert.equal(reading.shown.cut, READ.cut.report);
});

test('a reading that is stopped says so, and late answers change nothing', async () => {
  const { reading, worker } = await begun();
  reading.stop();
  assert.equal(reading.shown.phase, 'stopped');
  worker.answer({ id: worker.received[0].id, value: READ });
  await settled();
  assert.equal(reading.shown.phase, 'stopped');
  reading.again();
  await settled();
  assert.equal(reading.shown.phase, 'reading');
});

test('only the newest of several readings is shown', async () => {
  const { reading, worker, answer } = await begun();
  reading.set({ shape: { delimiter: ';' } });
  await settled();
  assert.deepEqual(worker.received.at(-1).argument.options.shape, { delimiter: ';' });
  await answer(READ);
  assert.equal(reading.shown.phase, 'read');
});

test('a role is held by one column: the other that had it holds nothing', () => {
  const column = (/** @type {string} */ name, /** @type {string} */ role, unit = null) => ({ name, role, unit });
  const columns = /** @type {any} */ ([
    column('a', 'arrival', /** @type {any} */ ('s')),
    column('b', 'input'),
    column('c', 'ignore'),
  ]);
  const roles = ['ignore', 'arrival', 'input', 'output'];
  assert.deepEqual(mappingWith(columns, 2, { role: 'input' }, roles), [
    { column: 'a', role: 'arrival', unit: 's' },
    { column: 'c', role: 'input', unit: null },
  ]);
  assert.deepEqual(mappingWith(columns, 0, { unit: 'ms' }, roles)[0], { column: 'a', role: 'arrival', unit: 'ms' });
  assert.equal(mappingWith(columns, -1, {}, roles).length, 2);
});

test('each unit of time says what it would make of the trace', () => {
  const of = /** @type {any} */ ({ traffic: { span_s: 3600, mean_rate: 5 } });
  const choices = unitChoices('s', of);
  assert.equal(choices.s, 'seconds: 60 min, 5/s');
  assert.equal(choices.ms, 'milliseconds: 3.6 s, 5,000/s');
  assert.equal(choices.date, 'dates');
  assert.equal(unitChoices('s', null).ms, 'milliseconds');
});

test('a problem is shown at its control', () => {
  const preview = /** @type {any} */ ({ columns: [{}] });
  const place = (/** @type {string} */ path, message = '') => placeOf({ path, message }, preview);
  assert.equal(place('answers.rate'), 'traffic-answer-rate-error');
  assert.equal(place('shape.delimiter'), 'traffic-format-error');
  assert.equal(place('mapping'), 'traffic-mapping-error');
  assert.equal(place('file', 'file: no column of input tokens is known'), 'traffic-mapping-error');
  assert.equal(place('rows'), 'steps');
  assert.equal(place('slices.first'), 'steps');
  assert.equal(place('file', 'file: it is empty'), 'file');
});
