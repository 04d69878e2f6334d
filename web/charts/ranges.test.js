import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plotOptions } from './options.js';
import { xRange, yRange } from './ranges.js';
import { valueRange } from './spec.js';
import { chartSvg, FRAME } from './svg.js';

/** @import {ChartSpec, DrawnAxes, Series} from './spec.js' */

globalThis.getComputedStyle = /** @type {any} */ (() => ({ getPropertyValue: () => '#333' }));

/**
 * @param {Partial<ChartSpec['x']>} x
 * @param {Partial<ChartSpec['y']>} y
 * @param {Partial<ChartSpec>} [part]
 * @returns {ChartSpec}
 */
const spec = (x, y, part = {}) => ({
  summary: '',
  xName: 'x',
  x: { label: 'x', format: String, ...x },
  y: { label: 'y', format: String, ...y },
  xs: [1, 2, 8],
  series: [{ label: 'line', values: [20, 30, 4000], kind: 'line', colour: '--main' }],
  markers: [
    { axis: 'x', at: 0.5, label: 'mark', colour: '--main' },
    { axis: 'y', at: -7, label: 'mark', colour: '--main' },
  ],
  ...part,
});

/** @param {Series['kind']} kind @param {number[]} values @returns {Series[]} */
const series = (kind, values) => [{ label: kind, values, kind, colour: '--main' }];

/** @param {string} svg @param {RegExp} pattern with an x and a y */
const found = (svg, pattern) => [...svg.matchAll(pattern)].map(([, x, y]) => [Number(x), Number(y)]);

/** Where the values of a saved picture are, by the kind of their series. @type {Record<string, (svg: string) => number[][]>} */
const PLACES = {
  line: (svg) =>
    (svg.match(/<path d="M([^"]*)" fill="none"/)?.[1] ?? '').split('L').map((at) => at.split(' ').map(Number)),
  marks: (svg) => found(svg, /<circle cx="([^"]*)" cy="([^"]*)" r="2.5"/g),
  bars: (svg) =>
    [...svg.matchAll(/<rect x="([^"]*)" y="([^"]*)" width="([^"]*)" height="[^"]*" fill="#333" fill-opacity="0.65"/g)]
      .map(([, x, y, width]) => [Number(x) + Number(width) / 2, Number(y)])
      // The last one is in the legend.
      .slice(0, -1),
};

/**
 * The axes that the page draws, from the options that uPlot gets; `splits` are the steps that it chooses.
 * @param {ChartSpec} chart
 * @param {boolean} log
 * @param {[number[], number[]]} splits
 * @returns {DrawnAxes}
 */
function drawnAxes(chart, log, splits) {
  /** @type {DrawnAxes} */
  const drawn = { log, x: { range: [0, 1], ticks: [] }, y: { range: [0, 1], ticks: [] } };
  const host = /** @type {Element} */ (/** @type {unknown} */ (null));
  const options = plotOptions(host, () => chart, {
    log,
    width: 600,
    height: 300,
    onCursor: () => {},
    onTicks: (axis, ticks) => (drawn[axis].ticks = ticks),
  });
  const [scales, axes] = [/** @type {any} */ (options.scales), /** @type {any} */ (options.axes)];
  const values = valueRange(chart);
  drawn.x.range = scales.x.range();
  drawn.y.range = scales.y.range(null, values?.min ?? null, values?.max ?? null);
  axes.forEach((/** @type {any} */ axis, /** @type {number} */ i) => axis.values(null, splits[i]));
  return drawn;
}

