import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialState } from '../../app/state.js';
import { notices } from './notice.js';
import { oldFigures } from './old_figures.js';
import { sweepOffer } from './sweep_action.js';

/** @param {object} part @returns {any} */
const state = (part) => ({ ...initialState(), ...part });

const estimate = { requests: 5_000_000, bytes: 1.3e9, seconds: 8.2 };

test('a large run that a link asks for is described, and not announced once it is run', () => {
  assert.deepEqual(notices(state({ held: true, estimate }), []), [
    'This link opens a large run: 5,000,000 requests, about 1.3 GB, about 8 s.',
    'Nothing has been simulated yet. Everything runs in your browser.',
  ]);
  const others = { run: { config: {}, pairs: [] }, description: { schema: [], defaultPairs: [] } };
  assert.equal(notices(state({ held: true, estimate, ...others }), []).length, 1, 'beside other figures');
  assert.deepEqual(notices(state({ held: false, estimate }), []), []);
  const expected = 'the name of a setting';
  const unknown = { path: 'foo', key: null, value: '3', expected, message: `foo: got 3, expected ${expected}` };
  assert.deepEqual(notices(state({ held: false, estimate }), [unknown]), [
    'The link has an unknown setting, “foo”; it was ignored.',
  ]);
});

test('a run tells when it generates its requests and when it simulates them', () => {
  const progress = { phase: 'generating', finishedRequests: 0, totalRequests: 2_000_000, simulatedSeconds: 0 };
  assert.deepEqual(notices(state({ progress }), []), ['Generating 2,000,000 requests.']);
  const later = { ...progress, phase: 'simulating', finishedRequests: 30_000, simulatedSeconds: 12.5 };
  assert.deepEqual(notices(state({ progress: later }), []), ['Simulating: 30,000 of 2,000,000 requests, 12.5 s.']);
});

test('kills that a smaller cluster cannot have are named where the settings are seen', () => {
  const smaller = (/** @type {number} */ left) => ({ config: { cluster: { num_instances: left } } });
  const one = { ...smaller(4), droppedKills: [11] };
  assert.deepEqual(notices(state(one), []), ['Kill of instance 11 was dropped: 4 instances are too few for it.']);
  assert.deepEqual(notices(state({ ...smaller(1), droppedKills: [0, 2, 11] }), []), [
    'Kills of instances 0, 2 and 11 were dropped: 1 instance is too few for them.',
  ]);
  assert.deepEqual(notices(state({ ...one, tab: 'story' }), []), []);
  assert.deepEqual(notices(state({ ...one, droppedKills: [] }), []), []);
});

test('the button of the sweep says what it does, and how long that takes', () => {
  assert.equal(sweepOffer(null), '');
  const offer = (/** @type {any} */ status) => sweepOffer({ status, seconds: 170 });
  assert.deepEqual(['offered', 'running', 'stopped', 'done'].map(offer), [
    'Compute the sweep (about 3 min)',
    'Stop',
    'Compute the rest',
    '',
  ]);
});

test('figures are old while a large run waits to be asked for, and when the wanted one broke the engine down', () => {
  const [config, other] = [{}, {}];
  const description = { schema: [], defaultPairs: [] };
  const shown = { run: { config, pairs: [] }, config, description };
  assert.equal(oldFigures(state(shown)), null);
  assert.match(
    oldFigures(state({ ...shown, config: other, held: true })) ?? '',
    /^These figures are from the last valid run/,
  );
  const failed = { ...shown, drafts: new Map([['n', '5000000']]), failure: 'The engine stopped.' };
  assert.match(oldFigures(state(failed)) ?? '', /^These figures are from the last valid run/);
});
