// The buttons of the page's opening.

import { COUNTS } from '../../address/opening.js';
import { duration, number } from '../../shared/format.js';
import { metric } from '../../shared/metrics.js';
import { element } from '../../ui/dom.js';

/** @import {Sweep} from '../../shared/types.d.ts' */

/** Below this factor two figures are called equal. */
const EQUAL = 1.05;

/**
 * How much faster the last of the opening's counts is than the first, with the settings shown; empty while that is not known.
 * @param {Sweep|null} sweep
 * @returns {string}
 */
export function factorWords(sweep) {
  if (sweep?.axis !== 'instances') return '';
  const [few, many] = [COUNTS[0], COUNTS[COUNTS.length - 1]];
  const p99 = (/** @type {number} */ instances) =>
    sweep.points.find(({ at }) => at === instances)?.bySeed.get(sweep.seed)?.[metric('').id];
  const [before, after] = [p99(few), p99(many)];
  if (!before || !after) return '';
  const factor = before / after;
  const words = factor >= EQUAL ? `${number(factor)} times faster` : 'no faster';
  return `With the settings shown, TTFT p99 is ${duration(before)} at ${few} instances and ${duration(after)} at ${many}: ${words}.`;
}

/**
 * The buttons: an instance count each, keeping all other settings; and the way back to the beginning.
 * @param {HTMLElement} parent
 * @param {{onCount: (instances: number) => void, onReset: () => void, onSeed: () => void}} actions
 */
export function createOpening(parent, { onCount, onReset, onSeed }) {
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
