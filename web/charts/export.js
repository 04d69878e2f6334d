// A chart's data as a file.

import { csvCell } from '../shared/visible.js';

/** @import {ChartSpec} from './spec.js' */

/**
 * A title as the name of a file.
 * @param {string} title
 * @param {string} extension
 */
export function fileName(title, extension) {
  return `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.${extension}`;
}

/**
 * Plain numbers, so that another program can go on computing.
 * @param {ChartSpec} spec
 */
export function chartCsv(spec) {
  const heads = [spec.x.label, ...spec.series.map(({ label }) => `${label} (${spec.y.label})`)];
  const rows = Array.from({ length: spec.xs.length }, (_unused, i) =>
    [spec.xs[i], ...spec.series.map(({ values }) => values[i] ?? '')].join(','),
  );
  return `${[heads.map(csvCell).join(','), ...rows].join('\n')}\n`;
}
