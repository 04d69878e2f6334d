// Words of the inspector: one request, why it waited, and what would have happened elsewhere.

import { count, duration, number, plural } from '../shared/format.js';

/** @import {Explanation, Eviction} from '../shared/types.d.ts' */

/**
 * A time in the unit that suits it.
 * @param {number} us
 */
export function time(us) {
  return duration(us / 1000);
}

export const INSPECTOR = {
  title: 'Inspect a request',
  number: 'number',
  longest: 'longest waits',
  choose: 'choose…',
  hint: 'Click a request on the picture, type its number, or take one that waited long: you will see why it waited, what it went through, and what would have happened on another instance.',
  stop: 'Stop',
  again: 'Ask again',
  /** @param {number} request @param {number} ttftUs */
  worst: (request, ttftUs) => `${request}: first word after ${time(ttftUs)}`,
  /** @param {number} last @param {string} text */
  none: (last, text) =>
    `There are requests from 0 to ${last}; ${text === '' ? 'an empty field' : text} is none of them.`,
  /** @param {number} request */
  absent: (request) => `This run has no request ${request}.`,
  life: 'What it went through',
  decision: 'Why the router sent it there',
  worlds: 'Both worlds in numbers',
};

/** What became of a request, as far as its title is concerned. */
/** @typedef {'waited'|'at once'|'waiting'|'gave up'|'lost'|'rejected'|'dropped'|'under way'|'never came'} Fate */

/**
 * The question that the inspector answers.
 * @param {number} request
 * @param {Fate} fate
 * @param {number} us how long it waited
 */
export function titleWords(request, fate, us) {
  switch (fate) {
    case 'waited':
      return `Why did request ${request} wait ${time(us)}?`;
    case 'at once':
      return `Request ${request} did not wait`;
    case 'waiting':
      return `Why was request ${request} still waiting when the run ended?`;
    case 'gave up':
      return `Why did request ${request} give up after ${time(us)}?`;
    case 'lost':
      return `Request ${request} was lost after ${time(us)}, when its instance crashed`;
    case 'rejected':
      return `Request ${request} was turned away at the gateway`;
    case 'dropped':
      return `Request ${request} was too large for any instance`;
    case 'under way':
      return `Request ${request} was on its way when the run ended`;
    case 'never came':
      return `Request ${request} never arrived: the run ended before`;
  }
}

/** The phases of a request's life: what they are called, and what they are. */
export const PHASES = {
  admission: { name: 'admission', meaning: 'from arrival to the admission decision' },
  routing: { name: 'routing', meaning: 'from admission to the routing decision' },
  delivery: { name: 'delivery', meaning: 'from the routing decision to the instance’s queue' },
  waiting: { name: 'waiting', meaning: 'in the queue, until the batch has room' },
  prefill: { name: 'prefill', meaning: 'in the batch, its prompt is read, until the first word of the answer is sent' },
  decode: { name: 'decode', meaning: 'in the batch, one word of its answer per step, until the last is sent' },
  evicted: {
    name: 'preempted',
    meaning: 'thrown out of the batch, until it is in it again; its prompt is then computed anew',
  },
  unclear: {
    name: 'batch and preempted',
    meaning: 'in the batch, thrown out and waiting again; when exactly is not known',
  },
};

/** How a request ended. @type {Record<string, string>} */
const ENDS = {
  completed: 'completed',
  length_capped: 'ended at the model’s length limit',
  rejected: 'turned away at the gateway',
  timed_out: 'timed out',
  dropped: 'dropped as too large',
  lost: 'lost when its instance crashed',
};

/**
 * A request in a sentence.
 * @param {number} request
 * @param {{input: number, output: number, instance: number|null, state: string, tookUs: number|null, runEndUs: number}} facts
 */
export function lifeWords(request, { input, output, instance, state, tookUs, runEndUs }) {
  const where = instance === null ? '' : ` on instance ${instance}`;
  const end = ENDS[state] ?? 'unfinished when the run ended';
  const after = tookUs === null ? ` at ${time(runEndUs)}` : ` after ${time(tookUs)}`;
  const tokens = `${plural(input, 'prompt token')}, ${plural(output, 'output token')}`;
  return `Request ${request}: ${tokens}${where}; ${end}${after}.`;
}

export const LIFE = {
  heads: ['Phase', 'from', 'to', 'took'],
  label: 'Phases of the request',
  /** @param {number} us */
  since: (us) => `Since its arrival at ${time(us)}; phases that took no time are left out`,
  ended: 'run ended',
  /** @param {number} us */
  soFar: (us) => `${time(us)} so far`,
  ttft: ['TTFT', 'time to first token: from arrival to the first word of the answer'],
  e2e: ['E2E', 'end to end: from arrival to the last word of the answer'],
  preemptions: ['preemptions', 'how often it was thrown out of the batch because KV memory ran out'],
  cached: ['prompt tokens from cache', 'tokens that were not read because their keys and values were still there'],
  /** @param {number} times */
  searching: (times) => `Preempted ${plural(times, 'time')}; looking for when…`,
  /** @param {number} times @param {boolean} complete */
  unseen: (times, complete) =>
    `${plural(times, 'more preemption')} ${complete ? 'began and ended within one event' : 'not looked for: it took too long'}.`,
};

