// Patterns of traffic as workload specifications: chats, coding agents and questions about documents; and what the form changes of any
// specification that holds conversations.

import { fanOut, talking } from './pattern_read.js';

/** @typedef {import('./pattern_read.js').PatternId} PatternId */

import { plainNumber } from './controls/number_text.js';

/** @typedef {'turns'|'think'|'grows'|'rate'|'requests'|'agents'} PatternKey */

const gaussian = (
  /** @type {number} */ mean,
  /** @type {number} */ deviation,
  /** @type {number} */ min,
  /** @type {number} */ max,
) => ({
  type: 'gaussian',
  params: { mean, std_dev: deviation, min, max },
});

const exponential = (/** @type {number} */ mean, /** @type {number} */ min, /** @type {number} */ max) => ({
  type: 'exponential',
  params: { mean, min, max },
});

/** @param {number} rounds @param {number} thinkUs @param {boolean} [single] */
const conversation = (rounds, thinkUs, single = false) => ({
  multi_turn: {
    max_rounds: rounds,
    think_time_us: thinkUs,
    context_growth: 'accumulate',
    ...(single ? { single_session: true } : {}),
  },
});

/** Documents of the RAG pattern, each the prefix of the questions about it. */
const DOCUMENTS = 8;

/** Turns and number of the agents that start together. */
const [AGENT_TURNS, AGENTS] = [20, 24];

/** The patterns, as specifications. What their figures are taken from stands in web/words/patterns.js. @type {Record<PatternId, () => object>} */
export const PATTERNS = {
  chat: () => ({
    version: '2',
    aggregate_rate: 4,
    num_requests: 3200,
    clients: [
      {
        id: 'chat',
        rate_fraction: 1,
        arrival: { process: 'poisson' },
        input_distribution: gaussian(250, 100, 8, 900),
        output_distribution: exponential(211, 2, 1000),
        reasoning: conversation(5, 10_000_000),
      },
    ],
  }),
  agents: () => ({
    version: '2',
    aggregate_rate: AGENTS,
    num_requests: AGENTS * AGENT_TURNS,
    cohorts: [
      {
        id: 'agents',
        population: AGENTS,
        rate_fraction: 1,
        arrival: { process: 'constant' },
        input_distribution: gaussian(540, 300, 20, 4000),
        output_distribution: exponential(182, 5, 2000),
        prefix_group: 'tools',
        prefix_length: 1200,
        reasoning: conversation(AGENT_TURNS, 1_000_000, true),
      },
    ],
  }),
  rag: () => ({
    version: '2',
    aggregate_rate: 4,
    num_requests: 1000,
    clients: Array.from({ length: DOCUMENTS }, (_unused, at) => ({
      id: `document-${at + 1}`,
      rate_fraction: 1 / DOCUMENTS,
      arrival: { process: 'poisson' },
      input_distribution: gaussian(80, 40, 8, 300),
      output_distribution: exponential(512, 2, 2000),
      prefix_group: `document-${at + 1}`,
      prefix_length: 4096,
      reasoning: conversation(2, 20_000_000),
    })),
  }),
};

/**
 * A specification with one thing about its conversations changed, in every client that holds some.
 * @param {any} specification
 * @param {PatternKey} key
 * @param {number|boolean} value as the form has it: thinking in s
 * @returns {any}
 */
export function withPattern(specification, key, value) {
  const copy = structuredClone(specification);
  const each = (/** @type {(turns: any) => void} */ change) =>
    talking(copy).forEach(({ reasoning }) => change(reasoning.multi_turn));
  const cohort = fanOut(copy);
  if (key === 'turns') each((turns) => (turns.max_rounds = value));
  if (key === 'think') each((turns) => (turns.think_time_us = Math.round(1e6 * Number(value))));
  if (key === 'grows') each((turns) => (turns.context_growth = value ? 'accumulate' : ''));
  if (key === 'rate') copy.aggregate_rate = value;
  if (key === 'requests') copy.num_requests = value;
  if (cohort && key === 'agents') {
    // Each starts at the first of its evenly spaced arrivals: a rate of one each, so that all start together after a second.
    cohort.population = value;
    copy.aggregate_rate = value;
  }
  // As many requests as all agents have turns: with fewer, some would not begin.
  if (cohort && (key === 'agents' || key === 'turns'))
    copy.num_requests = cohort.population * cohort.reasoning.multi_turn.max_rounds;
  return copy;
}

/** What may be typed: the smallest and the largest value, and whether it has to be whole. @type {Record<Exclude<PatternKey, 'grows'>, {min: number, max: number, whole: boolean}>} */
export const PATTERN_RANGES = {
  turns: { min: 1, max: 1000, whole: true },
  think: { min: 0, max: 86_400, whole: false },
  rate: { min: 0.001, max: 10_000, whole: false },
  requests: { min: 1, max: 1_000_000, whole: true },
  agents: { min: 1, max: 10_000, whole: true },
};

/**
 * What was typed as a number of the range; null if it is none.
 * @param {Exclude<PatternKey, 'grows'>} key
 * @param {string} text
 */
export function patternNumber(key, text) {
  const { min, max, whole } = PATTERN_RANGES[key];
  const value = text.trim() === '' ? NaN : Number(plainNumber(text.trim()));
  return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : null;
}

/**
 * A specification as the text of its setting: what is null or empty by default is left out, so that links stay short.
 * @param {any} specification
 */
export function specificationText(specification) {
  const bare = (/** @type {string} */ _key, /** @type {unknown} */ value) => {
    if (typeof value === 'bigint') return Number(value);
    if (value instanceof Map) return Object.fromEntries(value);
    return value === null || value === '' || value === false ? undefined : value;
  };
  return JSON.stringify(specification, bare);
}
