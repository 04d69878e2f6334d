// What the overview says, and what stands above it: figures, verdict, notices, what is simulated.

import { costWords } from '../shared/costs.js';
import { count, duration, number, plural } from '../shared/format.js';

/** @import {Estimate, Progress, RunReport, Summary} from '../shared/types.d.ts' */

// --- The headline ---

/** The figures by id: their names, and what they say to someone who meets the name for the first time. */
export const FIGURES = /** @type {const} */ ({
  'ttft-p99': {
    label: 'TTFT p99',
    plain: '99 of 100 within',
    meaning: 'Time to first token: how long a request waits until the first word of its answer appears.',
  },
  itl: {
    label: 'ITL mean',
    meaning: 'Inter-token latency: the gap between two tokens of an answer, about the time from word to word.',
  },
  e2e: {
    label: 'E2E p99',
    meaning: 'End to end: from the arrival of a request to the last token of its answer.',
  },
  throughput: {
    label: 'Answers',
    meaning: 'Requests completed per second of simulated time, and the tokens in their answers.',
  },
  regret: {
    label: 'Regret',
    meaning:
      'How far the load of the chosen instance was above the lowest when a request was routed. Load adds the queue, ' +
      'the batch and all requests in flight. What waits or runs is in flight as well, so it counts twice. With ' +
      'weighted routing, regret is counted in points of the score.',
  },
  completed: {
    label: 'Completed',
    meaning: 'Requests that got their whole answer.',
  },
});

/** What several of the names have in common. */
export const P99 = {
  label: 'p99',
  meaning: '99 of 100 requests stay at or below this value. It shows how the unlucky ones fare.',
};

export const HELP = { button: 'What do these mean?', title: 'What the figures mean' };

/** The verdicts; the symbols differ without colour. */
export const VERDICTS = /** @type {const} */ ({
  overloaded: {
    symbol: '●',
    words: 'Overloaded',
    meaning: 'More comes in than the cluster can serve, or requests are lost. In a longer run, p99 would be worse.',
  },
  too_short: {
    symbol: '◐',
    words: 'Too short to tell',
    meaning: 'The run ended before the cluster had settled. In a longer run, p99 may be worse.',
  },
  steady: {
    symbol: '○',
    words: 'Steady',
    meaning: 'The cluster had settled. A longer run would show about the same.',
  },
});

/**
 * The engine's reason as a sentence.
 * @param {Summary} summary
 */
