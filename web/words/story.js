// What the Story says: one run in words that need no glossary. Here an instance is called a server.

import { count, number, plural, wait } from '../shared/format.js';

/** @import {Limit} from '#engine' */
/** @import {Summary} from '../shared/types.d.ts' */
/** @import {Load, Zone} from '../views/story/zones.js' */

/** Below this factor two waits are called equal. */
const EQUAL = 1.05;

/** The zones of the curve and the badge beside the figure; the symbols differ without colour. */
export const ZONES = /** @type {const} */ ({
  behind: { symbol: '●', words: 'Behind at once', lines: ['behind', 'at once'] },
  fills: { symbol: '◐', words: 'Fills up later', lines: ['fills up', 'later'] },
  keeps: { symbol: '○', words: 'Keeps up', lines: ['keeps', 'up'] },
});

/** The verdicts on a run of which no zone is known. */
export const VERDICTS = /** @type {const} */ ({
  overloaded: { symbol: '●', words: 'Overloaded' },
  too_short: { symbol: '◐', words: 'Too short to tell' },
  steady: { symbol: '○', words: 'Steady' },
});

export const SLIDER = 'Servers';
/** The only place of the Story that has the word of all other places. The second stands between the others, emphasised. */
export const SLIDER_HELP = /** @type {const} */ (['each an ', 'instance', ' of the model']);

export const CURVE_TITLE = 'The wait, by number of servers';
export const CURVE_HELP = 'Drag the point. Log scale';

/** @param {number} seeds */
export function spreadWords(seeds) {
  return seeds > 1 ? `; band: ${seeds} seeds.` : '.';
}

export const CURVE_AXIS = 'servers';
export const CURVE_OFFERED = 'Runs this large are compared when you ask for it.';
export const CURVE_COMPUTE = 'Compute the curve';

export const WHY = 'Why?';
export const LESSON = 'Lesson 1: place your bet';
export const ALL_SETTINGS = 'All settings';
export const BACK_TO_OPENING = 'Back to the opening scene';
export const OPENED_AGAIN = 'The opening scene is back.';

/** @param {number} value */
const servers = (value) => plural(value, 'server');

/**
 * What is going on, before any figure.
 * @param {Summary} summary
 * @param {number|null} rate requests per second; null if the workload sets its own pace
 */
export function kickerWords({ requests }, rate) {
  if (rate === null) return `A chatbot is asked ${plural(requests, 'question')}.`;
  if (rate < 1) return `Every ${number(1 / rate)} s, someone asks a chatbot.`;
  const people = number(rate);
  return people === '1' ? 'Every second, someone asks a chatbot.' : `Every second, ${people} people ask a chatbot.`;
}

/**
 * The sentence that the large figure completes.
 * @param {number} value of servers
 * @param {boolean} late whether it is about those who wait, or those who are served
 */
export function sentenceWords(value, late) {
  return late
    ? `With ${servers(value)}, 1 in 100 waits longer than`
    : `With ${servers(value)}, 99 of 100 see the first word within`;
}

/** @param {number} value of servers */
export function noFigureWords(value) {
  return `With ${servers(value)}, no one sees a first word`;
}

/** In the place of a figure that does not exist. */
export const NO_FIGURE = '–';

/**
 * What the figure leaves out: it is about those who got a first word.
 * @param {Summary} summary
 */
export function unansweredWords(summary) {
  const unanswered = unansweredIn(summary);
  return unanswered === 0 ? '' : `; ${count(unanswered)} of ${count(summary.requests)} got no answer`;
}

/**
 * Requests without a whole answer, for whatever reason.
 * @param {Summary} summary
 */
const unansweredIn = ({ requests, completed }) => Math.max(requests - completed, 0);

/** What the figure is a time of, after either sentence; the second part is left out where there is little room. */
export const OF_WAIT = /** @type {const} */ (['for the first word', ' of the answer']);
export const OF_ANSWER = /** @type {const} */ (['of asking', '']);

/** Where the wait grows for as long as requests arrive. */
export const RISING = ', and rising';

/** The reasons are on their way. */
export const WORKING = 'Measuring what one server can do …';

/** What experts call the figure, before what is simulated. */
export const EXPERTS_SAY = 'TTFT p99 of';

/** @param {string} seed */
export function seedWords(seed) {
  return `seed ${seed}`;
}

/**
 * How much sooner, or later, than with the number of servers where one started; empty where it is the same.
 * @param {number} now ms
 * @param {number} before ms
 * @param {number} start
 */
export function factorWords(now, before, start) {
  if (!(now > 0 && before > 0)) return '';
  const [sooner, later] = [before / now, now / before];
  if (sooner >= EQUAL) return `${number(round(sooner))}× sooner than with ${start}`;
  if (later >= EQUAL) return `${number(round(later))}× later than with ${start}`;
  return `as soon as with ${start}`;
}

/** Two digits say enough of a factor. @param {number} factor */
const round = (factor) => Number(factor.toPrecision(2));

/** @param {number} value of servers that keep up */
export function tryWords(value) {
  return `Try ${servers(value)}`;
}

/**
 * A rate of something a second.
 * @param {number} rate
 * @param {string} noun
 */
const each = (rate, noun) => `${number(rate)} ${noun}${number(rate) === '1' ? '' : 's'}`;

