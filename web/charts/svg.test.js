import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captionLines } from './caption.js';
import { heatCsv, heatSvg } from './heatmap_files.js';
import { escapeXml } from './shapes.js';
import { linearSteps } from './steps.js';
import { chartSvg } from './svg.js';

/** @import {ChartSpec, DrawnAxes} from './spec.js' */

const colours = (/** @type {string} */ name) => ({ '--paper': '#fff', '--main': '#0072b2' })[name] ?? '#333';

/** @returns {ChartSpec} */
const spec = () => ({
  summary: 'p99 < 1 s & "falling"',
  xName: 'Instances',
  x: { label: 'instances', format: String, whole: true },
  y: { label: 'TTFT p99', format: (value) => `${value} ms`, log: 'auto', zero: true },
  xs: [1, 2, 3],
  series: [
    { label: 'p99', values: [1000, null, 10], kind: 'line', colour: '--main', points: 'dot' },
    { label: 'low', values: [900, 90, 9], kind: 'edge', colour: '--main' },
    { label: 'high', values: [1100, 110, 11], kind: 'edge', colour: '--main' },
  ],
  bands: [{ upper: 2, lower: 1, label: 'seeds', colour: '--main' }],
  markers: [{ axis: 'x', at: 2, label: 'now: 2', colour: '--accent' }],
});

/** @type {DrawnAxes} */
const drawn = {
  log: true,
  x: { range: [1, 3], ticks: [1, 2, 3].map((at) => ({ at, label: `${at}\ninstances` })) },
  y: { range: [8, 2000], ticks: [10, 100, 1000].map((at) => ({ at, label: `${at} ms` })) },
};

/** @type {DrawnAxes} */
const flat = { ...drawn, log: false, y: { range: [0, 1], ticks: [] } };

/**
 * Every element that is opened is closed, in order.
 * @param {string} text
 */
function balanced(text) {
  /** @type {string[]} */
  const open = [];
  for (const [, closing, name, single] of text.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (single) continue;
    if (closing) assert.equal(open.pop(), name);
    else open.push(name);
  }
  return open.length === 0;
}

test('a chart as SVG holds its title, axes with units, series, band, mark and legend', () => {
  const text = chartSvg(spec(), { title: 'TTFT p99 against instances', drawn, colours });
  assert.ok(balanced(text));
  for (const words of ['TTFT p99 against instances', '>instances<', '100 ms', 'now: 2', '>seeds<', '#0072b2'])
    assert.ok(text.includes(words), words);
  assert.ok(text.includes('p99 &lt; 1 s &amp; &quot;falling&quot;'));
  assert.ok(!/NaN|Infinity|undefined/.test(text));
});

test('a value that is missing is no place in the line', () => {
  const text = chartSvg(spec(), { title: '', drawn, colours });
  const line = text.match(/<path d="M([^"]*)" fill="none"/)?.[1] ?? '';
  assert.equal(line.split('L').length, 2);
});

test('lines of a tick label stand one below the other, and the name of the axis below them', () => {
  const text = chartSvg(spec(), { title: '', drawn, colours });
  assert.match(text, /<text x="80" y="340"[^>]*>1<tspan x="80" dy="18">instances<\/tspan><\/text>/);
  assert.match(text, /<text x="431" y="376"[^>]*>instances<\/text>/);
});

test('marks of a line are full or hollow, as on the page', () => {
  const chart = spec();
  assert.equal(chartSvg(chart, { title: '', drawn, colours }).match(/<circle [^>]*fill="#0072b2"/g)?.length, 2);
  chart.series[0].points = 'square';
  assert.equal(chartSvg(chart, { title: '', drawn, colours }).match(/<circle [^>]*fill="#fff"/g)?.length, 2);
});

