import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as words from '../../words/breaking.js';
import { isDisturbed } from '../../shared/events.js';
import { burstSizes, eventTime, fullest, newEventUs, undisturbed, undisturbedKey } from './events.js';

/** @import {Config, MomentView, ShownRun} from '../../shared/types.d.ts' */

const config = /** @type {Config} */ (
  /** @type {unknown} */ ({
    seed: 1n,
    cluster: { num_instances: 3, kills: [] },
    workload: { rate: 200, num_requests: 1000, bursts: [], concurrency: 0, spec: null, requests: null },
  })
);
const kill = { instance: 1, at: 5, mode: /** @type {const} */ ('drain') };
const killed = { ...config, cluster: { ...config.cluster, kills: [kill] } };

const moment = (/** @type {number[]} */ inFlight, future = 5, timeUs = 1_234_567) =>
  /** @type {MomentView} */ (
    /** @type {unknown} */ ({ timeUs, counts: { future }, instances: { inFlight }, instanceCount: inFlight.length })
  );

test('the fullest instance that takes requests stops, and one is always left', () => {
  assert.equal(fullest(config, moment([4, 9, 7])), 1);
  assert.equal(fullest(killed, moment([4, 9, 7])), 2);
  const two = { ...config, cluster: { ...config.cluster, kills: [kill, { ...kill, instance: 0 }] } };
  assert.equal(fullest(two, moment([4, 9, 7])), null);
  const one = { ...config, cluster: { ...config.cluster, num_instances: 1 } };
  assert.equal(fullest(one, moment([4])), null);
});

test('things happen at the moment that is shown, or early in the arrivals where these are over', () => {
  const run = /** @type {ShownRun} */ (
    /** @type {unknown} */ ({ config, summary: { simulated_s: 16, requests: 1000 } })
  );
  assert.equal(eventTime(run, moment([1], 500)), 1_235_000);
  assert.equal(eventTime(run, moment([1], 20)), 1_667_000);
  assert.equal(eventTime(run, moment([1], 0)), 1_667_000);
});

test('bursts have round sizes that suit the rate', () => {
  assert.deepEqual(burstSizes(config), [50, 100, 200, 500]);
  const slow = { ...config, workload: { ...config.workload, rate: 1 } };
  assert.deepEqual(burstSizes(slow), [1, 2]);
});

test('only what is new is seen happening', () => {
  assert.equal(newEventUs(killed, null), null);
  assert.equal(newEventUs(killed, config), 5);
  assert.equal(newEventUs(killed, killed), null);
  assert.equal(newEventUs(config, killed), null);
});

test('runs that differ in events only have one key', () => {
  assert.ok(isDisturbed(killed) && !isDisturbed(undisturbed(killed)));
  assert.equal(undisturbedKey(killed), undisturbedKey(config));
  const other = { ...config, workload: { ...config.workload, rate: 100 } };
  assert.notEqual(undisturbedKey(other), undisturbedKey(config));
});

test('what happened is said with its numbers', () => {
  const stop = { instance: 2, at: 1_500_000, mode: /** @type {const} */ ('drain'), held: 57, answered: 57, lost: 0 };
  const said = (/** @type {Partial<typeof stop>} */ other, inStory = true) =>
    words.stopWords(/** @type {any} */ ({ ...stop, ...other }), inStory).join('');
  assert.equal(said({}), 'Server 3 takes no more requests from 1.5 s on, and finishes the 57 that it has');
  assert.equal(
    said({ answered: 12 }),
    'Server 3 takes no more requests from 1.5 s on; of the 57 that it has, 12 are answered',
  );
  assert.equal(said({ held: 0, answered: 0 }), 'Server 3 takes no more requests from 1.5 s on; it has none then');
  const crash = { mode: /** @type {any} */ ('crash'), answered: 0 };
  assert.equal(said({ ...crash, lost: 57 }, false), 'Instance 2 crashes at 1.5 s: 57 requests lost');
  assert.equal(said({ ...crash, held: 0 }, false), 'Instance 2 crashes at 1.5 s, with nothing to lose');
  assert.equal(words.sentWords({ requests: 1, at: 5e6 }, true), '1 more request at 5 s, all at once');
  assert.equal(
    words.sentWords({ requests: 300, at: 5e6 }, false),
    '300 more requests would come at 5 s, but the run has none then',
  );
  assert.equal(
    words.effectWords(100, 250, 3, true),
    'The wait of the slowest 1 in 100: 100 ms without, 250 ms with it (2.5× longer, the lost ones left out).',
  );
  assert.equal(
    words.effectWords(100, 101, 0, false),
    'TTFT p99: 100 ms without, 101 ms with it (hardly any difference).',
  );
  assert.equal(words.effectWords(100, 0, 0, false), '');
});
