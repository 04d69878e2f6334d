// The life of one request as data: its phases in order, what they add up to, which waited longest.

/** @import {EvictionSearch, Lives} from '../../../shared/types.d.ts' */
/** @import {StateName} from '../../../ui/palette.js' */

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
  { name: 'admission', meaning: 'from arrival to the admission decision', state: 'transit' },
  { name: 'routing', meaning: 'from admission to the routing decision', state: 'transit' },
  { name: 'delivery', meaning: 'from the routing decision to the instance’s queue', state: 'transit' },
  { name: 'waiting', meaning: 'in the queue, until the batch has room', state: 'waiting' },
  { name: 'prefill', meaning: 'in the batch, until the first token is sent', state: 'prefill' },
  { name: 'decode', meaning: 'in the batch, until the last token is sent', state: 'decode' },
];

/** @type {{name: string, meaning: string, state: StateName}} */
const EVICTED = {
  name: 'preempted',
  meaning: 'thrown out of the batch, until it is in it again; its prompt is then computed anew',
  state: 'preempted',
};

/** @type {{name: string, meaning: string, state: StateName}} */
const UNCLEAR = {
  name: 'batch and preempted',
  meaning: 'in the batch, thrown out and waiting again; when exactly is not known',
  state: 'preempted',
};

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
