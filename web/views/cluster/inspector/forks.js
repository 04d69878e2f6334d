// The road not taken: what really would have happened, beside what the trace claims.

import { number } from '../../../shared/format.js';
import { element } from '../../../ui/dom.js';
import { ms } from './life_view.js';

/** @import {Fork} from '../../../shared/types.d.ts' */

/**
 * What was and what would have been.
 * @typedef {object} World
 * @property {string} name
 * @property {number} ttftUs
 * @property {number} e2eUs
 * @property {number} ttftP99Ms
 */

/**
 * What regret is not.
 * @param {number} regret
 * @param {string} unit
 */
export function regretIsNot(regret, unit) {
  const what = unit === 'score' ? 'score' : 'load, in requests,';
  return `The trace claims a regret of ${number(regret)}: the best candidate’s ${what} less that of the chosen one, by the router’s picture at that moment. Regret is not the time that this or any other request lost; that is what the differences below measure, in a world that was simulated again to its end with this one request sent elsewhere.`;
}

/**
 * A difference with its sign: a plus, a minus, or none at all.
 * @param {number} us
 */
export function difference(us) {
  if (!Number.isFinite(us)) return '–';
  if (us === 0) return '±0';
  return us > 0 ? `+${ms(us)}` : `−${ms(-us)}`;
}

/**
 * The difference for the request and for everyone, in words.
 * @param {World} was
 * @param {World} would
 */
export function forkInWords(was, would) {
  const shift = would.ttftUs - was.ttftUs;
  const all = (would.ttftP99Ms - was.ttftP99Ms) * 1000;
  if (!Number.isFinite(shift)) return `${would.name}: this request would not have had a first token in both worlds.`;
  const better = shift < 0 ? 'earlier' : 'later';
  const mine = shift === 0 ? 'its first token at the same time' : `its first token ${ms(Math.abs(shift))} ${better}`;
  const everyone = Math.round(all) === 0 ? 'unchanged' : `${difference(Math.round(all))}`;
  return `${would.name}: ${mine}; everyone’s TTFT p99 ${everyone}.`;
}

/**
 * @param {World} was
 * @param {Fork[]} forks
 * @param {{regret: number, unit: string}} claim
 */
export function forksView(was, forks, { regret, unit }) {
  const worlds = forks.map((fork) => ({ ...fork, name: `Sent to instance ${fork.instance}` }));
  const heads = ['World', 'its TTFT', 'difference', 'its E2E', 'difference', 'everyone’s TTFT p99', 'difference'];
  const row = (/** @type {World} */ world, /** @type {string} */ key) =>
    element(
      'tr',
      { 'data-world': key },
      element('th', { scope: 'row' }, world.name),
      element('td', {}, ms(world.ttftUs)),
      element('td', {}, world === was ? '' : difference(world.ttftUs - was.ttftUs)),
      element('td', {}, ms(world.e2eUs)),
      element('td', {}, world === was ? '' : difference(world.e2eUs - was.e2eUs)),
      element('td', {}, ms(world.ttftP99Ms * 1000)),
      element('td', {}, world === was ? '' : difference(Math.round((world.ttftP99Ms - was.ttftP99Ms) * 1000))),
    );
  return [
    element('h4', {}, 'What really would have happened'),
    ...worlds.slice(-1).map((world) => element('p', { class: 'fork-words' }, forkInWords(was, world))),
    element('p', { class: 'note' }, regretIsNot(regret, unit)),
    element(
      'div',
      { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Forks' },
      element(
        'table',
        { class: 'forks' },
        element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
        element('tbody', {}, row(was, 'was'), ...worlds.map((world) => row(world, String(world.instance)))),
      ),
    ),
  ];
}