/** @type {[string, ChartSpec, boolean][]} */
const CHARTS = [
  ['linear axes', spec({}, {}), false],
  ['an axis that starts at zero', spec({}, { zero: true }), false],
  ['an axis with an end', spec({}, { zero: true, max: 4100 }), false],
  ['logarithmic axes', spec({ log: true }, { log: 'auto' }), true],
  ['a scale that a person has made linear', spec({}, { log: 'auto', zero: true }), false],
  ['bars', spec({ whole: true }, { zero: true }, { xs: [0, 1, 2], series: series('bars', [3, 0, 5]) }), false],
  ['single marks', spec({}, { log: 'auto' }, { series: series('marks', [20, 30, 4000]) }), true],
  ['one point', spec({}, {}, { xs: [5], series: series('line', [7]), markers: [] }), false],
  [
    'one point on logarithmic axes',
    spec({ log: true }, { log: 'auto' }, { xs: [5], series: series('marks', [7]) }),
    true,
  ],
  ['one bar', spec({ whole: true }, { zero: true }, { xs: [0], series: series('bars', [7]), markers: [] }), false],
];

for (const [name, chart, log] of CHARTS) {
  test(`a saved picture has the ranges and ticks of the page: ${name}`, () => {
    const drawn = drawnAxes(chart, log, [
      [1, 2, 5],
      [100, 2000],
    ]);
    const svg = chartSvg(chart, { title: '', drawn, colours: () => '#333' });
    const place = (/** @type {number} */ value, /** @type {'x'|'y'} */ axis) => {
      const plain = (axis === 'x' ? chart.x.log === true : log) ? Math.log : Number;
      const [at, low, high] = [value, ...drawn[axis].range].map(plain);
      const share = (at - low) / (high - low);
      return axis === 'x'
        ? FRAME.left + (FRAME.right - FRAME.left) * share
        : FRAME.bottom - (FRAME.bottom - FRAME.top) * share;
    };
    const [{ kind, values }] = chart.series;
    const places = PLACES[kind](svg);
    assert.equal(places.length, chart.xs.length);
    places.forEach(([x, y], i) => {
      assert.ok(Math.abs(x - place(chart.xs[i], 'x')) < 0.02, `x of ${i}`);
      assert.ok(Math.abs(y - place(Number(values[i]), 'y')) < 0.02, `y of ${i}`);
      assert.ok(x > FRAME.left && x < FRAME.right && y >= FRAME.top && y <= FRAME.bottom, `${i} is in the picture`);
    });
    for (const { at, label } of drawn.y.ticks) {
      const tick = svg.match(new RegExp(`<text x="74" y="([^"]*)" text-anchor="end"[^>]*>${label}<`))?.[1];
      assert.ok(Math.abs(Number(tick) - 5 - place(at, 'y')) < 0.02, `tick ${label}`);
    }
    for (const { at, label } of drawn.x.ticks) {
      const tick = svg.match(new RegExp(`<text x="([^"]*)" y="340" text-anchor="middle"[^>]*>${label}<`))?.[1];
      assert.ok(Math.abs(Number(tick) - place(at, 'x')) < 0.02, `tick ${label}`);
    }
  });
}

test('a chart without values has a range, and its picture the axes of the page', () => {
  for (const log of [false, true]) {
    const chart = spec({ log }, { log: 'auto' }, { xs: [], series: series('line', []), markers: [] });
    const drawn = drawnAxes(chart, log, [log ? [1, 10] : [0, 1], log ? [1, 10] : [0, 1]]);
    assert.deepEqual([drawn.x.range, drawn.y.range], log ? [[1, 10], [1, 10]] : [[0, 1], [0, 1]]); // prettier-ignore
    const svg = chartSvg(chart, { title: '', drawn, colours: () => '#333' });
    assert.ok(!/NaN|Infinity|undefined/.test(svg));
    assert.equal(svg.match(/text-anchor="middle"[^>]*>(0|1|10)</g)?.length, 2);
  }
});

test('marks widen an axis, but none that a logarithmic scale has no place for', () => {
  assert.ok(xRange(spec({}, {}))[0] < 0.5);
  assert.ok(yRange(spec({}, {}), false, 20, 4000)[0] < -7);
  assert.deepEqual(yRange(spec({}, { log: 'auto' }), true, 13, 100), [10, 140]);
});

test('a single bar stands in the middle, and not at the edge of a hundred', () => {
  const chart = spec({ whole: true }, {}, { xs: [0], series: series('bars', [7]), markers: [] });
  assert.deepEqual(xRange(chart), [-0.6, 0.6]);
});
