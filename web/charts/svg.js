// A chart as an SVG text: the same series, axes, marks and words as on the page, for papers and slides. Plain text with
// the colours written out, so that it looks the same everywhere.

import { xRange, yRange } from './ranges.js';
import { isLogarithmic, logarithmicSteps, valueRange } from './spec.js';

/** @import {ChartSpec, Series} from './spec.js' */

/** Colours by name of their CSS custom property. @typedef {(name: string) => string} Colours */

const WIDTH = 720;

const HEIGHT = 420;

/** Room around the plot. */
const FRAME = { left: 64, right: 18, top: 62, bottom: 72 };

/** Ticks of a linear axis, about. */
const TICKS = 6;

/** About so wide is a letter of a legend, for want of a way to measure it. */
const LETTER = 6.4;

/**
 * Text that may stand in XML; what XML has no way to write is left out.
 * @param {string} text
 */
export function escapeXml(text) {
  const written = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text
    .replaceAll(/[&<>"]/g, (mark) => written[/** @type {keyof typeof written} */ (mark)])
    .replaceAll(/\p{Cc}/gu, ' ');
}

/**
 * An element of SVG as text.
 * @param {string} name
 * @param {Record<string, string|number>} attributes
 * @param {string} [content] already XML
 */
export function tag(name, attributes, content = '') {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(written(value))}"`);
  return content === '' ? `<${name}${words.join('')}/>` : `<${name}${words.join('')}>${content}</${name}>`;
}

/** @param {string|number} value */
function written(value) {
  return typeof value === 'number' ? String(Number(value.toFixed(2))) : value;
}

/**
 * @param {string} text
 * @param {Record<string, string|number>} attributes
 */
export function label(text, attributes) {
  return tag('text', attributes, escapeXml(text) || ' ');
}

/**
 * The outermost element, with the title and the sentence for screen readers.
 * @param {{width: number, height: number, title: string, summary: string, paper: string}} sheet
 * @param {string[]} parts
 */
export function sheetOf({ width, height, title, summary, paper }, parts) {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': 'system-ui, sans-serif',
    'font-size': 12,
  };
  const words = [tag('title', {}, escapeXml(title) || ' '), tag('desc', {}, escapeXml(summary) || ' ')];
  const ground = tag('rect', { width, height, fill: paper });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag('svg', attributes, ['', ...words, ground, ...parts, ''].join('\n'))}\n`;
}

/**
 * Round steps between two values.
 * @param {number} min
 * @param {number} max
 * @param {boolean} whole
 */
export function linearSteps(min, max, whole) {
  const rough = (max - min) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10, 1) * power;
  const used = whole ? Math.max(Math.round(step), 1) : step;
  const first = Math.ceil(min / used);
  return Array.from({ length: Math.max(Math.floor(max / used) - first + 1, 0) }, (_unused, i) =>
    Number(((first + i) * used).toPrecision(12)),
  );
}

/**
 * @typedef {object} Scale
 * @property {(value: number) => number} at
 * @property {number[]} steps
 */

/**
 * @param {{min: number, max: number, from: number, to: number, log: boolean, whole: boolean}} span
 * @returns {Scale}
 */
function scaleOf({ min, max, from, to, log, whole }) {
  const plain = log ? Math.log : (/** @type {number} */ value) => value;
  const [low, high] = [plain(min), plain(max)];
  const share = (/** @type {number} */ value) => (high > low ? (plain(value) - low) / (high - low) : 0.5);
  return {
    at: (value) => from + (to - from) * share(value),
    steps: log ? logarithmicSteps(min, max) : linearSteps(min, max, whole),
  };
}

/**
 * The scales of both axes.
 * @param {ChartSpec} spec
 * @param {boolean} log
 */
function scalesOf(spec, log) {
  const values = valueRange(spec);
  const [left, right] = xRange(spec, spec.xs[0], spec.xs[spec.xs.length - 1]);
  const [bottom, top] = yRange(spec, log, values?.min ?? null, values?.max ?? null);
  return {
    x: scaleOf({
      min: left,
      max: right,
      from: FRAME.left,
      to: WIDTH - FRAME.right,
      log: spec.x.log === true,
      whole: spec.x.whole ?? false,
    }),
    y: scaleOf({
      min: bottom,
      max: top,
      from: HEIGHT - FRAME.bottom,
      to: FRAME.top,
      log,
      whole: spec.y.whole ?? false,
    }),
  };
}

/**
 * @param {ChartSpec} spec
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function axes(spec, { x, y }, colours) {
  const [bottom, right] = [HEIGHT - FRAME.bottom, WIDTH - FRAME.right];
  const rule = { stroke: colours('--rule') };
  const grey = { fill: colours('--muted') };
  const text = (/** @type {ChartSpec['x']} */ axis) => axis.tick ?? axis.format;
  return [
    ...y.steps.flatMap((value) => [
      tag('path', { d: `M${FRAME.left} ${written(y.at(value))}H${right}`, ...rule }),
      label(text(spec.y)(value), { x: FRAME.left - 6, y: y.at(value) + 4, 'text-anchor': 'end', ...grey }),
    ]),
    ...x.steps.flatMap((value) => [
      tag('path', { d: `M${written(x.at(value))} ${FRAME.top}V${bottom}`, ...rule }),
      label(text(spec.x)(value), { x: x.at(value), y: bottom + 16, 'text-anchor': 'middle', ...grey }),
    ]),
    label(spec.x.label, { x: (FRAME.left + right) / 2, y: bottom + 34, 'text-anchor': 'middle', ...grey }),
    label(spec.y.label, { x: FRAME.left - 56, y: FRAME.top - 8, ...grey }),
  ];
}

/**
 * The points of a series that have a value, as places.
 * @param {ChartSpec} spec
 * @param {Series} series
 * @param {{x: Scale, y: Scale}} scales
 */
function places(spec, { values }, { x, y }) {
  /** @type {[number, number][]} */
  const found = [];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (value !== null && Number.isFinite(value)) found.push([x.at(spec.xs[i]), y.at(value)]);
  }
  return found.filter(([left, top]) => Number.isFinite(left) && Number.isFinite(top));
}

/** @param {[number, number][]} points */
const corners = (points) => points.map(([left, top]) => `${written(left)} ${written(top)}`).join('L');

/**
 * @param {ChartSpec} spec
 * @param {Series} series
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function seriesPath(spec, series, scales, colours) {
  const points = places(spec, series, scales);
  const stroke = colours(series.colour);
  if (points.length === 0 || series.kind === 'edge') return [];
  if (series.kind === 'marks') return points.map(([cx, cy]) => tag('circle', { cx, cy, r: 2.5, fill: stroke }));
  if (series.kind === 'bars') {
    const apart = points.length > 1 ? Math.min(...points.slice(1).map(([left], i) => left - points[i][0])) : 60;
    const width = Math.min(apart * 0.86, 60);
    const floor = HEIGHT - FRAME.bottom;
    return points.map(([left, top]) =>
      tag('rect', {
        x: left - width / 2,
        y: top,
        width,
        height: Math.max(floor - top, 0),
        fill: stroke,
        'fill-opacity': 0.65,
      }),
    );
  }
  /** @type {Record<string, string|number>} */
  const dash = series.dash ? { 'stroke-dasharray': series.dash.join(' ') } : {};
  const dots = series.points ? points.map(([cx, cy]) => tag('circle', { cx, cy, r: 3, fill: stroke })) : [];
  return [tag('path', { d: `M${corners(points)}`, fill: 'none', stroke, 'stroke-width': 2, ...dash }), ...dots];
}

/**
 * @param {ChartSpec} spec
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function bandPaths(spec, scales, colours) {
  return (spec.bands ?? []).flatMap(({ upper, lower, colour }) => {
    const over = places(spec, spec.series[upper], scales);
    const under = places(spec, spec.series[lower], scales);
    if (over.length < 2 || under.length < 2) return [];
    const d = `M${corners([...over, ...under.reverse()])}Z`;
    return [tag('path', { d, fill: colours(colour), 'fill-opacity': 0.22 })];
  });
}

/**
 * @param {ChartSpec} spec
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function markerLines(spec, { x, y }, colours) {
  const [bottom, right] = [HEIGHT - FRAME.bottom, WIDTH - FRAME.right];
  return (spec.markers ?? []).flatMap(({ axis, at, label: words, colour }, i) => {
    const place = axis === 'x' ? x.at(at) : y.at(at);
    const inside = axis === 'x' ? place >= FRAME.left && place <= right : place >= FRAME.top && place <= bottom;
    if (!inside) return [];
    const upright = axis === 'x';
    const d = upright ? `M${written(place)} ${FRAME.top}V${bottom}` : `M${FRAME.left} ${written(place)}H${right}`;
    const end = !upright || place + words.length * LETTER > right;
    const where = upright
      ? { x: place + (end ? -4 : 4), y: FRAME.top + 12 + 13 * (i % 4) }
      : { x: right - 4, y: place - 4 };
    return [
      tag('path', { d, stroke: colours(colour), 'stroke-width': 1.5, 'stroke-dasharray': '5 4' }),
      label(words, { ...where, 'text-anchor': end ? 'end' : 'start', fill: colours('--ink'), 'font-size': 11 }),
    ];
  });
}

/**
 * @param {ChartSpec} spec
 * @param {Colours} colours
 */
function legend(spec, colours) {
  let left = FRAME.left;
  const y = HEIGHT - 14;
  const bands = (spec.bands ?? []).filter(({ label: words }) => words !== '');
  const entries = [
    ...spec.series.filter(({ kind }) => kind !== 'edge'),
    ...bands.map((band) => ({ ...band, kind: 'band' })),
  ];
  return entries.flatMap(({ label: words, colour, kind }) => {
    const x = left;
    left += 26 + words.length * LETTER + 14;
    const opacity = { band: 0.3, bars: 0.65 }[kind] ?? 1;
    const tall = kind === 'line' ? 3 : 9;
    return [
      tag('rect', { x, y: y - 4 - tall / 2, width: 20, height: tall, fill: colours(colour), 'fill-opacity': opacity }),
      label(words, { x: x + 26, y, fill: colours('--ink') }),
    ];
  });
}

/**
 * @param {ChartSpec} spec
 * @param {{title: string, chosenLog: boolean|null, colours: Colours}} options
 * @returns {string}
 */
export function chartSvg(spec, { title, chosenLog, colours }) {
  const scales = scalesOf(spec, isLogarithmic(spec, chosenLog));
  return sheetOf({ width: WIDTH, height: HEIGHT, title, summary: spec.summary, paper: colours('--paper') }, [
    label(title, { x: 12, y: 20, 'font-size': 14, 'font-weight': 600, fill: colours('--ink') }),
    label(spec.summary, { x: 12, y: 38, 'font-size': 11, fill: colours('--muted') }),
    ...axes(spec, scales, colours),
    ...bandPaths(spec, scales, colours),
    ...spec.series.flatMap((series) => seriesPath(spec, series, scales, colours)),
    ...markerLines(spec, scales, colours),
    ...legend(spec, colours),
  ]);
}