test('a band ends where one of its edges has no value', () => {
  const chart = { ...spec(), xs: [1, 1.5, 2, 2.5, 3] };
  chart.series[0].values = [null, null, null, null, null];
  chart.series[1].values = [10, 10, null, 10, 10];
  chart.series[2].values = [20, 20, 20, 20, 20];
  const text = chartSvg(chart, { title: '', drawn, colours });
  assert.equal(text.match(/<path [^>]*Z" [^>]*fill-opacity="0.22"/g)?.length, 2);
});

test('marks that would run into one another stand in rows of their own', () => {
  const markers = [1.5, 1.52, 1.54, 2.5].map((at) => ({
    axis: /** @type {const} */ ('x'),
    at,
    label: `mark ${at}`,
    colour: '',
  }));
  const text = chartSvg({ ...spec(), markers }, { title: '', drawn, colours });
  const places = [...text.matchAll(/x="([^"]*)" y="([^"]*)" text-anchor="start"[^>]*>mark ([^<]*)/g)];
  assert.deepEqual(
    places.map(([, , y, name]) => [name, Number(y)]),
    [
      ['1.5', 44],
      ['1.52', 62],
      ['1.54', 44],
      ['2.5', 44],
    ],
  );
  // The first one is to the left of its line, so that the others do not go through it.
  const line = Number(text.match(/<path d="M([\d.]+) 30V322" [^>]*stroke-dasharray/)?.[1]);
  assert.ok(Number(places[0][1]) < line && Number(places[2][1]) > line);
});

test('a legend shows lines, dashes, bars and marks apart, in rows where there are many', () => {
  const long = 'a name that is about as long as the name of a series may become here';
  const kinds = /** @type {const} */ (['line', 'bars', 'marks', 'edge']);
  const series = kinds.map((kind) => ({ label: `${kind} ${long}`, values: [], kind, colour: '--main' }));
  const dashed = { ...series[0], label: 'dashed', dash: [4, 4] };
  const text = chartSvg({ ...spec(), bands: [], series: [...series, dashed] }, { title: '', drawn, colours });
  assert.ok(!text.includes('edge'));
  assert.match(text, /height="544"/);
  assert.match(text, /stroke-dasharray="5 4"\/>\n<text x="[^"]*" y="449" fill="#333">dashed/);
});

test('bars, single marks and values that are all 0 can be drawn', () => {
  for (const kind of /** @type {const} */ (['bars', 'marks'])) {
    const chart = { ...spec(), bands: [], series: [{ label: 'n', values: [0, 0, 0], kind, colour: '--main' }] };
    const text = chartSvg(chart, { title: 'zero', drawn: flat, colours });
    assert.ok(balanced(text) && !/NaN|Infinity/.test(text));
  }
});

test('steps of an axis are round and inside', () => {
  assert.deepEqual(linearSteps(0, 10), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(linearSteps(0, 3), [0, 0.5, 1, 1.5, 2, 2.5, 3]);
  assert.deepEqual(linearSteps(-0.5, 0.5), [-0.4, -0.2, 0, 0.2, 0.4]);
});

test('what XML cannot hold is left out', () => {
  assert.equal(escapeXml('a\u0000<b>\u202e'), 'a\\u{0}&lt;b&gt;\\u{202e}');
});

const heat = () => ({
  summary: 'At most 6.',
  unit: 'waiting requests',
  colour: '--main',
  seconds: [0, 1, 2],
  rows: 2,
  value: (/** @type {number} */ column, /** @type {number} */ row) => column * (row + 1) * 1.5,
  max: 6,
  format: String,
});

test('a map as CSV has a row per time and a column per instance', () => {
  assert.equal(
    heatCsv(heat()),
    'time (s),instance 0 (waiting requests),instance 1 (waiting requests)\n0,0,0\n1,1.5,3\n2,3,6\n',
  );
});

test('a map as SVG shades every value that is not 0 and names unit and instances', () => {
  const text = heatSvg(heat(), { title: 'Queue depth', colours });
  assert.ok(balanced(text));
  assert.equal(text.match(/<rect [^>]*fill-opacity="[^"]*"/g)?.length, 4 + 5);
  assert.ok(!text.includes('stroke-width="2"'));
  assert.match(
    heatSvg(heat(), { title: 'Queue depth', colours, mark: 1 }),
    /<path d="M436 8v280" [^>]*stroke-width="2"/,
  );
  for (const words of ['instance 0', 'instance 1', '0 to 6 waiting requests', 'Queue depth'])
    assert.ok(text.includes(words), words);
});

test('what was simulated stands below every picture, in lines that fit, and is read aloud', () => {
  const simulated = [`Model · ${'4 instances · '.repeat(30)}+1 changed setting`, 'A: <another> run'];
  const without = [chartSvg(spec(), { title: '', drawn, colours }), heatSvg(heat(), { title: '', colours })];
  const within = [
    chartSvg(spec(), { title: '', drawn, colours, simulated }),
    heatSvg(heat(), { title: '', colours, simulated }),
  ];
  const height = (/** @type {string} */ text) => Number(/ height="(\d+)"/.exec(text)?.[1]);
  within.forEach((text, i) => {
    assert.match(text, /<desc>[^<]*Model · 4 instances[^<]*A: &lt;another&gt; run<\/desc>/);
    const lines = [...text.matchAll(/<text x="16" [^>]*y="([\d.]+)"[^>]*>([^<]*)/g)].filter(([, y]) => Number(y) > height(without[i])); // prettier-ignore
    assert.ok(lines.length > 3);
    assert.equal(
      lines.map(([, , words]) => words).join(' '),
      simulated.join(' ').replace('<another>', '&lt;another&gt;'),
    );
    assert.ok(lines.every(([, y]) => Number(y) < height(text)));
    assert.ok(balanced(text));
  });
  assert.deepEqual(captionLines(['one two three', 'four'], 7, (text) => text.length), ['one two', 'three', 'four']); // prettier-ignore
});
