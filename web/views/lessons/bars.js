// One figure of all runs as bars that lie: every run has its whole name, and every bar its value.

import { element } from '../../ui/dom.js';
import { LESSON_METRICS, metricText, metricValue } from './metrics.js';

/** @import {Lesson, SceneFigures} from './types.d.ts' */

/**
 * How long the bars are, from 0 to 1: the longest fills its room, and what is below zero or no number has none.
 * @param {(number|null)[]} values
 * @returns {number[]}
 */
export function lengths(values) {
  const most = Math.max(...values.map((value) => value ?? 0), 0);
  return values.map((value) => (value === null || value <= 0 ? 0 : value / most));
}

/**
 * @param {Lesson} lesson
 * @param {SceneFigures} scenes
 * @param {string} path of the figure
 */
export function bars({ scenes: all }, scenes, path) {
  const { label, meaning } = LESSON_METRICS[path];
  const shares = lengths(all.map(({ name }) => metricValue(scenes, name, path)));
  const texts = all.map(({ name }) => metricText(scenes, name, path));
  const rows = all.map(({ label: run }, i) => {
    const bar = element('span', { class: 'bar' });
    bar.style.setProperty('--share', String(shares[i]));
    const value = element('span', { class: 'bar-value' }, texts[i]);
    // Read aloud, the name and the value are two words.
    return element(
      'li',
      {},
      element('span', { class: 'bar-name' }, run),
      ' ',
      element('span', { class: 'bar-room' }, bar, value),
    );
  });
  const list = element('ul', {}, ...rows);
  // Beside the longest bar there is room for the longest value.
  list.style.setProperty('--value', `${Math.max(...texts.map((text) => text.length)) + 1}ch`);
  return element(
    'figure',
    { class: 'lesson-bars', 'data-metric': path },
    element('figcaption', {}, element('b', {}, label), ' ', element('span', {}, meaning)),
    list,
  );
}
