import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  differenceWords,
  forkWords,
  regretIsNot,
  stalenessWords,
  time,
  titleWords,
  verdictWords,
} from '../../../words/inspector.js';
import { fateOf, phasesOf, worstTtfts } from './life.js';

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

test('times have the unit that suits them, without needless decimals, and differences carry their sign', () => {
  assert.equal(time(1_512_331), '1.51 s');
  assert.equal(time(33_234), '33.2 ms');
  assert.equal(time(NaN), '–');
  assert.equal(differenceWords(-1500), '−1.5 ms');
  assert.equal(differenceWords(20), '+0.02 ms');
  assert.equal(differenceWords(0), '±0');
});

test('the title asks what is true of the request', () => {
  const fate = (/** @type {Record<string, number>} */ values, state = 'completed') =>
    fateOf({ ...livesOf(values), states: [state] }, 0);
  const waited = fate({ arrival: 100, enqueued: 200, first_scheduled: 1_330_200, ended: 2_000_000 });
  assert.deepEqual(waited, { fate: 'waited', us: 1_330_000 });
  assert.equal(titleWords(987, waited.fate, waited.us), 'Why did request 987 wait 1.33 s?');
  for (const [values, state, words] of /** @type {[Record<string, number>, string, string][]} */ ([
    [{ arrival: 1, enqueued: 2, first_scheduled: 2, ended: 9 }, 'completed', 'Request 7 did not wait'],
    [{ arrival: 1, enqueued: 2 }, 'queued', 'Why was request 7 still waiting when the run ended?'],
    [{ arrival: 1, enqueued: 2, ended: 3_000_001 }, 'timed_out', 'Why did request 7 give up after 3 s?'],
    [{ arrival: 1, ended: 2 }, 'rejected', 'Request 7 was turned away at the gateway'],
    [{ arrival: 1, ended: 2 }, 'dropped', 'Request 7 was too large for any instance'],
    [{ arrival: 1 }, 'transit', 'Request 7 was on its way when the run ended'],
    [{}, 'future', 'Request 7 never arrived: the run ended before'],
  ])) {
    const { fate: fated, us } = fate(values, state);
    assert.equal(titleWords(7, fated, us), words);
  }
});

test('a fork says beside its chip when the first word would have come, and how much sooner or later that is', () => {
  assert.equal(forkWords(1_330_000, 210_000), '210 ms, 1.12 s sooner');
  assert.equal(forkWords(40_000, 50_000), '50 ms, 10 ms later');
  assert.equal(forkWords(40_000, 40_000), '40 ms, no difference');
  assert.equal(forkWords(40_000, NaN), 'no first word');
  assert.equal(forkWords(NaN, 40_000), '40 ms');
});

test('regret is said not to be time, in its own unit', () => {
  assert.match(regretIsNot(3, 'load'), /decision is 3 requests: .*not the time/);
  assert.match(regretIsNot(1, 'load'), /decision is 1 request:/);
  assert.match(regretIsNot(0.25, 'score'), /0.25 of score/);
});

test('a decision says how old the data were and whether a draw decided', () => {
  const explanation = { snapshot_age_us: 30_000, cache_age_us: 0, chosen: 3, tied: 2, regret: 0, time_us: 1000 };
  assert.match(stalenessWords(explanation), /30 ms old.*prefix caches current/);
  assert.match(verdictWords(explanation, 'score'), /instance 3, drawn among 2 equally good.*none was better/);
  assert.match(verdictWords({ ...explanation, regret: 18 }, 'load'), /Regret: 18 requests against the best one/);
});
