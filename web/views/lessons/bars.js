// One figure of all runs as bars that lie: every run has its whole name, and every bar its value.

import { element } from '../../ui/dom.js';
import { factorHelp, factorWords } from '../../words/lessons.js';
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

/** From this factor on the shortest bar is a line, and its length says nothing. */
const TOLD_FACTOR = 20;

/** What is so many times as much as another that it can be said so. */
const MULTIPLES = new Set(['time', 'requests']);

/**
 * The longest of the bars, and how many times as long as the shortest it is; null where their lengths can be compared.
 * @param {(number|null)[]} values
 * @param {string} unit
 * @returns {{at: number, factor: number}|null}
 */
export function factorOf(values, unit) {
  const positive = values.filter((value) => value !== null && value > 0).map(Number);
  const most = Math.max(...positive);
  const factor = most / Math.min(...positive);
  return MULTIPLES.has(unit) && factor > TOLD_FACTOR ? { at: values.indexOf(most), factor } : null;
}

/**
 * @param {Lesson} lesson
 * @param {SceneFigures} scenes
 * @param {string} path of the figure
 */
export function bars({ scenes: all }, scenes, path) {
  const { label, meaning, unit } = LESSON_METRICS[path];
  const values = all.map(({ name }) => metricValue(scenes, name, path));
  const shares = lengths(values);
  const longest = factorOf(values, unit);
  const times = longest === null ? '' : factorWords(longest.factor);
  const texts = all.map(({ name }) => metricText(scenes, name, path));
  const rows = all.map(({ label: run }, i) => {
    const bar = element('span', { class: 'bar' });
    bar.style.setProperty('--share', String(shares[i]));
    const value = element('span', { class: 'bar-value' }, texts[i]);
    const factor = longest?.at === i ? element('span', { class: 'bar-factor', title: factorHelp(times) }, times) : null;
    // Read aloud, the name and the value are two words.
    return element(
      'li',
      {},
      element('span', { class: 'bar-name' }, run),
      ' ',
      element('span', { class: 'bar-room' }, bar, value, factor),
    );
  });
  const list = element('ul', {}, ...rows);
  // Beside the longest bar there is room for the longest value.
  const room = texts.map((text, i) => text.length + (longest?.at === i ? times.length + 2 : 0));
  list.style.setProperty('--value', `${Math.max(...room) + 1}ch`);
  return element(
    'figure',
    { class: 'lesson-bars', 'data-metric': path },
    element('figcaption', {}, element('b', {}, label), ' ', element('span', {}, meaning)),
    list,
  );
}
