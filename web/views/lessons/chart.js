// One figure of all runs of a lesson, as bars.

import { number } from '../../shared/format.js';
import { LESSON_METRICS, metricValue } from './metrics.js';

/** @import {ChartSpec} from '../../charts/spec.js' */
/** @import {Lesson, SceneFigures} from './types.d.ts' */

/** Characters that fit under all bars together. */
const TICKS_WIDTH = 66;

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
 * @param {Lesson} lesson
 * @param {SceneFigures} scenes
 * @param {string} path of the figure
 * @param {boolean} narrow whether there is only room for letters under the bars
 * @returns {ChartSpec}
 */
export function lessonChart({ scenes: all }, scenes, path, narrow) {
  const { label, format } = LESSON_METRICS[path];
  const values = all.map(({ name }) => metricValue(scenes, name, path));
  const ticks = all.map((scene, i) =>
    narrow ? letter(i) : wrap(`${letter(i)} ${scene.label}`, Math.floor(TICKS_WIDTH / all.length)).join('\n'),
  );
  return {
    summary: summarise(
      all.map((scene, i) => ({ label: scene.label, value: values[i] })),
      label,
      format,
    ),
    xName: 'Run',
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
  if (low.value === high.value) return `${label} is ${format(low.value)} in all runs.`;
  const factor = low.value > 0 ? `, a factor of ${number(high.value / low.value)}` : '';
  return `${label} ranges from ${format(low.value)} (${low.label}) to ${format(high.value)} (${high.label})${factor}.`;
}
