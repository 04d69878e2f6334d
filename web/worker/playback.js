// In the worker: answers questions about a run, namely moments of a playback, the life of every request, single decisions, forks.

import * as engine from '../pkg/blis_playground.js';
import { numbersOf } from '../shared/moment_numbers.js';

/** @import {Config, EvictionSearch, Fork, MomentView, PlaybackInfo, Lives, Eviction} from '../shared/types.d.ts' */

/** Places of a request that the engine distinguishes. */
const PLACES = 12;

/** Most requests per list that are sent to the page: more could not be told apart. */
const MAX_LISTED = 512;

/** Points of the timeline behind the scrubber. */
const TIMELINE_POINTS = 400;

/** Places between the gateway and the queue of an instance: admission, routing, delivery. */
const TRANSIT = [1, 2, 3];

/** Columns that the inspector and the animation need. */
const LIFE_COLUMNS = /** @type {const} */ ([
  'arrival_us',
  'input_tokens',
  'output_tokens',
  'admitted_us',
  'routed_us',
  'enqueued_us',
  'first_scheduled_us',
  'last_scheduled_us',
  'ttft_us',
  'e2e_us',
  'ended_us',
  'instance',
  'score',
  'regret',
  'preemptions',
  'cached_tokens',
]);

/** The search for evictions gives up after this time, ms. */
const LONGEST_SEARCH_MS = 4000;

/** @type {engine.Playback|null} */
let playback = null;

/** Instances of the playback. */
let instanceCount = 0;

/**
 * Opens the playback of a run.
 * @param {{config: Config, endUs: number}} argument
 * @returns {PlaybackInfo}
 */
function openPlayback({ config, endUs }) {
  playback?.free();
  playback = null;
  playback = new engine.Playback(config);
  instanceCount = config.cluster.num_instances;
  const timeline = playback.timeline(endUs, TIMELINE_POINTS);
  try {
    return { kvBlocks: playback.kvBlocks, ...totals(timeline.seconds(), timeline.samples()) };
  } finally {
    timeline.free();
  }
}

/**
 * Waiting and running requests of all instances together.
 * @param {Float64Array} seconds
 * @param {Uint32Array} samples
 */
function totals(seconds, samples) {
  const width = samples.length / Math.max(seconds.length, 1);
  const waiting = new Uint32Array(seconds.length);
  const running = new Uint32Array(seconds.length);
  for (let i = 0; i < samples.length; i += 3) {
    const point = Math.floor(i / width);
    waiting[point] += samples[i];
    running[point] += samples[i + 1];
  }
  return { seconds, waiting, running };
}

/**
 * The cluster after all events up to and including a time.
 * @param {number} timeUs
 * @returns {MomentView}
 */
function momentAt(timeUs) {
  if (playback === null) throw new Error('no playback is open');
  const moment = playback.seek(timeUs);
  try {
    const places = moment.places();
    const lists = listsOf(moment);
    return {
      timeUs,
      nextUs: playback.nextEvent() ?? null,
      counts: countPlaces(places),
      transit: TRANSIT.map((place) => requestsAt(places, place)),
      evicted: lists.waiting.map((requests) => requests.map((request) => (places[request] === 5 ? 1 : 0))),
      prefill: lists.running.map((requests) => requests.map((request) => (places[request] === 6 ? 1 : 0))),
      instances: moment.instances(),
      ...lists,
    };
  } finally {
    moment.free();
  }
}

/** @param {Uint8Array} places */
function countPlaces(places) {
  const counts = new Uint32Array(PLACES);
  for (const place of places) counts[place] += 1;
  return counts;
}

/**
 * @param {Uint8Array} places
 * @param {number} place
 */
function requestsAt(places, place) {
  const found = [];
  let at = places.indexOf(place);
  while (at >= 0 && found.length < MAX_LISTED) {
    found.push(at);
    at = places.indexOf(place, at + 1);
  }
  return Uint32Array.from(found);
}

/**
 * The first requests of every queue and every batch.
 * @param {engine.Moment} moment
 */