/** @param {Eviction} eviction */
export function evictionWords({ timeUs, usedBlocks, kvBlocks, batchBefore, batchAfter, position }) {
  const place =
    position > 0
      ? `It was number ${count(position)} of ${count(batchBefore)} in the batch`
      : 'It had just left the batch';
  return `Preempted at ${time(timeUs)}: just before, ${count(usedBlocks)} of ${count(kvBlocks)} KV blocks in use, too few free for the next step. ${place}; ${plural(batchAfter, 'request')} ran on without it. It then waited and computed its prompt again.`;
}

export const DECISION = {
  never: 'It was never routed, so there is no decision.',
  label: 'Candidates of the routing decision',
  heads: ['Instance', 'waiting', 'running', 'KV use', 'in flight', 'cached blocks'],
  sum: 'sum',
  score: 'score = −load',
  chosen: 'chosen',
  best: 'best',
  /** @param {string} truth */
  truth: (truth) => ` true ${truth}`,
};

/**
 * How fresh the router's data were.
 * @param {Pick<Explanation, 'snapshot_age_us'|'cache_age_us'>} explanation
 */
export function stalenessWords({ snapshot_age_us: snapshot, cache_age_us: cache }) {
  const age = (/** @type {number} */ us) => (us > 0 ? `${time(us)} old` : 'current');
  return `Its data on queues, batches and KV use were ${age(snapshot)}, those on prefix caches ${age(cache)}; requests in flight are always current.`;
}

/** @param {number} candidates */
export function candidatesWords(candidates) {
  return `${plural(candidates, 'candidate')}: the table shows what the router saw of each; where the truth was different, it stands below.`;
}

/**
 * @param {Pick<Explanation, 'chosen'|'tied'|'regret'|'time_us'>} explanation
 * @param {string} unit of regret
 */
export function verdictWords({ chosen, tied, regret, time_us: us }, unit) {
  const draw = tied > 1 ? `, drawn among ${count(tied)} equally good ones` : '';
  const choice = `At ${time(us)} the router chose instance ${chosen}${draw}.`;
  if (regret === 0) return `${choice} By what it saw, none was better.`;
  const amount = unit === 'score' ? `${number(regret)} of score` : amountOf(regret);
  return `${choice} Regret: ${amount} against the best one, by what it saw.`;
}

/** @param {number} requests */
function amountOf(requests) {
  return `${number(requests)} ${requests === 1 ? 'request' : 'requests'}`;
}

export const WHAT_IF = {
  question: 'What if it had gone to another instance?',
  label: 'Send the request to another instance',
  /** @param {number} instance */
  chip: (instance) => `instance ${instance}`,
  busy: 'simulating …',
  /** @param {number} instance @param {number} ttftUs */
  asSimulated: (instance, ttftUs) =>
    Number.isFinite(ttftUs)
      ? `As simulated, on instance ${instance}: first word after ${time(ttftUs)}.`
      : `As simulated, on instance ${instance}: no first word.`,
};

/**
 * What a fork brought to the request, beside its chip.
 * @param {number} wasUs its TTFT as simulated
 * @param {number} wouldUs
 */
export function forkWords(wasUs, wouldUs) {
  if (!Number.isFinite(wouldUs)) return 'no first word';
  if (!Number.isFinite(wasUs)) return time(wouldUs);
  const shift = wouldUs - wasUs;
  if (shift === 0) return `${time(wouldUs)}, no difference`;
  return `${time(wouldUs)}, ${time(Math.abs(shift))} ${shift < 0 ? 'sooner' : 'later'}`;
}

export const FORKS = {
  heads: ['World', 'its TTFT', 'difference', 'its E2E', 'difference', 'everyone’s TTFT p99', 'difference'],
  label: 'Forks',
  /** @param {number} instance */
  was: (instance) => `As simulated: instance ${instance}`,
  /** @param {number} instance */
  sent: (instance) => `Sent to instance ${instance}`,
};

/**
 * A difference with its sign: a plus, a minus, or none at all.
 * @param {number} us
 */
export function differenceWords(us) {
  if (!Number.isFinite(us)) return '–';
  if (us === 0) return '±0';
  return us > 0 ? `+${time(us)}` : `−${time(-us)}`;
}

/**
 * What regret is not.
 * @param {number} regret
 * @param {string} unit
 */
export function regretIsNot(regret, unit) {
  const what = unit === 'score' ? `${number(regret)} of score` : amountOf(regret);
  return `The regret of the decision is ${what}: how much better the best candidate was by what the router saw. Regret is not the time that this or any other request lost; that is what the differences here measure, in a world that was simulated again to its end with this one request sent elsewhere.`;
}
