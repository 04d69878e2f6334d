// The address: `#v=2&k=4&rate=200`. Short keys of the schema, defaults left out, versioned so that an old link keeps
// its meaning. Values are checked by the engine, like everything that a person types.

import { LIST_KEY, namedList } from '../shared/named_list.js';
import { broughtUp, isKnown, KNOWN, VERSION } from '../shared/versions.js';

/** @import {Pair} from '../shared/types.d.ts' */

/** Keys about the page itself, which the engine never sees, and the part of the state that each of them holds. */
export const PAGE_PARTS = /** @type {const} */ ({
  tab: 'tab',
  lesson: 'lesson',
  room: 'room',
  present: 'present',
  over: 'sweepAxis',
  show: 'sweepMetric',
  goal: 'targets',
  own: 'own',
  hide: 'hide',
  lock: 'lock',
  embed: 'embed',
  request: 'request',
});

export const PAGE_KEYS = Object.keys(PAGE_PARTS);

/** The one setting that can be too long for an address: the list of requests of a trace. */
const LIST = LIST_KEY;

/** Stands in an address for a list of requests that is not part of it, with its name if it has one. */
const LIST_LEFT_OUT = 'list';

/** The value of that where no name is known. */
const NO_NAME = '1';

/** Longest list that an address carries, characters. */
const LONGEST_LIST = 4000;

/** @param {Pair} pair */
const isLongList = ([key, text]) => key === LIST && text.length > LONGEST_LIST;

/**
 * Whether an address can hold all of these settings.
 * @param {Pair[]} pairs
 */
export function fitsIntoLink(pairs) {
  return !pairs.some(isLongList);
}

/** The settings that hold what a link of earlier versions gave the plan as `goal=ttft:500`. */
const SETTING_OF_GOAL = /** @type {Record<string, string>} */ ({ ttft: 'slottft', itl: 'sloitl', e2e: 'sloe2e' });

/**
 * The latency targets of a plan in a link of earlier versions, as settings.
 * @param {string} goal
 * @param {Pair[]} settings of the link, which take precedence
 * @returns {Pair[]}
 */
function latencyTargets(goal, settings) {
  return goal.split(',').flatMap((part) => {
    const [id, ms] = part.split(':');
    const key = SETTING_OF_GOAL[id];
    const free = key !== undefined && ms !== undefined && !settings.some(([given]) => given === key);
    return free ? [/** @type {Pair} */ ([key, `default=${ms}ms`])] : [];
  });
}

/** What an address says that lacks its list of requests. @param {string} name */
function leftOutWords(name) {
  const what = name === NO_NAME ? 'its requests are' : `its requests, “${name}”, are`;
  return `${what} not part of a link; open their file under “Your traffic”`;
}

/**
 * Settings that mean the same in another browser: a list that only this one keeps is left out.
 * @param {readonly Pair[]} pairs
 * @returns {{pairs: Pair[], page: Pair[]}} what is left, and what an address says about the rest
 */
export function shareable(pairs) {
  const named = namedList(pairs);
  if (named === null) return { pairs: [...pairs], page: [] };
  return {
    pairs: pairs.filter(([key]) => key !== LIST),
    page: [[LIST_LEFT_OUT, named.name === '' ? NO_NAME : named.name]],
  };
}

/** Where the link leads that skips to the content: no address of ours, if it was followed before there were scripts. */
const CONTENT = 'content';

/**
 * Whether an address holds nothing: it is the front door.
 * @param {string} hash
 */
export function isFrontDoor(hash) {
  return ['', CONTENT].includes(hash.replace(/^#/, ''));
}

/**
 * The settings of an address: null if it holds none.
 * @param {string} hash with or without the leading `#`
 * @returns {{pairs: Pair[], rejected: string[]}|null}
 */
export function parseHash(hash) {
  const text = hash.replace(/^#/, '');
  if (isFrontDoor(hash)) return null;
  /** @type {Pair[]} */
  const pairs = [...new URLSearchParams(text)];
  const version = pairs.find(([key]) => key === 'v')?.[1];
  if (version === undefined) return { pairs: [], rejected: [`it has no version (v=${VERSION}), so it was not read`] };
  if (!isKnown(version)) {
    return { pairs: [], rejected: [`version ${version} is unknown (known: ${KNOWN}), so it was not read`] };
  }
  const reserved = ['v', LIST_LEFT_OUT, ...PAGE_KEYS];
  const left = pairs.find(([key]) => key === LIST_LEFT_OUT)?.[1];
  const rejected = left === undefined ? [] : [leftOutWords(left)];
  const settings = pairs.filter(([key]) => !reserved.includes(key));
  const all = [...settings, ...latencyTargets(pageValue(text, 'goal'), settings)];
  return { pairs: broughtUp(all, version), rejected };
}

/**
 * The value of a key about the page itself, empty if the address lacks it.
 * @param {string} hash
 * @param {string} key
 */
export function pageValue(hash, key) {
  return new URLSearchParams(hash.replace(/^#/, '')).get(key) ?? '';
}

/**
 * The address for settings; a long list of requests is left out and replaced by a key that says so. Colons and commas stay readable; they have no special meaning in a hash.
 * @param {Pair[]} pairs
 * @param {Pair[]} page keys about the page itself; those without a value are left out
 * @returns {string} with the leading `#`
 */
export function formatHash(pairs, page = []) {
  const given = page.filter(([, value]) => value !== '');
  if (!fitsIntoLink(pairs)) given.push([LIST_LEFT_OUT, NO_NAME]);
  const short = pairs.filter((pair) => !isLongList(pair));
  const query = new URLSearchParams([['v', VERSION], ...short, ...given]).toString();
  return `#${query.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/')}`;
}

/**
 * Writes the address, at most once per `delay` ms. Safari refuses more than 100 writes in 30 s: then it is tried again
 * later, with what is the latest by then.
 * @param {(hash: string) => void} write
 * @param {number} delay
 * @param {number} retryDelay
 */
export function debouncedWriter(write, delay = 400, retryDelay = 10_000) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  let latest = '';
  const attempt = () => {
    timer = undefined;
    try {
      write(latest);
    } catch {
      timer = setTimeout(attempt, retryDelay);
    }
  };
  const schedule = (/** @type {string} */ hash) => {
    latest = hash;
    clearTimeout(timer);
    timer = setTimeout(attempt, delay);
  };
  const drop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  /** Writes at once what is due. */
  const flush = () => {
    if (timer === undefined) return;
    drop();
    attempt();
  };
  return Object.assign(schedule, { drop, flush });
}

/**
 * The list of requests among settings, which the address may have to leave out.
 * @param {Pair[]} pairs
 */
export function listOf(pairs) {
  return pairs.find(([key]) => key === LIST)?.[1] ?? '';
}
