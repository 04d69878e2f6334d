// Words of theory beside a run: the closed forms, what each predicts, and how far that is from what was measured.

import { duration, number } from '../shared/format.js';

/**
 * @typedef {object} FormText
 * @property {string} formula
 * @property {string} meaning for someone who sees it for the first time
 * @property {Record<string, string>} figures by the engine's name
 * @property {Record<string, string>} [measured] what the figure that the run shows is called, where that helps
 */

/** @type {Record<string, FormText>} */
export const FORMS = {
  ceilings: {
    formula: 'slots: R / (O · ITL(R))   ·   KV: the same with as many as the cache holds   ·   asymptote: 1 / (O · i₁)',
    meaning:
      'An instance can be limited by the number of requests that may run at once (R slots), by the memory for their ' +
      'tokens (KV cache), or by reading prompts (prefill). The lowest limit is its capacity μ. O is the length of an ' +
      'answer, ITL(b) = i₀ + i₁ b the gap between tokens with b running requests. What the instances served stands ' +
      'beside it only where requests waited for them all the time: below capacity they serve what arrives.',
    figures: {
      slots: 'Limit by slots',
      kv: 'Limit by KV cache',
      prefill: 'Limit by prefill',
      asymptote: 'Limit with any number of slots',
      capacity: 'Capacity μ',
    },
    measured: { capacity: 'served' },
  },
  excess: {
    formula: 'e = λ/k − μ,   wait at the end = e · T / μ',
    meaning:
      'Of λ arrivals per second each of k instances gets λ/k. What exceeds the capacity μ can only wait, so the queue ' +
      'grows for the whole time T that requests arrive, and the last ones wait longest. This takes for granted that ' +
      'instances serve at their full rate from the first second on.',
    figures: {
      rate_per_instance: 'Arrivals per instance λ/k',
      capacity: 'Capacity μ',
      excess: 'Excess e',
      wait_at_end_ms: 'Wait of the last request',
    },
    measured: { capacity: 'served', wait_at_end_ms: 'last 1% of the arrivals' },
  },
  batch: {
    formula: 'b = a O i₀ / (1 − a O i₁),   ITL = i₀ + i₁ b',
    meaning:
      'Running requests make each other slower, and slower requests stay longer: with a arrivals per second and ' +
      'instance, the batch settles at the size b at which as many leave as come.',
    figures: { batch: 'Running per instance', itl_ms: 'Gap between tokens (ITL)' },
    measured: { batch: 'second half of the arrivals', itl_ms: 'whole run' },
  },
  occupancy: {
    formula: 'b / R',
    meaning:
      'The share of the slots that is in use tells how much room is left. That an instance is “busy” tells nothing: ' +
      'with one running request it is as busy as with all.',
    figures: { slots: 'Slots in use', kv: 'KV cache in use' },
  },
  little: {
    formula: 'L = λ W',
    meaning:
      'In anything that is steady, the number L of requests inside is the arrival rate λ times the time W that each ' +
      'stays. Where the two sides differ, the run was not steady: it was still filling, or emptying.',
    figures: { lambda_w: 'Requests inside: λ W', lambda: 'Arrival rate λ', w_s: 'Time inside W' },
    measured: { lambda_w: 'L' },
  },
  erlang: {
    formula: 'P(wait) = C(R, a S),   mean wait = P(wait) · S / (R − a S)',
    meaning:
      'The formula of telephone exchanges: an instance is R lines, each taken for S seconds by a request. It tells how ' +
      'likely it is that all are taken when one comes. It asks for arrivals that know nothing of each other (Poisson).',
    figures: {
      load: 'Share of the slots’ work that is offered',
      probability_of_waiting: 'Probability of waiting',
      mean_wait_ms: 'Mean wait for a slot',
    },
  },
  fluid: {
    formula: 'arrivals λ/k → queue → free slots → drain by age',
    meaning:
      'Requests as water that remembers its age: it flows in evenly, waits in one queue, fills free slots and leaves as ' +
      'answers get complete. That predicts the tail in overload, also in the first seconds, while slots are filling.',
    figures: { wait_p99_ms: 'Wait for a slot, p99', ttft_p99_ms: 'TTFT p99' },
  },
  burstiness: {
    formula: '(ca² + cs²) / 2',
    meaning:
      'Kingman’s factor: how uneven arrivals (ca²) and answers (cs²) are; 1 is Poisson, 0 is even. The wait for a ' +
      'single server grows with it. With many slots, bursts cost nothing until one of them fills all slots.',
    figures: { arrivals: 'Of arrivals ca²', answers: 'Of answers cs²', factor: 'Factor' },
  },
};

