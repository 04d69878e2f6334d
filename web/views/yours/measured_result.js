// What a fit has found: the coefficients, what is to be minded, and what was measured beside what is predicted.

import { Chart } from '../../charts/chart.js';
import { duration, number } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/measured.js';
import { sentence } from '../../words/yours.js';
import { section } from '../traffic/parts.js';

/** @import {Compared, FitRow, FittedCoefficient, FittedLatency} from '#engine' */
/** @import {ChartSpec} from '../../charts/spec.js' */

const { FITTED } = words;

/** The latencies that are drawn. */
const DRAWN = /** @type {const} */ (['ttft', 'itl']);

/**
 * @param {() => string[]} about what saved pictures say they are about
 */
export function resultPart(about) {
  const error = element('p', { class: 'traffic-result' });
  const warnings = element('ul', { class: 'traffic-remarks' });
  const coefficients = element('div', {
    class: 'yours-table',
    tabindex: 0,
    role: 'region',
    'aria-label': FITTED.coefficients,
  });
  const compared = element('div', { class: 'yours-table', tabindex: 0, role: 'region', 'aria-label': FITTED.compared });
  const charts = element('div', { class: 'traffic-charts yours-charts' });
  const root = section('measured-result', FITTED.title, error, warnings, charts, compared, coefficients);
  /** @type {Chart[]|null} */
  let drawn = null;
  return {
    root,
    /** @param {FittedLatency|null} fitted */
    render(fitted) {
      root.hidden = fitted === null;
      if (fitted === null) return;
      setWords(error, words.errorWords(fitted));
      warnings.replaceChildren(...fitted.warnings.map((each) => element('li', {}, sentence(each))));
      warnings.hidden = fitted.warnings.length === 0;
      coefficients.replaceChildren(coefficientTable(fitted.coefficients));
      compared.replaceChildren(comparedTable(fitted.rows));
      drawn ??= DRAWN.map(
        (id) => new Chart(charts, { id: `measured-${id}`, title: words.QUANTITIES[id].label, simulated: about }),
      );
      DRAWN.forEach((id, i) => {
        const spec = comparedChart(fitted.rows, id);
        const chart = /** @type {Chart[]} */ (drawn)[i];
        chart.figure.hidden = spec === null;
        chart.update(spec);
      });
    },
  };
}

/** @param {readonly FittedCoefficient[]} all */
function coefficientTable(all) {
  // Those that the rows determine come first.
  const order = [...all].sort((a, b) => Number(b.determined) - Number(a.determined));
  return element(
    'table',
    { class: 'plain' },
    element('caption', {}, FITTED.coefficients),
    element('thead', {}, element('tr', {}, ...FITTED.columns.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...order.map((each) =>
        element(
          'tr',
          { 'data-coefficient': each.name, class: each.determined ? null : 'yours-kept' },
          element('th', { scope: 'row' }, each.name, element('span', { class: 'note' }, each.meaning)),
          element('td', {}, words.valueWords(each)),
          element('td', {}, words.unitWords(each.before, each.unit)),
          element('td', { class: 'words' }, each.determined ? FITTED.determined : `${FITTED.kept}: ${each.reason}`),
        ),
      ),
    ),
  );
}

/** @param {Compared} compared */
const cells = ({ quantity, measured, predicted, error_percent: error }) => [
  element('td', {}, words.QUANTITIES[quantity]?.label ?? quantity),
  element('td', {}, words.quantityWords(quantity, measured)),
  element('td', {}, words.quantityWords(quantity, predicted)),
  element('td', {}, words.percentWords(error)),
];

/** @param {readonly FitRow[]} rows */
function comparedTable(rows) {
  return element(
    'table',
    { class: 'plain' },
    element('caption', {}, FITTED.compared),
    element('thead', {}, element('tr', {}, ...FITTED.heads.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...rows.flatMap(({ load, compared }) =>
        compared.map((each, i) =>
          element(
            'tr',
            {},
            i === 0 ? element('th', { scope: 'row', rowspan: compared.length }, load) : null,
            ...cells(each),
          ),
        ),
      ),
    ),
  );
}

/**
 * One latency over the load: points are measured, lines are predicted.
 * @param {readonly FitRow[]} rows
 * @param {typeof DRAWN[number]} quantity
 * @returns {ChartSpec|null}
 */
export function comparedChart(rows, quantity) {
  const byRate = rows.every(({ rate }) => typeof rate === 'number');
  const points = rows
    .flatMap(({ rate, concurrency, compared }) => {
      const at = rate ?? concurrency;
      const found = compared.find((each) => each.quantity === quantity);
      // Rates and numbers of users are not on one axis.
      return found && typeof at === 'number' && (byRate || typeof rate !== 'number') ? [{ at, ...found }] : [];
    })
    .sort((a, b) => a.at - b.at);
  if (points.length < 2) return null;
  const { label } = words.QUANTITIES[quantity];
  const axis = byRate ? words.AXIS.rate : words.AXIS.users;
  const column = (/** @type {'measured'|'predicted'|'before'} */ name) => points.map((point) => point[name]);
  return {
    summary: words.chartSummary(label, points),
    xName: axis,
    x: { label: axis, format: number, tick: number, whole: !byRate },
    y: { label, format: duration, log: 'auto', zero: true },
    xs: points.map(({ at }) => at),
    series: [
      { label: FITTED.predicted, values: column('predicted'), kind: 'line', colour: '--main' },
      { label: FITTED.before, values: column('before'), kind: 'line', colour: '--muted', dash: [6, 4], thin: true },
      { label: FITTED.measured, values: column('measured'), kind: 'marks', colour: '--accent', points: 'dot' },
    ],
  };
}
