// One figure of all runs of a lesson, as bars.

import { number } from '../../shared/format.js';
import { RESULTS, rangeWords, sameInAll } from '../../words/lessons.js';
import { LESSON_METRICS, metricValue } from './metrics.js';

/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {Lesson, SceneFigures} from './types.d.ts' */

/** Characters that fit under all bars together, on a wide page and on a narrow one. */
const TICKS_WIDTH = { wide: 72, narrow: 30 };

/**
 * The letter of a scene, where its name is too long.
 * @param {number} index
 */
export function letter(index) {
  return String.fromCharCode(65 + index);
}

/**
 * Words in lines of a few characters.
 * @param {string} text
 * @param {number} width
 * @returns {string[]}
 */
export function wrap(text, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * What stands under the bars: the names of the runs where they fit, letters where they do not.
 * @param {Lesson} lesson
 * @param {boolean} narrow
 * @returns {{ticks: string[], letters: boolean}}
 */
export function barNames({ scenes }, narrow) {
  const width = Math.floor((narrow ? TICKS_WIDTH.narrow : TICKS_WIDTH.wide) / scenes.length);
  const fits = scenes.every(({ label }) => label.split(' ').every((word) => word.length <= width));
  return { ticks: scenes.map(({ label }, i) => (fits ? wrap(label, width).join('\n') : letter(i))), letters: !fits };
}

/**
 * @param {Lesson} lesson
 * @param {SceneFigures} scenes
 * @param {string} path of the figure
 * @param {boolean} narrow whether there is little room under the bars
 * @returns {ChartSpec}
 */
export function lessonChart(lesson, scenes, path, narrow) {
  const { scenes: all } = lesson;
  const { label, format } = LESSON_METRICS[path];
  const values = all.map(({ name }) => metricValue(scenes, name, path));
  const { ticks } = barNames(lesson, narrow);
  return {
    summary: summarise(
      all.map((scene, i) => ({ label: scene.label, value: values[i] })),
      label,
      format,
    ),
    xName: RESULTS.run,
    x: {
      label: '',
      format: (value) => all[value]?.label ?? '',
      tick: (value) => ticks[value] ?? '',
      whole: true,
      lines: Math.max(...ticks.map((tick) => tick.split('\n').length)),
    },
    y: {
      label,
      format,
      tick: format,
      log: values.every((value) => value !== null && value > 0) ? 'auto' : 'never',
      zero: true,
    },
    xs: all.map((_scene, i) => i),
    series: [{ label, values, kind: 'bars', colour: '--main' }],
  };
}

/**
 * @param {{label: string, value: number|null}[]} runs
 * @param {string} label
 * @param {(value: number) => string} format
 */
function summarise(runs, label, format) {
  const known = runs.flatMap((run) => (run.value === null ? [] : [{ label: run.label, value: run.value }]));
  const low = known.reduce((best, run) => (run.value < best.value ? run : best));
  const high = known.reduce((best, run) => (run.value > best.value ? run : best));
  if (low.value === high.value) return sameInAll(label, format(low.value));
  // A yes is no multiple of another answer.
  const counts = format !== LESSON_METRICS.overloaded.format;
  const factor = counts && low.value > 0 ? number(high.value / low.value) : '';
  const named = (/** @type {typeof low} */ run) => ({ value: format(run.value), label: run.label });
  return rangeWords(label, named(low), named(high), factor);
}
