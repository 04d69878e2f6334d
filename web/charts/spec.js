// What a chart shows, as data: views make one from the state, the chart draws it, its table and its sentence.

import { NOT_KNOWN } from '../words/charts.js';

/**
 * @typedef {object} Axis
 * @property {string} label with unit
 * @property {(value: number) => string} format of a value, with unit
 * @property {(value: number) => string} [tick] of a tick label; `format` if left out
 * @property {'auto'|'never'|boolean} [log] of y: whether a logarithmic scale is offered; of x: whether it is one
 * @property {boolean} [zero] whether the scale starts at zero when linear
 * @property {number} [max] no value can be larger, so a linear scale ends there
 * @property {boolean} [whole] whether only whole numbers are ticks
 * @property {[number, number]} [ends] where it begins and ends, whatever the values are
 * @property {boolean} [turned] of x: whether its labels stand upright, each value with one: names that have no room side by side
 * @property {number} [lines] most lines of a tick label; every whole number then gets one
 */

/**
 * @typedef {object} Series
 * @property {string} label
 * @property {ArrayLike<number|null>} values
 * @property {'line'|'bars'|'outline'|'edge'|'marks'} kind `outline` is that of bars side by side; `edge` is one of a band and
 * not in the legend; `marks` has no line
 * @property {string} colour name of a CSS custom property
 * @property {number[]} [dash]
 * @property {boolean} [thin] whether it stays behind the others
 * @property {'dot'|'square'} [points] marks at the values
 */

/**
 * @typedef {object} Marker
 * @property {'x'|'y'} axis
 * @property {number} at
 * @property {string} label
 * @property {string} colour name of a CSS custom property
 * @property {boolean} [within] whether it is drawn only where it lies between the values: it does not widen the axis
 */

/**
 * @typedef {object} Note
 * @property {string} name of what is drawn dashed, or would be
 * @property {string} [says] what it predicts
 * @property {boolean} holds
 * @property {string} because the reason, as the end of a sentence
 */

/**
 * What can be set by pulling a mark along the x axis, or by pressing a point; the values of x are those that it can have.
 * @typedef {object} Choice
 * @property {number} at the value in force
 * @property {(at: number) => string} label of its mark
 * @property {string} colour name of a CSS custom property
 */

/**
 * @typedef {object} ChartSpec
 * @property {string} [title] where it changes with what is shown
 * @property {string} summary one sentence, computed
 * @property {boolean} [growing] whether more values are on their way
 * @property {Axis} x
 * @property {Axis} y
 * @property {string} xName name of the x column in the table
 * @property {ArrayLike<number>} xs ascending
 * @property {Series[]} series
 * @property {{upper: number, lower: number, label: string, colour: string}[]} [bands] between two series, by index
 * @property {Marker[]} [markers]
 * @property {Choice} [choice] where the chart is a control; the chart has to be told what happens then
 * @property {Note[]} [notes] of theory's lines
 * @property {ArrayLike<number>} [requests] the request that each point is: pointer and Enter select it
 */

/**
 * A labelled step of an axis.
 * @typedef {{at: number, label: string}} Tick
 */

/**
 * The axes of a chart as they are drawn.
 * @typedef {object} DrawnAxes
 * @property {boolean} log whether the y scale is logarithmic
 * @property {{range: [number, number], ticks: Tick[]}} x
 * @property {{range: [number, number], ticks: Tick[]}} y
 */

/**
 * What a legend names, in its order.
 * @typedef {{label: string, colour: string, kind: 'line'|'dashed'|'bars'|'outline'|'marks'|'band'}} LegendEntry
 */

/** A logarithmic scale is the default where the largest value is more than this many times the smallest. */
const LOG_FROM_RATIO = 50;

/**
 * Smallest and largest of all values, null where there is none.
 * @param {ChartSpec} spec
 */
export function valueRange(spec) {
  let min = Infinity;
  let max = -Infinity;
  for (const { values } of spec.series) {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (value === null || !Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return max === -Infinity ? null : { min, max };
}

/**
 * Where the markers are that an axis has to reach.
 * @param {Pick<ChartSpec, 'markers'>} spec
 * @param {'x'|'y'} axis
 */
export function reachedMarks({ markers = [] }, axis) {
  return markers.filter((marker) => marker.axis === axis && !marker.within).map(({ at }) => at);
}

/**
 * @param {ChartSpec} spec
 * @returns {LegendEntry[]}
 */
export function legendOf({ series, bands = [] }) {
  const lines = series.flatMap(({ label, colour, kind, dash }) =>
    kind === 'edge' ? [] : [{ label, colour, kind: dash ? /** @type {const} */ ('dashed') : kind }],
  );
  const areas = bands.flatMap(({ label, colour }) =>
    label === '' ? [] : [{ label, colour, kind: /** @type {const} */ ('band') }],
  );
  return [...lines, ...areas];
}

/**
 * Whether the y scale is logarithmic.
 * @param {ChartSpec} spec
 * @param {boolean|null} chosen what the person chose; null if nothing
 * @param {boolean} before whether it was so before: a chart that still grows does not change back and forth
 */
export function isLogarithmic(spec, chosen, before = false) {
  if (spec.y.log !== 'auto') return false;
  const range = valueRange(spec);
  if (range === null) return before;
  if (range.min <= 0) return false;
  return chosen ?? (range.max / range.min > LOG_FROM_RATIO || (spec.growing === true && before));
}

/**
 * One point in words: `4 instances: TTFT p99 1.43 s`.
 * @param {ChartSpec} spec
 * @param {number} index
 */
export function describePoint(spec, index) {
  const values = spec.series.flatMap(({ label, values: column }) => {
    const value = column[index];
    return value === null || value === undefined ? [] : [`${label} ${spec.y.format(value)}`];
  });
  return `${spec.x.format(spec.xs[index])}: ${values.join(', ') || NOT_KNOWN}`;
}
