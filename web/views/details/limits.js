// Why requests waited: per instance and overall, the share of the time that belongs to each limit.

import { number } from '../../shared/format.js';
import { LIMITS } from '../../shared/limits.js';
import { element, setWords } from '../../ui/dom.js';

/** @import {Frozen, LimitShares, Limits as EngineLimits} from '#engine' */

/** @typedef {Frozen<EngineLimits>} Limits */

/** @typedef {keyof LimitShares} Reason */

/** The columns: name, and what it means. @type {Record<Reason, {name: string, meaning: string}>} */
const REASONS = { ...LIMITS, nothing: { name: 'nothing waits', meaning: 'no request stood in the queue' } };

const ORDER = /** @type {Reason[]} */ (Object.keys(REASONS));

/** Limits proper: what more of would have helped. @type {Reason[]} */
const PROPER = ['step_budget', 'slots', 'kv_blocks'];

/** @param {number} share */
const percent = (share) => `${number(100 * share)}%`;

/**
 * @param {Limits} limits
 */
export function limitsSummary({ overall, span_s: span }) {
  const over = `Of ${number(span)} s from first arrival to last completion`;
  const longest = PROPER.reduce((a, b) => (overall[b] > overall[a] ? b : a));
  if (overall[longest] === 0) return `${over}, requests never waited for a limit.`;
  return `${over}, requests waited for the ${REASONS[longest].name} during ${percent(overall[longest])}; nothing waited during ${percent(overall.nothing)} (mean over instances).`;
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
    ...ORDER.map((reason) => element('td', { 'data-reason': reason }, percent(shares[reason]))),
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
  const rows = instances.map((shares, at) => rowOf(`instance ${at}`, shares));
  return element(
    'table',
    { class: 'plain limits-table' },
    element('caption', { class: 'visually-hidden' }, 'Share of the time by what requests waited for'),
    element(
      'thead',
      {},
      element('tr', {}, element('td', {}), ...heads, element('th', { scope: 'col', class: 'visually-hidden' }, 'Bar')),
    ),
    element('tbody', {}, rowOf('overall', overall), ...rows),
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
    'aria-label': 'Why requests waited',
  });
  const head = element('div', { class: 'chart-head' }, element('h3', { id: 'limits-title' }, 'Why requests waited'));
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