// --- The view ---

export const THEORY = {
  title: 'Theory beside this run',
  region: 'Theory beside this run',
  heads: ['Figure', 'Predicted', 'Measured', 'Off by'],
  equal: 'equal',
  misleading: 'So its figures would mislead and are not shown.',
  applies: '✓ Applies: ',
  fails: '✗ Does not apply: ',
  meaning: 'What it says',
  noRun: 'There is no run yet.',
  stopped: 'Stopped.',
  measuring: 'Measuring the constants …',
  stop: 'Stop',
  compute: 'Compute theory',
};

/**
 * Why nothing stands beside the predictions of a form.
 * @param {string} form
 */
export const notMeasuredWords = (form) =>
  form === 'ceilings' || form === 'excess'
    ? 'Not measured: an instance shows what it can serve only while requests wait for it all the time.'
    : 'Nothing in this run measures these.';

/** @param {string} because without a full stop */
export const becauseWords = (because) => `${because}.`;

/** @param {string} cost */
export const largeWords = (cost) => `This run is large: theory beside it takes ${cost}.`;

/** @param {string} reason */
export const nothingWords = (reason) => `There is nothing to compare: ${reason}.`;

/** @param {number} value per cent */
export const percentWords = (value) => `${number(value)}%`;

/** @param {number} percent whole, with its sign */
export const offWords = (percent) => `${percent > 0 ? '+' : '−'}${number(Math.abs(percent))}%`;

/** How far prediction and measurement may lie apart. @param {number} share */
export const allowedWords = (share) => ` (${number(100 * share)}% allowed)`;

/** What limits an instance first. */
const LIMITS = { slots: 'its batch slots', kv: 'its KV cache', prefill: 'reading prompts (prefill)' };

/**
 * @param {number} holding formulas that apply
 * @param {number} all
 * @param {keyof typeof LIMITS} limit
 */
export function introWords(holding, all, limit) {
  return (
    `${holding} of ${all} formulas ${holding === 1 ? 'applies' : 'apply'} to this run: ` +
    (holding === 1
      ? 'its assumptions hold, and what it predicts comes close to what the run shows. '
      : 'their assumptions hold, and what they predict comes close to what the run shows. ') +
    'The constants come from four short runs of one instance with these settings; nothing is ' +
    `typed in. The first limit of an instance is ${LIMITS[limit]}.`
  );
}

// --- Lines and notes in charts ---

/** What a chart calls a form, and how it words the prediction. */
export const SAYINGS = {
  p99: { name: 'aged fluid', says: (/** @type {number} */ value) => `TTFT p99 ${duration(value)}` },
  capacity: {
    name: 'capacity',
    says: (/** @type {number} */ value) => `an instance serves μ = ${number(value)} requests/s`,
  },
  itl: { name: 'batch balance', says: (/** @type {number} */ value) => `ITL ${duration(value)}` },
  batch: {
    name: 'batch balance',
    says: (/** @type {number} */ value) => `${number(value)} requests run on each instance`,
  },
  little: {
    name: 'Little’s law',
    says: (/** @type {number} */ value) => `λW = ${number(value)} requests in the cluster`,
  },
  wait: { name: 'Erlang C', says: (/** @type {number} */ value) => `a mean wait of ${duration(value)} for a slot` },
  excess: { name: 'excess', says: (/** @type {number} */ value) => `the last request waits ${duration(value)}` },
};

export const MARKS = { p99: 'theory p99', itl: 'theory ITL', excess: 'theory: wait from the excess e·t/μ' };
