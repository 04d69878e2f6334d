// The latency targets in the head of the goodput chart: the settings of the form, one number for every class.

import { LATENCY_TARGETS, readLatency, targetText, uniformTarget } from '../../settings/targets.js';
import { element } from '../../ui/dom.js';
import { targetOf } from '../../words/details.js';

/** @import {Store} from '../../app/state.js' */

/**
 * @param {Store} store
 * @param {(key: string, text: string) => unknown} edit of a setting
 * @returns {(Node|string)[]}
 */
export function goodputLimits(store, edit) {
  const fields = LATENCY_TARGETS.map((limit) => ({
    ...limit,
    input: element('input', {
      class: 'number',
      inputmode: 'decimal',
      autocomplete: 'off',
      id: `limit-${limit.id}`,
      'aria-label': targetOf(limit.label),
    }),
  }));
  const fill = () => {
    const { details } = store.state;
    const targets = details?.curves.goodput.targets ?? {};
    const classes = details?.curves.classes ?? [];
    for (const { field, input } of fields) {
      const limit = uniformTarget(targets, classes, field);
      input.value = typeof limit === 'number' ? String(limit) : '';
      input.placeholder = limit === 'by class' ? limit : 'none';
      input.removeAttribute('aria-invalid');
    }
  };
  const take = (/** @type {typeof fields[number]} */ { key, input }) => {
    const { ms, problem } = readLatency(input.value);
    input.title = problem === '' ? '' : `This ${problem}.`;
    if (problem !== '') input.setAttribute('aria-invalid', 'true');
    else edit(key, targetText(store.state.details?.curves.classes ?? [], ms === null ? '' : String(ms)));
  };
  for (const field of fields) field.input.addEventListener('change', () => take(field));
  store.watch(['details'], fill);
  fill();
  const follow = (/** @type {{lock: string}} */ { lock }) => {
    for (const { input } of fields) input.disabled = lock === '1';
  };
  store.follow(['lock'], follow);
  return [': ', ...fields.flatMap(({ label, input }) => [` ${label} ≤ `, input]), ' ms'];
}