export function reasonWords({ verdict: { reason } }) {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

/**
 * Verdict and reason in one sentence.
 * @param {Summary} summary
 */
export function verdictWords({ verdict: { kind, reason } }) {
  return `${VERDICTS[kind].words}: ${reason}.`;
}

/**
 * What stands below a mean or a p99; `unanswered` is what the p99 is at least with requests that got no answer, 0 for nothing.
 * @param {'mean'|'p99'} name
 * @param {number} ms
 * @param {number} [unanswered] ms
 */
export function besideWords(name, ms, unanswered = 0) {
  const more = unanswered > 0 ? `; p99 at least ${duration(unanswered)} with unanswered requests` : '';
  return `${name} ${duration(ms)}${more}`;
}

/**
 * @param {number} perSecond
 * @param {number} unanswered the same with tokens of requests that are unfinished, 0 for none
 */
export function tokenWords(perSecond, unanswered) {
  const [known, all] = [count(perSecond), count(unanswered)];
  const more = unanswered > 0 && all !== known ? `, ${all} counting unanswered requests` : '';
  return `${known} tokens/s${more}`;
}

/** @param {number} perSecond */
export const answerWords = (perSecond) => `${number(perSecond)} per second`;

/** @param {number} mean */
export const regretWords = (mean) => `${number(mean)} on average`;

/** @param {number} max */
export const regretDetail = (max) => `${number(max)} at worst`;

/**
 * Requests that got no answer, by what happened to them.
 * @param {Summary} summary
 */
export function lossWords(summary) {
  /** @type {[number, string][]} */
  const kinds = [
    [summary.rejected, 'rejected'],
    [summary.timed_out, 'timed out'],
    [summary.dropped, 'too large'],
    [summary.lost, 'lost'],
    [summary.still_queued + summary.still_running, 'unfinished'],
  ];
  const present = kinds.filter(([many]) => many > 0).map(([many, what]) => `${count(many)} ${what}`);
  return [`of ${count(summary.requests)}`, ...(present.length > 0 ? [present.join(', ')] : [])].join(': ');
}

/**
 * What the figures hold for: a p99 without its run length means nothing in overload.
 * @param {RunReport} run
 */
export function basisWords({ summary, digest, elapsedMs }) {
  const requests = plural(summary.requests, 'request');
  return `${requests} · ${number(summary.simulated_s)} s simulated in ${duration(elapsedMs)} · digest ${digest}`;
}

/**
 * One sentence for screen readers when a new run has been drawn.
 * @param {RunReport} run
 */
export function announcement({ summary }) {
  const words = `TTFT p99 ${duration(summary.ttft.p99_ms)} for ${plural(summary.requests, 'request')}`;
  return `${words}. ${verdictWords(summary)}`;
}

/** A sentence of what the engine says in passing. @param {string} words */
export const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** @param {string} words */
export const noteSentence = (words) => `Note: ${words}.`;

// --- Notices, and what they offer ---

/** @param {string} name */
export const missingListWords = (name) =>
  `“${name}” is not kept in this browser: it was removed here, or brought in elsewhere. Open its file again under ` +
  '“Your traffic”, in the settings.';

/** @param {string} reason */
export const aboutLink = (reason) => `About this link: ${reason}.`;

/**
 * What a smaller cluster has cost.
 * @param {number[]} dropped instances whose kills are gone
 * @param {number} left instances that there are now
 */
export function droppedKillsWords(dropped, left) {
  const [what, them] =
    dropped.length === 1
      ? [`Kill of instance ${dropped[0]} was`, 'it']
      : [`Kills of instances ${dropped.slice(0, -1).join(', ')} and ${dropped.at(-1)} were`, 'them'];
  return `${what} dropped: ${plural(left, 'instance')} ${left === 1 ? 'is' : 'are'} too few for ${them}.`;
}

/** @param {string} name that no setting has */
export const unknownSetting = (name) => `The link has an unknown setting, “${name}”; it was ignored.`;

/**
 * What a link to a large run asks for, and what that takes.
 * @param {Estimate} estimate
 * @param {boolean} first whether there are no other figures
 */
export function heldWords(estimate, first) {
  const asked = `This link opens a large run: ${plural(estimate.requests, 'request')}, ${costWords(estimate)}.`;
  return first ? [asked, 'Nothing has been simulated yet. Everything runs in your browser.'] : [asked];
}

/** @param {string|null} run what the run that is shown differs in; null if there is no saying it shortly */
export function cancelledWords(run) {
  return `Cancelled: settings and figures are those of ${run === null ? 'the last run' : `the run with ${run}`}.`;
}

export const CANCELLED_FIRST = 'Cancelled: there are no figures yet.';

/** @param {Progress} progress */
export function progressWords({ phase, finishedRequests, totalRequests, simulatedSeconds }) {
  return phase === 'generating'
    ? `Generating ${plural(totalRequests, 'request')}.`
    : `Simulating: ${count(finishedRequests)} of ${count(totalRequests)} requests, ${number(simulatedSeconds)} s.`;
}

export const BUTTONS = { cancel: 'Cancel', run: 'Run' };

/** @param {string|null} settings in words */
export const runAfterAll = (settings) => (settings === null ? 'Run it after all' : `Run with ${settings}`);

/** @param {number} requests */
export const runWithFewer = (requests) => `Run with ${count(requests)} requests`;

/** @param {string|null} settings in words */
export const oldFiguresWords = (settings) =>
  settings === null
    ? 'These figures are from the last valid run.'
    : `These figures are from the last valid run, with ${settings}.`;

// --- What is simulated, and the selected request ---

export const SIMULATED = {
  list: 'Changed settings',
  caption: 'What differs from the defaults',
  heads: ['Setting', 'Value', 'Default'],
  hidden: 'hidden by the link',
  idle: 'no effect',
  show: 'Show them',
};

/** @param {unknown} error */
export const listFailed = (error) => `The list could not be loaded (${error}). Open it again.`;

/** @param {number} many */
export const hiddenWords = (many) => `This link hides ${many === 1 ? 'one setting' : plural(many, 'setting')}. `;

export const SELECTED = { inspect: 'Inspect', clear: 'Let the selected request go' };

/** @param {number} request */
export const selectedWords = (request) => `Request ${request} selected`;
