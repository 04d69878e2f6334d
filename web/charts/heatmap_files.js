// A heat map as a file: its values as CSV, and its picture.

import { label, shape } from './shapes.js';
import { sheetFile, sheetOf } from './sheet.js';
import { linearSteps } from './steps.js';
import { shades, SIMULATED_TIME } from '../words/charts.js';

/** @import {HeatSpec} from './heatmap.js' */

const WIDTH = 800;

const PLOT = { left: 96, top: 8, width: 680, height: 280 };

/** Instances named beside a map: more would run into one another. */
const MOST_NAMES = 14;

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
 * @param {HeatSpec} spec
 * @param {object} options
 * @param {string} options.title
 * @param {(name: string) => string} options.colours by name of their CSS custom property
 * @param {string[]} [options.simulated] what the picture is about
 * @param {number|null} [options.mark] the moment that other views show, s
 */
export function heatSheet(spec, { title, colours, simulated = [], mark = null }) {
  const columns = spec.seconds.length;
  const [w, h] = [PLOT.width / columns, PLOT.height / spec.rows];
  const cells = [];
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < spec.rows; row += 1) {
      const shade = shadeOf(spec, column, row);
      if (shade === 0) continue;
      const place = { x: PLOT.left + column * w, y: PLOT.top + row * h, width: w, height: Math.max(h - 1, 0.5) };
      cells.push(shape('rect', { ...place, 'fill-opacity': shade }));
    }
  }
  const grey = { fill: colours('--muted') };
  const every = Math.ceil(spec.rows / MOST_NAMES);
  const names = Array.from({ length: Math.ceil(spec.rows / every) }, (_unused, i) =>
    label(`instance ${i * every}`, {
      x: PLOT.left - 6,
      y: PLOT.top + (i * every + 0.5) * h + 5,
      'text-anchor': 'end',
      ...grey,
    }),
  );
  const last = spec.seconds[columns - 1] || 1;
  const bottom = PLOT.top + PLOT.height;
  const times = linearSteps(0, last).map((seconds) =>
    label(`${seconds} s`, {
      x: PLOT.left + (PLOT.width * seconds) / last,
      y: bottom + 18,
      'text-anchor': 'middle',
      ...grey,
    }),
  );
  const marked = mark === null ? [] : [PLOT.left + (PLOT.width * mark) / last];
  const marks = marked.map((x) =>
    shape('path', {
      d: `M${Number(x.toFixed(2))} ${PLOT.top}v${PLOT.height}`,
      stroke: colours('--ink'),
      'stroke-width': 2,
    }),
  );
  const scale = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    shape('rect', {
      x: PLOT.left + 100 * share,
      y: bottom + 52,
      width: 25,
      height: 12,
      fill: colours(spec.colour),
      'fill-opacity': share === 0 ? 0 : FAINTEST + (1 - FAINTEST) * share,
      stroke: colours('--rule'),
    }),
  );
  const words = { width: WIDTH, title, summary: spec.summary, simulated, colours };
  return sheetOf(words, {
    height: bottom + 72,
    parts: [
      shape('rect', {
        x: PLOT.left,
        y: PLOT.top,
        width: PLOT.width,
        height: PLOT.height,
        fill: 'none',
        stroke: colours('--rule'),
      }),
      shape('g', { fill: colours(spec.colour) }, ...cells),
      ...marks,
      ...names,
      ...times,
      label(SIMULATED_TIME, { x: PLOT.left + PLOT.width / 2, y: bottom + 38, 'text-anchor': 'middle', ...grey }),
      ...scale,
      label(shades(spec.format(spec.max), spec.unit), { x: PLOT.left + 136, y: bottom + 63, ...grey }),
    ],
  });
}

/**
 * @param {Parameters<typeof heatSheet>[0]} spec
 * @param {Parameters<typeof heatSheet>[1]} options
 */
export function heatSvg(spec, options) {
  return sheetFile(heatSheet(spec, options));
}
