// Why requests waited: per instance and overall, the share of the time that belongs to each limit.

import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/details.js';
import { LIMITS } from '../../words/limits.js';

/** @import {Frozen, LimitShares, Limits as EngineLimits} from '#engine' */

/** @typedef {Frozen<EngineLimits>} Limits */

/** @typedef {keyof LimitShares} Reason */

/** The columns: name, and what it means. @type {Record<Reason, {name: string, meaning: string}>} */
const REASONS = { ...LIMITS, nothing: words.NOTHING_WAITS };

const ORDER = /** @type {Reason[]} */ (Object.keys(REASONS));

/** Limits proper: what more of would have helped. @type {Reason[]} */
const PROPER = ['step_budget', 'slots', 'kv_blocks'];

/**
 * @param {Limits} limits
 */
export function limitsSummary({ overall, span_s: span }) {
  const longest = PROPER.reduce((a, b) => (overall[b] > overall[a] ? b : a));
  const share = overall[longest];
  return words.limitsWords(span, share === 0 ? null : { name: REASONS[longest].name, share, nothing: overall.nothing });
}

/**
 * The shares as one bar.
 * @param {LimitShares} shares
 */
function barOf(shares) {
  const parts = ORDER.map((reason) => {
    const part = element('span', { class: `limit-part ${reason.replaceAll('_', '-')}` });
    part.style.width = `${100 * shares[reason]}%`;
    return part;
  });
  return element('span', { class: 'limit-bar', 'aria-hidden': 'true' }, ...parts);
}

/**
 * @param {string} name
 * @param {LimitShares} shares
 */
function rowOf(name, shares) {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    ...ORDER.map((reason) => element('td', { 'data-reason': reason }, words.shareWords(shares[reason]))),
    element('td', { class: 'limit-track' }, barOf(shares)),
  );
}

/** @param {Limits} limits */
export function limitsTable({ overall, per_instance: instances }) {
  const heads = ORDER.map((reason) =>
    element(
      'th',
      { scope: 'col', title: REASONS[reason].meaning },
      element('span', { class: `limit-key ${reason.replaceAll('_', '-')}`, 'aria-hidden': 'true' }),
      REASONS[reason].name,
    ),
  );
  const rows = instances.map((shares, at) => rowOf(words.instanceRow(at), shares));
  return element(
    'table',
    { class: 'plain limits-table' },
    element('caption', { class: 'visually-hidden' }, words.LIMITS_CAPTION),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('td', {}),
        ...heads,
        element('th', { scope: 'col', class: 'visually-hidden' }, words.LIMITS_BAR),
      ),
    ),
    element('tbody', {}, rowOf(words.OVERALL, overall), ...rows),
  );
}

/**
 * @param {HTMLElement} parent
 * @returns {(limits: Limits|null) => void}
 */
export function createLimits(parent) {
  const summary = element('p', { class: 'chart-summary', id: 'limits-summary' });
  const body = element('div', {
    class: 'split-body',
    tabindex: 0,
    role: 'region',
    'aria-label': words.LIMITS_TITLE,
  });
  const head = element('div', { class: 'chart-head' }, element('h3', { id: 'limits-title' }, words.LIMITS_TITLE));
  const figure = element(
    'figure',
    { class: 'chart limits', id: 'limits', 'aria-labelledby': 'limits-title' },
    head,
    element('div', { class: 'chart-words' }, summary),
    body,
  );
  parent.append(figure);
  return (limits) => {
    figure.hidden = limits === null;
    if (limits === null) return;
    setWords(summary, limitsSummary(limits));
    body.replaceChildren(limitsTable(limits));
  };
}
