// Which GPUs a plan tries, besides that of the settings.

import { called, gpuLine, gpusOf } from '../../settings/catalogue.js';
import { gpuNames } from '../../engine/axes.js';
import { element, setWords } from '../../ui/dom.js';
import { chosenGpus, FORM } from '../../words/plan.js';
import { MAX_GPUS, targetGpus } from './targets.js';

/** @import {Store} from '../../app/state.js' */

/** @param {Store} store */
export function gpuChoice(store) {
  const shown = element('span', { class: 'unit' });
  const list = element('div', { class: 'goal-gpu-list' });
  const root = element(
    'details',
    { class: 'goal-gpus' },
    element('summary', {}, element('span', { class: 'label' }, FORM.gpus), ' ', shown),
    element('p', { class: 'note' }, FORM.gpusNote),
    list,
  );
  /** @type {HTMLInputElement[]} */
  let boxes = [];
  const chosen = () => boxes.filter(({ checked }) => checked).map(({ value }) => value);
  const follow = () => {
    const names = chosen();
    setWords(shown, chosenGpus(names));
    for (const box of boxes) box.disabled = !box.checked && names.length >= MAX_GPUS;
  };
  /** Shows the GPUs that there are, and those of the address as chosen. */
  const fill = () => {
    const { config, description, targets } = store.state;
    if (config === null || description === null) return;
    const names = gpuNames(config, description.catalog);
    const wanted = targetGpus(targets, names);
    if (names.join('\n') !== boxes.map(({ value }) => value).join('\n')) {
      const facts = gpusOf(config, description.catalog);
      boxes = names.map((name, i) => element('input', { type: 'checkbox', id: `goal-gpu-${i}`, value: name }));
      for (const box of boxes) box.addEventListener('change', follow);
      list.replaceChildren(
        ...boxes.map((box) => {
          const gpu = called(box.value, facts);
          return element(
            'label',
            { for: box.id, class: 'goal-gpu' },
            box,
            element(
              'span',
              {},
              element('span', { class: 'goal-gpu-name' }, box.value),
              element('span', { class: 'note' }, gpu ? gpuLine(gpu) : ''),
            ),
          );
        }),
      );
    }
    for (const box of boxes) box.checked = wanted.includes(box.value);
    follow();
  };
  store.follow(['config', 'description'], (state, before) => {
    // What has been chosen and not searched for yet stays.
    if (boxes.length === 0 || state.config?.model.own_gpus !== before.config?.model.own_gpus) fill();
  });
  return { root, chosen, fill };
}
