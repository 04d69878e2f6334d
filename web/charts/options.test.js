import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plotOptions, plotShape } from './options.js';

/** @import {ChartSpec} from './spec.js' */

/** The options ask the browser for colours. */
globalThis.getComputedStyle = /** @type {any} */ (
  () => ({ getPropertyValue: (/** @type {string} */ name) => `colour of ${name}` })
);

const host = /** @type {Element} */ (/** @type {unknown} */ (null));

/** @returns {ChartSpec} */
const spec = () => ({
  summary: '',
  xName: 'Run',
  x: { label: 'runs', format: String, tick: (value) => `run ${value}`, whole: true, lines: 1 },
  y: { label: 'TTFT p99', format: (value) => `${value} ms`, log: 'auto', zero: true },
  xs: [0, 1, 2],
  series: [
    { label: 'p99', values: [3, 2, 1], kind: 'bars', colour: '--main' },
    { label: 'low', values: [1, 1, 1], kind: 'line', colour: '--accent', dash: [4, 4], points: 'dot' },
    { label: 'high', values: [5, 5, 5], kind: 'line', colour: '--accent' },
  ],
  bands: [{ upper: 2, lower: 1, label: 'seeds', colour: '--accent' }],
});

/** One change of everything that a description says about how it is drawn. @type {Record<string, (spec: any) => void>} */
const CHANGES = {
  'tick texts of x': (other) => (other.x.tick = (/** @type {number} */ value) => `scene ${value}`),
  'format of x': (other) => delete other.x.tick,
  'whole numbers of x': (other) => (other.x.whole = false),
  'lines of x': (other) => (other.x.lines = 3),
  'upright labels of x': (other) => (other.x.turned = true),
  'label of x': (other) => (other.x.label = 'scenes'),
  'scale of x': (other) => (other.x.log = true),
  'format of y': (other) => (other.y.format = (/** @type {number} */ value) => `${value} s`),
  'tick texts of y': (other) => (other.y.tick = (/** @type {number} */ value) => `${value}`),
  'whole numbers of y': (other) => (other.y.whole = true),
  'start of y': (other) => (other.y.zero = false),
  'end of y': (other) => (other.y.max = 2),
  'label of a series': (other) => (other.series[0].label = 'p50'),
  'kind of a series': (other) => (other.series[0].kind = 'line'),
  'colour of a series': (other) => (other.series[0].colour = '--good'),
  'dashes of a series': (other) => (other.series[1].dash = [1, 1]),
  'width of a series': (other) => (other.series[1].thin = true),
  'points of a series': (other) => (other.series[1].points = 'square'),
  'ends of a band': (other) => (other.bands[0].upper = 1),
  'colour of a band': (other) => (other.bands[0].colour = '--good'),
  'marks on x': (other) => (other.markers = [{ axis: 'x', at: 9, label: '', colour: '--main' }]),
};

/**
 * What a plot shows that was built for a description, when the present one is another: all that its options say, with
 * the answers of those parts that are functions.
 * @param {ChartSpec} built
 * @param {ChartSpec} present
 */
function drawn(built, present) {
  let current = built;
  const options = plotOptions(host, () => current, { log: false, width: 600, height: 300, onCursor: () => {} });
  current = present;
  const plot = /** @type {any} */ ({ bbox: { width: 600, height: 300 } });
  const text = JSON.stringify(options, (_key, part) => (typeof part === 'function' ? 'function' : part));
  const [x, y] = /** @type {any[]} */ (options.axes);
  const { scales } = /** @type {any} */ (options);
  return {
    text,
    height: x.size(plot, null),
    ticks: [x, y].map(({ values }) => values(plot, [0, 0.5, 1])),
    ranges: [scales.x.range(plot, 1, 3), scales.y.range(plot, 1, 3)],
  };
}

globalThis.devicePixelRatio = 1;

for (const [what, change] of Object.entries(CHANGES)) {
  test(`a plot that is kept shows another ${what}, or it is not kept`, () => {
    const [before, after] = [spec(), spec()];
    change(after);
    const fresh = drawn(after, after);
    assert.notDeepEqual(fresh, drawn(before, before), 'the change can be seen');
    if (plotShape(before, false) === plotShape(after, false)) assert.deepEqual(drawn(before, after), fresh);
  });
}

test('other values alone keep the plot', () => {
  const after = spec();
  after.series[0].values = [9, 9, 9];
  after.x.tick = (value) => `scene ${value}`;
  assert.equal(plotShape(spec(), false), plotShape(after, false));
});

test('before there is a value the y axis has no labels: its scale would be made up', () => {
  const labels = (/** @type {(number|null)[]} */ values) => {
    const given = { ...spec(), series: [{ ...spec().series[0], values }], bands: [] };
    const options = plotOptions(host, () => given, { log: false, width: 1, height: 1, onCursor: () => {} });
    const axes = /** @type {any[]} */ (options.axes);
    return axes[1].values(null, [0, 1]);
  };
  assert.deepEqual(labels([null, null, null]), ['', '']);
  assert.deepEqual(labels([null, 1, null]), ['0 ms', '1 ms']);
});
