import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staleness, verdict } from './decision.js';
import { difference, forkInWords, regretIsNot } from './forks.js';
import { phasesOf, worstTtfts } from './life.js';
import { ms } from './life_view.js';

/** @param {Record<string, number>} values @returns {any} */
function livesOf(values) {
  const names = [
    'arrival',
    'admitted',
    'routed',
    'enqueued',
    'first_scheduled',
    'last_scheduled',
    'ttft',
    'e2e',
    'ended',
  ];
  const times = Object.fromEntries(names.map((name) => [`${name}_us`, Float64Array.of(values[name] ?? NaN)]));
  return { ...times, preemptions: Float64Array.of(values.preemptions ?? 0) };
}

/** @param {any} lives @param {number} end */
const spans = (lives, end) => phasesOf(lives, 0, end).map(({ name, fromUs, toUs, open }) => [name, fromUs, toUs, open]);

test('the phases of an answered request follow one another and add up to its E2E', () => {
  const lives = livesOf({
    arrival: 100,
    admitted: 110,
    routed: 120,
    enqueued: 150,
    first_scheduled: 400,
    ttft: 500,
    e2e: 2000,
    ended: 2090,
  });
  const phases = phasesOf(lives, 0, 9999);
  assert.deepEqual(
    phases.map(({ name }) => name),
    ['admission', 'routing', 'delivery', 'waiting', 'prefill', 'decode'],
  );
  assert.equal(
    phases.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0),
    2000,
  );
});

test('a rejected request has no more than its admission', () => {
  assert.deepEqual(spans(livesOf({ arrival: 100, ended: 130 }), 999), [['admission', 100, 130, false]]);
});

const EVICTED = {
  arrival: 0,
  admitted: 0,
  routed: 0,
  enqueued: 0,
  first_scheduled: 100,
  last_scheduled: 450,
  ttft: 500,
  e2e: 900,
  ended: 900,
  preemptions: 1,
};

test('a preemption before the first token is no prefill', () => {
  const search = /** @type {any} */ ({ complete: true, found: [{ timeUs: 200, backUs: 450 }] });
  const phases = phasesOf(livesOf(EVICTED), 0, 999, search).slice(4);
  assert.deepEqual(
    phases.map(({ name, fromUs, toUs }) => [name, fromUs, toUs]),
    [
      ['prefill', 100, 200],
      ['preempted', 200, 450],
      ['prefill', 450, 500],
      ['decode', 500, 900],
    ],
  );
});

test('a preemption that lasts beyond the first token cuts prefill and decode', () => {
  const search = /** @type {any} */ ({ complete: true, found: [{ timeUs: 450, backUs: 700 }] });
  const phases = phasesOf(livesOf(EVICTED), 0, 999, search).slice(4);
  assert.equal(
    phases.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0),
    800,
  );
  assert.deepEqual(
    phases.map(({ name }) => name),
    ['prefill', 'preempted', 'preempted', 'decode'],
  );
});

test('while it is unknown when a request was preempted, its time in the batch is not called prefill', () => {
  const names = phasesOf(livesOf(EVICTED), 0, 999, null).slice(4);
  assert.deepEqual(
    names.map(({ name, state, toUs }) => [name, state, toUs]),
    [
      ['batch and preempted', 'preempted', 450],
      ['prefill', 'prefill', 500],
      ['decode', 'decode', 900],
    ],
  );
});

test('a request that waited until the run ended says so', () => {
  const lives = livesOf({ arrival: 100, admitted: 100, routed: 100, enqueued: 100 });
  assert.deepEqual(spans(lives, 999).at(-1), ['waiting', 100, 999, true]);
});

test('the longest waits come first, of equals the earlier request; requests without a first token are left out', () => {
  const lives = /** @type {any} */ ({ ttft_us: Float64Array.of(5, NaN, 9, 5, 1) });
  assert.deepEqual(worstTtfts(lives, 3), [2, 0, 3]);
});

test('times are in ms to the microsecond, differences carry their sign', () => {
  assert.equal(ms(1_234_567), '1,234.567 ms');
  assert.equal(ms(NaN), '–');
  assert.equal(difference(-1500), '−1.500 ms');
  assert.equal(difference(20), '+0.020 ms');
  assert.equal(difference(0), '±0');
});

test('a fork is put into words for this request and for everyone', () => {
  const was = { name: 'was', ttftUs: 50_000, e2eUs: 1, ttftP99Ms: 60 };
  const would = { ...was, name: 'Sent to instance 2', ttftUs: 40_000, ttftP99Ms: 61.5 };
  assert.equal(
    forkInWords(was, would),
    'Sent to instance 2: its first token 10.000 ms earlier; everyone’s TTFT p99 +1.500 ms.',
  );
  assert.match(forkInWords(was, was), /at the same time.*unchanged/);
});

test('regret is said not to be time, in its own unit', () => {
  assert.match(regretIsNot(3, 'load'), /load, in requests.*not the time/);
  assert.match(regretIsNot(0.25, 'score'), /regret of 0.25.*score/);
});

test('a decision says how old the picture was and whether a draw decided', () => {
  const explanation = /** @type {any} */ ({ snapshot_age_us: 30_000, cache_age_us: 0, chosen: 3, tied: 2, regret: 0 });
  assert.match(staleness(explanation), /30\.000 ms old.*prefix caches current/);
  assert.match(verdict({ ...explanation, time_us: 1000 }, 'score'), /instance 3, drawn among 2 equally good/);
});
