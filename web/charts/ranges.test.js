import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plotOptions } from './options.js';
import { xRange, yRange } from './ranges.js';
import { chartSvg } from './svg.js';

/** @import {ChartSpec} from './spec.js' */

globalThis.getComputedStyle = /** @type {any} */ (() => ({ getPropertyValue: () => '#333' }));

/**
 * @param {Partial<ChartSpec['x']>} x
 * @param {Partial<ChartSpec['y']>} y
 * @returns {ChartSpec}
 */
const spec = (x, y) => ({
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
});

/** Where the line of a saved picture runs. @param {string} svg */
function corners(svg) {
  const path = svg.match(/<path d="M([^"]*)" fill="none"/)?.[1] ?? '';
  return path.split('L').map((corner) => corner.split(' ').map(Number));
}

for (const [name, chart, log] of /** @type {[string, ChartSpec, boolean][]} */ ([
  ['linear axes', spec({}, {}), false],
  ['an axis that starts at zero', spec({}, { zero: true }), false],
  ['an axis with an end', spec({}, { zero: true, max: 4100 }), false],
  ['logarithmic axes', spec({ log: true }, { log: 'auto' }), true],
])) {
  test(`a saved picture has the ranges of the page: ${name}`, () => {
    const host = /** @type {Element} */ (/** @type {unknown} */ (null));
    const options = plotOptions(host, () => chart, { log, width: 600, height: 300, onCursor: () => {} });
    const { scales } = /** @type {any} */ (options);
    const plain = (/** @type {boolean} */ isLog) => (isLog ? Math.log : Number);
    const share = (/** @type {number} */ value, /** @type {number[]} */ range, /** @type {boolean} */ isLog) => {
      const [at, low, high] = [value, ...range].map(plain(isLog));
      return (at - low) / (high - low);
    };
    const [x, y] = [scales.x.range(null, 1, 8), scales.y.range(null, 20, 4000)];
    const found = corners(chartSvg(chart, { title: '', chosenLog: log, colours: () => '#333' }));
    const [[left, bottom], , [right, top]] = found;
    // The frame of the picture: 64 to 702 and 348 to 62.
    assert.ok(Math.abs(left - (64 + 638 * share(1, x, chart.x.log === true))) < 0.02);
    assert.ok(Math.abs(right - (64 + 638 * share(8, x, chart.x.log === true))) < 0.02);
    assert.ok(Math.abs(bottom - (348 - 286 * share(20, y, log))) < 0.02);
    assert.ok(Math.abs(top - (348 - 286 * share(4000, y, log))) < 0.02);
  });
}

test('marks widen an axis, but none that a logarithmic scale has no place for', () => {
  assert.ok(xRange(spec({}, {}), 1, 8)[0] < 0.5);
  assert.ok(yRange(spec({}, {}), false, 20, 4000)[0] < -7);
  assert.deepEqual(yRange(spec({}, { log: 'auto' }), true, 13, 100), [10, 140]);
});

test('a chart without values still has a range', () => {
  assert.deepEqual(yRange(spec({}, {}), false, null, null), [0, 1]);
  assert.deepEqual(yRange(spec({}, {}), true, null, null), [1, 10]);
});
