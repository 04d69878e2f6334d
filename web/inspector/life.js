// The life of one request as data: its phases in order, what they add up to, who waited longest.

/** @import {Lives} from '../types.d.ts' */
/** @import {StateName} from '../palette.js' */

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
const PHASES = [
  { name: 'admission', meaning: 'from arrival to the admission decision', state: 'transit' },
  { name: 'routing', meaning: 'from admission to the routing decision', state: 'transit' },
  { name: 'delivery', meaning: 'from the routing decision to the instance’s queue', state: 'transit' },
  { name: 'waiting', meaning: 'in the queue, until the batch has room', state: 'waiting' },
  { name: 'prefill', meaning: 'in the batch, until the first token is sent', state: 'prefill' },
  { name: 'decode', meaning: 'in the batch, until the last token is sent', state: 'decode' },
];

/**
 * The phases that a request went through; the last one may have been cut off by its end or by the end of the run.
 * @param {Lives} lives
 * @param {number} request
 * @param {number} runEndUs
 * @returns {Phase[]}
 */
export function phasesOf(lives, request, runEndUs) {
  const last = endUs(lives, request);
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
  for (let i = 0; i < PHASES.length && Number.isFinite(borders[i]); i += 1) {
    const passed = Number.isFinite(borders[i + 1]);
    const ended = Number.isFinite(last) ? last : runEndUs;
    const toUs = passed ? borders[i + 1] : ended;
    phases.push({
      ...PHASES[i],
      fromUs: borders[i],
      toUs: Math.max(toUs, borders[i]),
      open: !passed && ended !== last,
    });
    if (!passed) break;
  }
  return phases;
}

/**
 * The requests with the largest TTFT, largest first; of equals the earlier one.
 * @param {Lives} lives
 * @param {number} many
 * @returns {number[]}
 */
export function worstTtfts({ ttft_us: ttft }, many) {
  const known = [...ttft.keys()].filter((request) => Number.isFinite(ttft[request]));
  return known.sort((a, b) => ttft[b] - ttft[a] || a - b).slice(0, many);
}
