// The buttons of the opening story.

import { element } from './dom.js';
import { COUNTS } from './opening.js';

/**
 * The buttons: an instance count each, keeping all other settings; and the way back to the beginning.
 * @param {HTMLElement} parent
 * @param {{onCount: (instances: number) => void, onReset: () => void, onSeed: () => void}} actions
 */
export function createStory(parent, { onCount, onReset, onSeed }) {
  const counts = COUNTS.map((instances) => {
    const button = element(
      'button',
      { type: 'button', 'aria-pressed': 'false', 'data-instances': instances },
      `${instances} instances`,
    );
    button.addEventListener('click', () => onCount(instances));
    return button;
  });
  const seed = element('button', { type: 'button', class: 'quiet' }, 'New seed');
  const reset = element('button', { type: 'button', class: 'quiet' }, 'Start over');
  seed.addEventListener('click', onSeed);
  reset.addEventListener('click', onReset);
  parent.replaceChildren(...counts, seed, reset);
  return {
    /** @param {number} instances */
    mark(instances) {
      for (const button of counts)
        button.setAttribute('aria-pressed', String(button.dataset.instances === String(instances)));
    },
  };
}
