// The life of one request as data: its phases in order, what they add up to, which waited longest.

import { PHASES } from '../../../words/inspector.js';

/** @import {EvictionSearch, Lives} from '../../../shared/types.d.ts' */
/** @import {StateName} from '../../../ui/palette.js' */
/** @import {Fate} from '../../../words/inspector.js' */

/**
 * @typedef {object} Phase
 * @property {string} name
 * @property {string} meaning
 * @property {StateName} state whose colour and pattern it has
 * @property {number} fromUs
 * @property {number} toUs
 * @property {boolean} open whether the run ended before the phase did
 */

/**
 * @param {Lives} lives
 * @param {number} request
 */
export function firstTokenUs(lives, request) {
  return lives.arrival_us[request] + lives.ttft_us[request];
}

/**
 * When a request left the cluster, whatever the way; NaN if it never did.
 * @param {Lives} lives
 * @param {number} request
 */
export function endUs(lives, request) {
  const answered = lives.arrival_us[request] + lives.e2e_us[request];
  return Number.isFinite(answered) ? answered : lives.ended_us[request];
}

/** @type {{name: string, meaning: string, state: StateName}[]} */
const LIFE_PHASES = [
  { ...PHASES.admission, state: 'transit' },
  { ...PHASES.routing, state: 'transit' },
  { ...PHASES.delivery, state: 'transit' },
  { ...PHASES.waiting, state: 'waiting' },
  { ...PHASES.prefill, state: 'prefill' },
  { ...PHASES.decode, state: 'decode' },
];

/** @type {{name: string, meaning: string, state: StateName}} */
const EVICTED = { ...PHASES.evicted, state: 'preempted' };

/** @type {{name: string, meaning: string, state: StateName}} */
const UNCLEAR = { ...PHASES.unclear, state: 'preempted' };

/**
 * What became of a request, and how long it waited in a queue, µs.
 * @param {Lives} lives
 * @param {number} request
 * @returns {{fate: Fate, us: number}}
 */
export function fateOf(lives, request) {
  const [arrival, enqueued, scheduled] = [
    lives.arrival_us[request],
    lives.enqueued_us[request],
    lives.first_scheduled_us[request],
  ];
  const state = lives.states[request];
  if (!Number.isFinite(arrival)) return { fate: 'never came', us: 0 };
  if (state === 'rejected' || state === 'dropped') return { fate: state, us: 0 };
  if (Number.isFinite(scheduled)) {
    const us = scheduled - enqueued;
    return { fate: us > 0 ? 'waited' : 'at once', us };
  }
  if (state === 'lost') return { fate: 'lost', us: lives.ended_us[request] - arrival };
  if (state === 'timed_out') return { fate: 'gave up', us: lives.ended_us[request] - arrival };
  return { fate: Number.isFinite(enqueued) ? 'waiting' : 'under way', us: 0 };
}

/**
 * The phases that a request went through; the last one may have been cut off by its end or by the end of the run.
 * Where it was preempted, its time in the batch is cut; as long as it is not known when, that time is called unclear.
 * @param {Lives} lives
 * @param {number} request
 * @param {number} runEndUs
 * @param {EvictionSearch|null} [evictions] null while they are looked for
 * @returns {Phase[]}
 */
export function phasesOf(lives, request, runEndUs, evictions = null) {
  const last = endUs(lives, request);
  const ended = Number.isFinite(last) ? last : runEndUs;
  const borders = [
    lives.arrival_us[request],
    lives.admitted_us[request],
    lives.routed_us[request],
    lives.enqueued_us[request],
    lives.first_scheduled_us[request],
    firstTokenUs(lives, request),
    last,
  ];
  /** @type {Phase[]} */
  const phases = [];
  for (let i = 0; i < LIFE_PHASES.length && Number.isFinite(borders[i]); i += 1) {
    const passed = Number.isFinite(borders[i + 1]);
    const toUs = passed ? borders[i + 1] : ended;
    phases.push({
      ...LIFE_PHASES[i],
      fromUs: borders[i],
      toUs: Math.max(toUs, borders[i]),
      open: !passed && ended !== last,
    });
    if (!passed) break;
  }
  const times = lives.preemptions[request];
  if (!(times > 0)) return phases;
  const known = evictions?.complete && evictions.found.length === times;
  return known
    ? phases.flatMap((phase) => cutAt(phase, evictions.found, ended))
    : phases.flatMap((phase) => cutAt(phase, [unclearStretch(lives, request, ended)], ended, UNCLEAR));
}

/**
 * The time in which a request was preempted at least once: from its first scheduling to its last.
 * @param {Lives} lives
 * @param {number} request
 * @param {number} ended
 */
function unclearStretch(lives, request, ended) {
  const last = lives.last_scheduled_us[request];
  return { timeUs: lives.first_scheduled_us[request], backUs: Number.isFinite(last) ? last : ended };
}

/**
 * A phase in the batch without the stretches in which the request was out of it.
 * @param {Phase} phase
 * @param {{timeUs: number, backUs: number|null}[]} stretches ascending
 * @param {number} ended when a stretch without an end ends
 * @param {typeof EVICTED} as what the stretches are called
 * @returns {Phase[]}
 */
function cutAt(phase, stretches, ended, as = EVICTED) {
  if (phase.state !== 'prefill' && phase.state !== 'decode') return [phase];
  /** @type {Phase[]} */
  const parts = [];
  let from = phase.fromUs;
  for (const { timeUs, backUs } of stretches) {
    const [start, end] = [Math.max(timeUs, from), Math.min(backUs ?? ended, phase.toUs)];
    if (end <= start) continue;
    if (start > from) parts.push({ ...phase, fromUs: from, toUs: start, open: false });
    parts.push({ ...as, fromUs: start, toUs: end, open: phase.open && end === phase.toUs });
    from = end;
  }
  if (from < phase.toUs || parts.length === 0) parts.push({ ...phase, fromUs: from });
  return parts;
}

/**
 * The requests with the largest TTFT, largest first; of equals the earlier one.
 * @param {Lives} lives
 * @param {number} count
 * @returns {number[]}
 */
export function worstTtfts({ ttft_us: ttft }, count) {
  const known = [...ttft.keys()].filter((request) => Number.isFinite(ttft[request]));
  return known.sort((a, b) => ttft[b] - ttft[a] || a - b).slice(0, count);
}
