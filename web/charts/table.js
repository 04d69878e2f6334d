// The same data as a chart, as a real table.

import { element } from '../ui/dom.js';

/** @import {ChartSpec} from './spec.js' */

/**
 * @param {ChartSpec} spec
 * @param {string} title
 * @returns {HTMLTableElement}
 */
export function dataTable(spec, title) {
  const heads = [spec.xName, ...spec.series.map(({ label }) => label)];
  const rows = Array.from({ length: spec.xs.length }, (_unused, i) => {
    const cells = spec.series.map(({ values }) => {
      const value = values[i];
      return element('td', {}, value === null || value === undefined ? '–' : spec.y.format(value));
    });
    return element('tr', {}, element('th', { scope: 'row' }, spec.x.format(spec.xs[i])), ...cells);
  });
  return element(
    'table',
    {},
    element('caption', {}, `${title}: ${spec.y.label}`),
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...rows),
  );
}
