// The routing decision about one request: what the router saw, what was true, how it scored; and a button to send the
// request elsewhere.

import { count, number, plural } from '../../../shared/format.js';
import { element } from '../../../ui/dom.js';
import { ms } from './life_view.js';

/** @import {Explanation} from '../../../shared/types.d.ts' */

/** @typedef {Explanation['instances'][number]} Seen */

const TABLE_NOTE = 'The table shows what it saw of each instance; where the truth was different, it stands below.';

/**
 * How fresh the router's picture was.
 * @param {Explanation} explanation
 */
export function staleness({ snapshot_age_us: snapshot, cache_age_us: cache }) {
  const age = (/** @type {number} */ us) => (us > 0 ? `${ms(us)} old` : 'current');
  return `Its picture of queues, batches and KV use was ${age(snapshot)}, that of the prefix caches ${age(cache)}; requests in flight are always current.`;
}

/**
 * @param {Explanation} explanation
 * @param {string} regretUnit
 */
export function verdict({ chosen, tied, regret, time_us: time }, regretUnit) {
  const draw = tied > 1 ? `, drawn among ${count(tied)} equally good ones` : '';
  const unit = regretUnit === 'score' ? 'of score' : 'of load';
  return `At ${ms(time)} the router chose instance ${chosen}${draw}. Regret ${number(regret)} ${unit}.`;
}

/**
 * What the router saw, and the truth where it differs.
 * @param {number} seen
 * @param {number} truth
 * @param {(value: number) => string} format
 */
function seenAndTrue(seen, truth, format) {
  const differs = format(seen) !== format(truth);
  return element(
    'td',
    { class: differs ? 'stale' : null },
    format(seen),
    differs ? element('span', { class: 'truth' }, ` true ${format(truth)}`) : null,
  );
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)}%`;

/**
 * @param {Explanation} explanation
 * @param {(instance: number) => void} onFork
 */
export function candidatesTable({ scorers, instances, chosen }, onFork) {
  const best = Math.max(...instances.map(({ score }) => score));
  const scorerHeads = scorers.map(({ name, weight }) => `${name} × ${number(weight)}`);
  const heads = ['Instance', 'waiting', 'running', 'KV use', 'in flight', 'cached blocks', ...scorerHeads];
  const rows = instances.map((seen, at) => candidateRow(seen, at, { chosen, best }, onFork));
  const all = [...heads, scorers.length > 0 ? 'sum' : 'score = −load', 'fork here: send it'];
  return element(
    'div',
    { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Candidates of the routing decision' },
    element(
      'table',
      { class: 'candidates' },
      element('caption', { class: 'visually-hidden' }, 'Candidates of the routing decision'),
      element('thead', {}, element('tr', {}, ...all.map((head) => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...rows),
    ),
  );
}

/**
 * @param {Seen} seen
 * @param {number} at
 * @param {{chosen: number, best: number}} among
 * @param {(instance: number) => void} onFork
 */
function candidateRow(seen, at, { chosen, best }, onFork) {
  const isChosen = at === chosen;
  const notes = [isChosen ? 'chosen' : '', seen.score === best ? 'best' : ''].filter(Boolean).join(', ');
  const again = isChosen ? 'there again' : 'there instead';
  const button = element('button', { type: 'button', 'data-fork': at }, again);
  button.setAttribute('aria-label', `Fork: send it ${again}, to instance ${at}`);
  button.addEventListener('click', () => onFork(at));
  return element(
    'tr',
    { class: isChosen ? 'chosen' : null },
    element('th', { scope: 'row' }, String(at), notes ? element('span', { class: 'notes' }, ` ${notes}`) : null),
    seenAndTrue(seen.queue_depth, seen.true_queue_depth, count),
    seenAndTrue(seen.batch_size, seen.true_batch_size, count),
    seenAndTrue(seen.kv_utilization, seen.true_kv_utilization, percent),
    element('td', {}, count(seen.in_flight)),
    element('td', {}, count(seen.cached_blocks)),
    ...seen.scores.map((score) => element('td', {}, number(score))),
    element('td', {}, seen.scores.length > 0 ? seen.score.toFixed(4) : number(seen.score)),
    element('td', {}, button),
  );
}

/**
 * @param {Explanation} explanation
 * @param {string} regretUnit
 * @param {(instance: number) => void} onFork
 */
export function decisionView(explanation, regretUnit, onFork) {
  return [
    element('h4', {}, 'The routing decision'),
    element('p', { class: 'decision-verdict' }, verdict(explanation, regretUnit)),
    element(
      'p',
      { class: 'note' },
      `${plural(explanation.instances.length, 'candidate')}. ${staleness(explanation)} ${TABLE_NOTE}`,
    ),
    candidatesTable(explanation, onFork),
  ];
}
