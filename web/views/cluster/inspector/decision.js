// The routing decision about one request: what the router saw, what was true, how it scored.

import { count, number } from '../../../shared/format.js';
import { element } from '../../../ui/dom.js';
import { candidatesWords, DECISION, stalenessWords, verdictWords } from '../../../words/inspector.js';

/** @import {Explanation} from '../../../shared/types.d.ts' */

/** @typedef {Explanation['instances'][number]} Seen */

/**
 * A cell of the table. On a phone every row is a card, and its cells have their heads beside them.
 * @param {string} head
 * @param {...(Node|string|null)} children
 */
function cell(head, ...children) {
  return element('td', { role: 'cell', 'data-head': head }, ...children);
}

/**
 * What the router saw, and the truth where it differs.
 * @param {string} head
 * @param {number} seen
 * @param {number} truth
 * @param {(value: number) => string} format
 */
function seenAndTrue(head, seen, truth, format) {
  const differs = format(seen) !== format(truth);
  const made = cell(
    head,
    format(seen),
    differs ? element('span', { class: 'truth' }, DECISION.truth(format(truth))) : null,
  );
  made.classList.toggle('stale', differs);
  return made;
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)}%`;

/** @param {Explanation} explanation */
function candidatesTable({ scorers, instances, chosen }) {
  const best = Math.max(...instances.map(({ score }) => score));
  const scorerHeads = scorers.map(({ name, weight }) => `${name} × ${number(weight)}`);
  const heads = [...DECISION.heads, ...scorerHeads, scorers.length > 0 ? DECISION.sum : DECISION.score];
  const rows = instances.map((seen, at) => candidateRow(seen, at, heads, { chosen, best }));
  // The roles are named, because a table that is shown as cards would lose them.
  return element(
    'div',
    { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': DECISION.label },
    element(
      'table',
      { class: 'candidates', role: 'table' },
      element('caption', { class: 'visually-hidden' }, DECISION.label),
      element(
        'thead',
        { role: 'rowgroup' },
        element(
          'tr',
          { role: 'row' },
          ...heads.map((head) => element('th', { scope: 'col', role: 'columnheader' }, head)),
        ),
      ),
      element('tbody', { role: 'rowgroup' }, ...rows),
    ),
  );
}

/**
 * @param {Seen} seen
 * @param {number} at
 * @param {string[]} heads
 * @param {{chosen: number, best: number}} among
 */
function candidateRow(seen, at, heads, { chosen, best }) {
  const isChosen = at === chosen;
  const notes = [isChosen ? DECISION.chosen : '', seen.score === best ? DECISION.best : ''].filter(Boolean).join(', ');
  const [, waiting, running, kvUse, inFlight, cached, ...rest] = heads;
  const scored = seen.scores.length > 0;
  return element(
    'tr',
    { class: isChosen ? 'chosen' : null, role: 'row' },
    element(
      'th',
      { scope: 'row', role: 'rowheader', 'data-head': heads[0] },
      String(at),
      notes ? element('span', { class: 'notes' }, ` ${notes}`) : null,
    ),
    seenAndTrue(waiting, seen.queue_depth, seen.true_queue_depth, count),
    seenAndTrue(running, seen.batch_size, seen.true_batch_size, count),
    seenAndTrue(kvUse, seen.kv_utilization, seen.true_kv_utilization, percent),
    cell(inFlight, count(seen.in_flight)),
    cell(cached, count(seen.cached_blocks)),
    ...seen.scores.map((score, i) => cell(rest[i], number(score))),
    cell(rest[rest.length - 1], scored ? seen.score.toFixed(4) : number(seen.score)),
  );
}

/**
 * @param {Explanation} explanation
 * @param {string} regretUnit
 */
export function decisionView(explanation, regretUnit) {
  const { length } = explanation.instances;
  return [
    element('p', { class: 'decision-verdict' }, verdictWords(explanation, regretUnit)),
    element('p', { class: 'note' }, `${stalenessWords(explanation)} ${candidatesWords(length)}`),
    candidatesTable(explanation),
  ];
}