/**
 * Why it is as it is, in two sentences that the run bears out.
 * @param {object} facts
 * @param {number} facts.servers
 * @param {Zone|null} facts.zone
 * @param {Load|null} facts.load
 * @param {number} facts.slots of each server
 * @param {Summary} facts.summary
 * @param {import('../shared/types.d.ts').RunReport['limits']} facts.limits
 * @returns {[string, string]}
 */
export function whyWords({ servers: value, zone, load, slots, summary, limits }) {
  if (zone === null || load === null) return [inStory(summary.verdict.reason), waitsFor(limits)];
  const subject = value === 1 ? 'The server' : 'Each server';
  const gets = `${subject} gets ${each(load.arrives, 'question')} a second`;
  switch (zone) {
    case 'behind':
      return [
        `${gets} and can read only ${number(load.reads)}, so it is behind at once.`,
        'The queue grows for as long as people keep asking.',
      ];
    case 'fills':
      return [
        `${gets} and reads them in time, but can finish only ${each(load.finishes, 'answer')} a second.`,
        laterWords(summary, limits, load.room === 'memory' ? 'memory' : `room for ${count(slots)} conversations`),
      ];
    default:
      return [
        `${gets} and can finish ${each(load.finishes, 'answer')} a second: it keeps up.`,
        roomWords(limits, value),
      ];
  }
}

/**
 * What a longer run shows, or what this one does.
 * @param {Summary} summary
 * @param {import('../shared/types.d.ts').RunReport['limits']} limits
 * @param {string} room that fills up
 */
function laterWords({ verdict }, limits, room) {
  if (verdict.kind === 'overloaded')
    return `Its ${room} is full, and the queue grows for as long as people keep asking.`;
  const { enough_requests: enough } = verdict;
  const proof = enough === undefined || enough === null ? '' : ` A run of ${count(enough)} questions would prove it.`;
  // Some wait already: that is no good time which is still to end.
  if (waitShare(limits) > HARDLY) return `Questions wait now and then; all do once its ${room} is full.${proof}`;
  return `It looks fine until its ${room} is full.${proof}`;
}

/** A reason of the engine as a sentence, in the words of the Story. @param {string} reason */
function inStory(reason) {
  // The Story counts servers from 1.
  const numbered = reason.replaceAll(/\binstance (\d+)/g, (_, at) => `server ${Number(at) + 1}`);
  const one = numbered.replaceAll(/\b([Aa])n instance\b/g, '$1 server');
  const words = one.replaceAll(/\binstance/g, 'server').replaceAll('requests/s', 'questions a second');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Limits that are room; the rest is the step under way, which every question waits for. @type {Limit[]} */
const ROOM = ['step_budget', 'slots', 'kv_blocks'];

/** A smaller share of the time is not worth a word. */
const HARDLY = 0.005;

/**
 * The share of the time during which questions waited for room at a server.
 * @param {import('../shared/types.d.ts').RunReport['limits']} limits
 */
const waitShare = (limits) => (limits === null ? 0 : ROOM.reduce((sum, limit) => sum + limits.overall[limit], 0));

/** What was full while questions waited. @type {Record<string, string>} */
const FULL = {
  step_budget: 'prompts came faster than a server reads them',
  slots: 'all places at a server were taken',
  kv_blocks: 'the memory of a server was full',
};

/**
 * For how long questions waited for room at a server that keeps up.
 * @param {import('../shared/types.d.ts').RunReport['limits']} limits
 * @param {number} value of servers
 */
function roomWords(limits, value) {
  if (limits === null) return '';
  const share = waitShare(limits);
  if (share === 0) return `No question waited for room at ${value === 1 ? 'it' : 'a server'}.`;
  const part = share < 0.001 ? 'less than 0.1%' : `${number(Number((100 * share).toPrecision(2)))}%`;
  return `${value === 1 ? 'It' : 'On average, a server'} kept questions waiting for room ${part} of the time.`;
}

/** @param {import('../shared/types.d.ts').RunReport['limits']} limits */
function waitsFor(limits) {
  if (limits === null) return '';
  const most = ROOM.reduce((a, b) => (limits.overall[b] > limits.overall[a] ? b : a));
  if (limits.overall[most] < HARDLY) return 'Hardly any question had to wait for room.';
  return `Questions waited above all because ${FULL[most]}.`;
}

/**
 * The curve in words.
 * @param {{at: number, ms: number}[]} points ascending
 * @param {number} here
 */
export function curveWords(points, here) {
  if (points.length === 0) return '';
  const [first, last] = [points[0], points[points.length - 1]];
  const now = points.find(({ at }) => at === here);
  const present = now ? ` Now: ${pointWords(now)}.` : '';
  return `Curve of the wait: ${pointWords(first)}, ${pointWords(last)}.${present}`;
}

/** @param {{at: number, ms: number}} point */
const pointWords = ({ at, ms }) => `${wait(ms)} with ${servers(at)}`;

/** The label of a point on the curve. @param {number} at @param {number} ms */
export function pointLabel(at, ms) {
  return `${at}: ${wait(ms)}`;
}

/**
 * All of it for a screen reader, once the slider rests.
 * @param {string} line
 * @param {string} figure
 * @param {string} of what it is a time of
 * @param {string} badge
 * @param {string} factor
 */
export function announcement(line, figure, of, badge, factor) {
  const beside = [badge, factor].filter((words) => words !== '').join(', ');
  return `${line} ${figure} ${of}. ${beside}.`;
}
