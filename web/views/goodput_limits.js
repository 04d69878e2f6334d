// The limits of ITL and E2E in the head of the goodput chart: those of the plan, so that both speak of the same service.

import { element } from '../dom.js';
import { formatTargets, readTargets, targetTexts } from '../plan/targets.js';

/** @import {Store} from '../state.js' */

const LIMITS = /** @type {const} */ ([
  { id: 'ttft', label: 'TTFT' },
  { id: 'itl', label: 'ITL' },
  { id: 'e2e', label: 'E2E' },
]);

/**
 * @param {Store} store
 * @returns {(Node|string)[]}
 */
export function goodputLimits(store) {
  const fields = LIMITS.map(({ id, label }) => ({
    id,
    label,
    input: element('input', {
      class: 'number',
      inputmode: 'decimal',
      autocomplete: 'off',
      placeholder: 'none',
      id: `limit-${id}`,
      'aria-label': `Limit of ${label}, ms`,
    }),
  }));
  const fill = () => {
    const texts = targetTexts(store.state.targets);
    for (const { id, input } of fields) {
      input.value = texts[id] ?? '';
      input.removeAttribute('aria-invalid');
    }
  };
  const take = (/** @type {typeof fields[number]} */ { id, input }) => {
    const { targets, problems } = readTargets({ seeds: '5', ...targetTexts(store.state.targets), [id]: input.value });
    if (Object.keys(problems).length > 0) input.setAttribute('aria-invalid', 'true');
    else store.change({ targets: formatTargets(targets) });
  };
  for (const field of fields) field.input.addEventListener('change', () => take(field));
  store.listen(({ targets }, before) => {
    if (targets !== before.targets) fill();
  });
  fill();
  return [': ', ...fields.flatMap(({ label, input }) => [` ${label} ≤ `, input]), ' ms'];
}
