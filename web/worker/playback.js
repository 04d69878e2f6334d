// In the worker: answers questions about a run, namely moments of a playback, the life of every request, single decisions, forks.

import * as engine from '#engine';
import { copyColumns } from './columns.js';

/** @import {Config, EvictionSearch, Fork, MomentView, PlaybackInfo, Lives, Eviction, RunFrames} from '../shared/types.d.ts' */

/** Most requests per list that are sent to the page: more could not be told apart. */
const MAX_LISTED = 512;

/** Points of the timeline behind the scrubber. */
const TIMELINE_POINTS = 400;

/** Steps of a whole run that are made in one call. */
const STEPS_AT_ONCE = 1e9;

/** What the page shows of every instance, a column each. */
const INSTANCE_COLUMNS = /** @type {const} */ ([
  'waiting',
  'prefill',
  'decode',
  'usedBlocks',
  'inFlight',
  'evictions',
  'completed',
  'lost',
  'routable',
  'stepTokens',
  'limits',
  'tiers',
]);

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

/**
 * Opens the playback of a run.
 * @param {{config: Config, endUs: number}} argument
 * @returns {PlaybackInfo}
 */
function openPlayback({ config, endUs }) {
  playback?.free();
  playback = null;
  playback = new engine.Playback(config);
  const { seconds, instanceCount, waiting, running } = playback.timeline(endUs, TIMELINE_POINTS);
  const { kvBlocks } = playback;
  return {
    kvBlocks,
    seconds,
    waiting: totals(waiting, instanceCount),
    running: totals(running, instanceCount),
    fullest: waiting.reduce((most, value, i) => Math.max(most, value + running[i]), 0),
  };
}

/**
 * How many requests wait and run at every instance, at equally spaced times from the start: enough to play a run without
 * asking again. What is open for the picture of the cluster stays open.
 * @param {{config: Config, endUs: number, points: number}} argument
 * @returns {RunFrames}
 */
function frames({ config, endUs, points }) {
  const run = new engine.Playback(config);
  try {
    const { seconds, instanceCount, waiting, running } = run.timeline(endUs, points);
    return { seconds, instanceCount, waiting, running };
  } finally {
    run.free();
  }
}

/**
 * When the last request has arrived, to a point of the timeline, µs; the end of it if some never do.
 * @param {Float64Array} seconds of the timeline
 * @returns {number}
 */
function arrivals(seconds) {
  if (playback === null) throw new Error('no playback is open');
  let timeUs = 0;
  for (const second of seconds) {
    timeUs = Math.round(second * 1e6);
    const moment = playback.seek(timeUs);
    const { future } = moment.counts;
    moment.free();
    if (future === 0) break;
  }
  return timeUs;
}

/**
 * All instances together, time by time.
 * @param {Uint32Array} column
 * @param {number} instanceCount
 */
function totals(column, instanceCount) {
  const sums = new Uint32Array(column.length / instanceCount);
  column.forEach((value, i) => (sums[Math.floor(i / instanceCount)] += value));
  return sums;
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
    const { places } = moment;
    const flags = (/** @type {Uint32Array} */ requests, /** @type {engine.Place} */ place) =>
      requests.map((request) => (places[request] === place ? 1 : 0));
    const lists = listsOf(moment);
    return {
      timeUs,
      nextUs: playback.nextEvent() ?? null,
      counts: moment.counts,
      evicted: lists.queues.map((requests) => flags(requests, engine.Place.Evicted)),
      prefill: lists.batches.map((requests) => flags(requests, engine.Place.Prefill)),
      ...lists,
      instanceCount: moment.instanceCount,
      instances: copyColumns(moment, INSTANCE_COLUMNS),
    };
  } finally {
    moment.free();
  }
}

/**
 * The first requests of every queue and every batch.
 * @param {engine.Moment} moment
 */
function listsOf(moment) {
  const queues = [];
  const batches = [];
  for (let at = 0; at < moment.instanceCount; at += 1) {
    queues.push(moment.queue(at).slice(0, MAX_LISTED));
    batches.push(moment.batch(at).slice(0, MAX_LISTED));
  }
  return { queues, batches };
}

/**
 * What happened to every request of a run.
 * @param {engine.Result} result
 * @returns {Lives}
 */
export function livesOf(result) {
  const columns = Object.fromEntries(LIFE_COLUMNS.map((name) => [name, result.column(name)]));
  const { ttft, regret_unit: regretUnit } = result.summary;
  const sessions = sessionsOf(result);
  return /** @type {Lives} */ ({ ...columns, states: result.states, sessions, ttftP99Ms: ttft.p99_ms, regretUnit });
}

/**
 * Which turn of which session each request is; null without sessions.
 * @param {engine.Result} result
 * @returns {Lives['sessions']}
 */
function sessionsOf(result) {
  const session = result.column('session');
  if (session.every(Number.isNaN)) return null;
  /** @type {string[]} */
  const names = [];
  // Virtual users have a number only.
  if (result.summary.conversations !== null) {
    session.forEach((number, request) => {
      if (!Number.isNaN(number)) names[number] ??= result.sessionName(request) ?? '';
    });
  }
  const [round, context_tokens] = [result.column('round'), result.column('context_tokens')];
  return { session, round, context_tokens, names, ends: [...result.conversationEnds] };
}

/**
 * What really happens if one request goes to another instance.
 * @param {{config: Config, request: number, instance: number}} argument
 * @returns {Fork}
 */
function fork({ config, request, instance }) {
  const result = engine.forkRoute(config, request, instance);
  try {
    const at = (/** @type {engine.ColumnName} */ name) => result.column(name)[request];
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
 * TTFT p99 of a run, ms.
 * @param {Config} config
 * @returns {number}
 */
function ttftP99(config) {
  const simulation = new engine.Simulation(config);
  while (!simulation.advance(STEPS_AT_ONCE).done);
  const result = simulation.finish();
  try {
    return result.summary.ttft.p99_ms;
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
    const batch = moment.batch(instance);
    return {
      evicted: moment.queue(instance).includes(request) && moment.evictions[instance] > 0,
      usedBlocks: moment.usedBlocks[instance],
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
  arrivals,
  frames,
  explain: (/** @type {{config: Config, request: number}} */ { config, request }) =>
    engine.explainDecision(config, request),
  wait: (/** @type {{config: Config, request: number}} */ { config, request }) => engine.explainWait(config, request),
  fork,
  evictions,
  ttftP99,
};
