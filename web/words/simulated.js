// Words for what a run simulates, and for values of settings and targets in a sentence. Every view may need them, and
// the first one does: what the form alone says stands in settings.js.

import { count, plural } from '../shared/format.js';

// Values

/** The value of a setting that is not set. */
export const AUTOMATIC = 'automatic';

/** What stands for a list of requests or a specification where there is none. */
export const NO_FILE = 'none';

/** The value of a setting that came with a file. */
export const IMPORTED = 'imported';

/** The last two of a list are joined by this. */
export const AND = 'and';

/** The same where one of them is to be chosen. */
export const OR = 'or';

/** @param {string} ms */
export const msWords = (ms) => `${ms} ms`;

/** @param {string} seconds */
export const secondsWords = (seconds) => `${seconds} s`;

/** @param {number} requests */
export const requestsWords = (requests) => plural(requests, 'request');

/** @param {number} instances */
export const instancesWords = (instances) => plural(instances, 'instance');

/** @param {number} gpus */
export const gpusPerInstanceWords = (gpus) => `${plural(gpus, 'GPU')} per instance`;

/** @param {string} label */
export const quoted = (label) => `“${label}”`;

/** A note about several settings, of which the engine speaks in the singular. @param {string} note */
export const inPlural = (note) => note.replace(/^is /, 'are ').replace(/^has /, 'have ');

// A workload that was brought in

export const SPECIFICATION = 'Workload specification';

export const IMPORTED_REQUESTS = 'Imported requests';

/** What makes the requests, where another run had something else do so. */
export const SOURCES = {
  own: 'the form’s own requests',
  list: 'imported requests',
  specification: 'a workload specification',
  otherList: 'other imported requests',
  otherSpecification: 'another workload specification',
  otherConversations: 'other conversations',
};

/** @param {string} rate */
export const rateWords = (rate) => `${rate} requests/s`;

// The line

export const NO_GPU = 'no GPU';

/** @param {number|string} gpus */
export const tpWords = (gpus) => `TP ${gpus}`;

/** @param {string} name of coefficients that were fitted to measurements */
export const measuredWords = (name) => `Latency as measured: ${name}`;

export const REPLACED_COEFFICIENTS = 'replaced coefficients';

/** @param {string} blocks */
export const replacedBlocksWords = (blocks) => `replaced KV blocks: ${blocks}`;

export const SPECIFICATION_IN_LINE = 'workload specification';

export const REQUESTS_IN_LINE = 'imported requests';

/** @param {number} clients */
export const clientsWords = (clients) => plural(clients, 'client');

/** @param {number} users */
export const usersWords = (users) => plural(users, 'user');

/** @param {string} rate */
export const perSecond = (rate) => `${rate}/s`;

export const ALL_THAT_COME = 'as many requests as come';

/** @param {string} seconds */
export const requestsOfWords = (seconds) => `requests of ${seconds} s`;

/** By whose rules random numbers are drawn. @type {Record<string, string>} */
export const STREAMS = { reference: 'BLIS streams', independent: 'independent streams' };

/** @param {string} labels */
export const variedWords = (labels) => `varied: ${labels}`;

export const ALL_BY_DEFAULT = 'everything else at its default';

/** @param {number} many */
export const moreChangedWords = (many) => `+${plural(many, 'changed setting')}`;

/** @param {number} many */
export const moreWords = (many) => `${count(many)} more`;

// Latency targets

/** Names of the latencies that can have a target. */
export const LATENCIES = { ttft: 'TTFT', itl: 'mean ITL', e2e: 'E2E' };

/** @param {string} label @param {string} time */
export const withinWords = (label, time) => `${label} within ${time}`;

/** @param {number} min @param {string} max */
export const latencyRangeWords = (min, max) => `must be a number from ${min} to ${max}`;

// Conversations

/** The patterns of conversations in the form. */
export const PATTERN_NAMES = { chat: 'Chat', agents: 'Coding agents', rag: 'RAG' };

/** How many turns are planned. @param {string} many */
export const plannedWords = (many) => `${many} turns planned`;

/** How many conversations begin. @param {string} rate */
export const conversationsPerSecond = (rate) => `${rate} conversations/s`;

/** How many agents start together. @param {string} many */
export const agentsWords = (many) => `${many} agents at once`;