function listsOf(moment) {
  const waiting = [];
  const running = [];
  for (let at = 0; at < instanceCount; at += 1) {
    waiting.push(moment.waiting(at).slice(0, MAX_LISTED));
    // Requests and their progress alternate.
    const members = moment.running(at);
    const batch = new Uint32Array(Math.min(members.length / 2, MAX_LISTED));
    for (let i = 0; i < batch.length; i += 1) batch[i] = members[2 * i];
    running.push(batch);
  }
  return { waiting, running };
}

/**
 * What happened to every request of a run.
 * @param {Config} config
 * @returns {Lives}
 */
function lives(config) {
  const result = engine.simulate(config);
  try {
    const columns = Object.fromEntries(LIFE_COLUMNS.map((name) => [name, result.column(name) ?? new Float64Array()]));
    const { ttft, regret_unit: regretUnit } = result.summary;
    return /** @type {Lives} */ ({ ...columns, states: result.states, ttftP99Ms: ttft.p99_ms, regretUnit });
  } finally {
    result.free();
  }
}

/**
 * What really happens if one request goes to another instance.
 * @param {{config: Config, request: number, instance: number}} argument
 * @returns {Fork}
 */
function fork({ config, request, instance }) {
  const result = engine.forkRoute(config, request, instance);
  try {
    const at = (/** @type {string} */ name) => result.column(name)?.[request] ?? NaN;
    const { ttft, e2e } = result.summary;
    return {
      instance,
      ttftUs: at('ttft_us'),
      e2eUs: at('e2e_us'),
      state: result.states[request],
      ttftP99Ms: ttft.p99_ms,
      ttftMeanMs: ttft.mean_ms,
      e2eP99Ms: e2e.p99_ms,
      digest: result.digest,
    };
  } finally {
    result.free();
  }
}

/**
 * When and in what surroundings a request was thrown out of the batch. The run is followed event by event from its
 * first scheduling on, until as many evictions are found as the run has recorded for it, and it is back in the batch.
 * @param {{config: Config, request: number, instance: number, fromUs: number, toUs: number, expected: number}} argument
 * @returns {EvictionSearch}
 */
function evictions({ config, request, instance, fromUs, toUs, expected }) {
  const deadline = performance.now() + LONGEST_SEARCH_MS;
  const search = new engine.Playback(config);
  /** @type {Eviction[]} */
  const found = [];
  try {
    let before = sight(search, fromUs, request, instance);
    for (let time = search.nextEvent(); time !== undefined && time <= toUs; time = search.nextEvent()) {
      const now = sight(search, time, request, instance);
      const last = found.at(-1);
      if (last?.backUs === null && now.position > 0) last.backUs = time;
      if (now.evicted && !before.evicted) {
        found.push({
          timeUs: time,
          backUs: null,
          usedBlocks: before.usedBlocks,
          kvBlocks: search.kvBlocks,
          batchBefore: before.batch,
          batchAfter: now.batch,
          position: before.position,
        });
      }
      before = now;
      if (found.length === expected && found.at(-1)?.backUs !== null) break;
      if (performance.now() > deadline) return { found, complete: false };
    }
    return { found, complete: true };
  } finally {
    search.free();
  }
}

/**
 * @param {engine.Playback} search a playback beside the one that is shown
 * @param {number} timeUs
 * @param {number} request
 * @param {number} instance
 */
function sight(search, timeUs, request, instance) {
  const moment = search.seek(timeUs);
  try {
    const batch = moment.running(instance).filter((_value, i) => i % 2 === 0);
    const { evictions: evicted, usedBlocks } = numbersOf(moment.instances(), instance);
    return {
      evicted: moment.waiting(instance).includes(request) && evicted > 0,
      usedBlocks,
      batch: batch.length,
      position: batch.indexOf(request) + 1,
    };
  } finally {
    moment.free();
  }
}

/** Questions about a run: one argument, one value. */
export const QUERIES = {
  openPlayback,
  moment: momentAt,
  lives,
  explain: (/** @type {{config: Config, request: number}} */ { config, request }) =>
    engine.explainDecision(config, request),
  wait: (/** @type {{config: Config, request: number}} */ { config, request }) => engine.explainWait(config, request),
  fork,
  evictions,
};
