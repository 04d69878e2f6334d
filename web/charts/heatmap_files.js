// A heat map as a file: its values as CSV, its picture as SVG; as PNG it is drawn from the canvas.

import { label, sheetOf, tag } from './svg.js';

/** @import {HeatSpec} from './heatmap.js' */

const WIDTH = 720;

const PLOT = { left: 80, top: 56, width: 624, height: 280 };

/** Times named below a map, about. */
const TICKS = 6;

/** The shade of the smallest value that is not 0, so that it differs from no value. */
export const FAINTEST = 0.12;

/**
 * How dark a cell is, from 0 to 1.
 * @param {HeatSpec} spec
 * @param {number} column
 * @param {number} row
 */
export function shadeOf({ max, value }, column, row) {
  const share = max > 0 ? value(column, row) / max : 0;
  return share <= 0 ? 0 : FAINTEST + (1 - FAINTEST) * Math.min(share, 1);
}

/**
 * One row per time, one column per instance.
 * @param {HeatSpec} spec
 */
export function heatCsv(spec) {
  const instances = Array.from({ length: spec.rows }, (_unused, row) => row);
  const heads = ['time (s)', ...instances.map((row) => `instance ${row} (${spec.unit})`)];
  const lines = Array.from(spec.seconds, (seconds, column) =>
    [seconds, ...instances.map((row) => spec.value(column, row))].join(','),
  );
  return `${[heads.join(','), ...lines].join('\n')}\n`;
}

/**
 * Round steps between two values.
 * @param {number} min
 * @param {number} max
 */
export function linearSteps(min, max) {
  const rough = (max - min) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.max(Math.floor(max / step) - first + 1, 0) }, (_unused, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/**
 * @param {HeatSpec} spec
 * @param {object} options
 * @param {string} options.title
 * @param {(name: string) => string} options.colours by name of their CSS custom property
 * @param {string[]} [options.simulated] what the picture is about
 * @param {number|null} [options.mark] the moment that other views show, s
 */
export function heatSvg(spec, { title, colours, simulated = [], mark = null }) {
  const columns = spec.seconds.length;
  const [w, h] = [PLOT.width / columns, PLOT.height / spec.rows];
  const cells = [];
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < spec.rows; row += 1) {
      const shade = shadeOf(spec, column, row);
      if (shade === 0) continue;
      const place = { x: PLOT.left + column * w, y: PLOT.top + row * h, width: w, height: Math.max(h - 1, 0.5) };
      cells.push(tag('rect', { ...place, 'fill-opacity': shade }));
    }
  }
  const grey = { fill: colours('--muted') };
  const every = Math.ceil(spec.rows / 16);
  const names = Array.from({ length: Math.ceil(spec.rows / every) }, (_unused, i) =>
    label(`instance ${i * every}`, {
      x: PLOT.left - 6,
      y: PLOT.top + (i * every + 0.5) * h + 4,
      'text-anchor': 'end',
      'font-size': 11,
      ...grey,
    }),
  );
  const last = spec.seconds[columns - 1] || 1;
  const bottom = PLOT.top + PLOT.height;
  const times = linearSteps(0, last).map((seconds) =>
    label(`${seconds} s`, {
      x: PLOT.left + (PLOT.width * seconds) / last,
      y: bottom + 16,
      'text-anchor': 'middle',
      ...grey,
    }),
  );
  const marked = mark === null ? [] : [PLOT.left + (PLOT.width * mark) / last];
  const marks = marked.map((x) =>
    tag('path', {
      d: `M${Number(x.toFixed(2))} ${PLOT.top}v${PLOT.height}`,
      stroke: colours('--ink'),
      'stroke-width': 2,
    }),
  );
  const scale = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    tag('rect', {
      x: PLOT.left + 100 * share,
      y: bottom + 40,
      width: 25,
      height: 10,
      fill: colours(spec.colour),
      'fill-opacity': share === 0 ? 0 : FAINTEST + (1 - FAINTEST) * share,
      stroke: colours('--rule'),
    }),
  );
  return sheetOf({ width: WIDTH, height: bottom + 64, title, summary: spec.summary, simulated, colours }, [
    label(title, { x: 12, y: 20, 'font-size': 14, 'font-weight': 600, fill: colours('--ink') }),
    label(spec.summary, { x: 12, y: 38, 'font-size': 11, ...grey }),
    tag('rect', {
      x: PLOT.left,
      y: PLOT.top,
      width: PLOT.width,
      height: PLOT.height,
      fill: 'none',
      stroke: colours('--rule'),
    }),
    tag('g', { fill: colours(spec.colour) }, cells.join('\n') || ' '),
    ...marks,
    ...names,
    ...times,
    label('simulated time', { x: PLOT.left + PLOT.width / 2, y: bottom + 32, 'text-anchor': 'middle', ...grey }),
    ...scale,
    label(`0 to ${spec.format(spec.max)} ${spec.unit}`, { x: PLOT.left + 134, y: bottom + 50, ...grey }),
  ]);
}
