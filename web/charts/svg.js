// A chart as an SVG text: the series, marks and words of the page on the axes that the page has drawn, for papers and
// slides. Plain text with the colours written out, so that it looks the same everywhere.

import { visible } from '../shared/visible.js';
import { CAPTION_LINE, captionLines } from './caption.js';
import { rowsWithoutOverlap } from './markers.js';
import { legendOf } from './spec.js';

/** @import {ChartSpec, DrawnAxes, Series, Tick} from './spec.js' */

/** Colours by name of their CSS custom property. @typedef {(name: string) => string} Colours */

const WIDTH = 720;

const HEIGHT = 420;

/** Room around the plot. */
const FRAME = { left: 64, right: 18, top: 62, bottom: 72 };

/** Height of a line of a tick label. */
const LINE = 15;

/** About so wide is a letter of a legend, for want of a way to measure it. */
const LETTER = 6.4;

/** The same in the words below a picture, and the room beside them. */
const CAPTION_LETTER = 5.8;
const CAPTION_MARGIN = 12;

/**
 * Text that may stand in XML, which has no way to write most controls: every hidden character is shown by its escape.
 * @param {string} text
 */
export function escapeXml(text) {
  const written = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return visible(text).replaceAll(/[&<>"]/g, (mark) => written[/** @type {keyof typeof written} */ (mark)]);
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
 * What is on a sheet besides its picture.
 * @typedef {object} Sheet
 * @property {number} width
 * @property {number} height of the picture; what was simulated comes below
 * @property {string} title
 * @property {string} summary
 * @property {string[]} simulated what the picture is about
 * @property {Colours} colours
 */

/**
 * The outermost element, with the title and the sentence for screen readers, and what was simulated.
 * @param {Sheet} sheet
 * @param {string[]} parts
 */
export function sheetOf({ width, height: tall, title, summary, simulated, colours }, parts) {
  const lines = captionLines(simulated, width - 2 * CAPTION_MARGIN, (text) => text.length * CAPTION_LETTER);
  const caption = lines.map((line, i) =>
    label(line, { x: CAPTION_MARGIN, y: tall + CAPTION_LINE * (i + 0.5), 'font-size': 11, fill: colours('--muted') }),
  );
  const height = tall + lines.length * CAPTION_LINE;
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': 'system-ui, sans-serif',
    'font-size': 12,
  };
  const words = [
    tag('title', {}, escapeXml(title) || ' '),
    tag('desc', {}, escapeXml([summary, ...simulated].join(' ')) || ' '),
  ];
  const ground = tag('rect', { width, height, fill: colours('--paper') });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag('svg', attributes, ['', ...words, ground, ...parts, ...caption, ''].join('\n'))}\n`;
}

/**
 * A drawn axis on the sheet.
 * @typedef {object} Scale
 * @property {(value: number) => number} at
 * @property {Tick[]} ticks
 */

/**
 * @param {DrawnAxes['x']} axis
 * @param {boolean} log
 * @param {number} from where the range begins on the sheet
 * @param {number} to
 * @returns {Scale}
 */
function scaleOf({ range, ticks }, log, from, to) {
  const plain = log ? Math.log : (/** @type {number} */ value) => value;
  const [low, high] = range.map(plain);
  const share = (/** @type {number} */ value) => (high > low ? (plain(value) - low) / (high - low) : 0.5);
  return { at: (value) => from + (to - from) * share(value), ticks };
}

/**
 * @param {ChartSpec} spec
 * @param {DrawnAxes} drawn
 */
function scalesOf(spec, drawn) {
  return {
    x: scaleOf(drawn.x, spec.x.log === true, FRAME.left, WIDTH - FRAME.right),
    y: scaleOf(drawn.y, drawn.log, HEIGHT - FRAME.bottom, FRAME.top),
  };
}

/**
 * A tick label of several lines, one below the other.
 * @param {string} text
 * @param {Record<string, string|number>} attributes
 */
function lines(text, attributes) {
  const [first, ...rest] = text.split('\n');
  if (rest.length === 0) return label(text, attributes);
  const spans = rest.map((line) => tag('tspan', { x: attributes.x, dy: LINE }, escapeXml(line) || ' '));
  return tag('text', attributes, `${escapeXml(first)}${spans.join('')}`);
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
  const below = Math.max(0, ...x.ticks.map(({ label: text }) => text.split('\n').length - 1)) * LINE;
  return [
    ...y.ticks.flatMap(({ at, label: text }) => [
      tag('path', { d: `M${FRAME.left} ${written(y.at(at))}H${right}`, ...rule }),
      label(text, { x: FRAME.left - 6, y: y.at(at) + 4, 'text-anchor': 'end', ...grey }),
    ]),
    ...x.ticks.flatMap(({ at, label: text }) => [
      tag('path', { d: `M${written(x.at(at))} ${FRAME.top}V${bottom}`, ...rule }),
      lines(text, { x: x.at(at), y: bottom + 16, 'text-anchor': 'middle', ...grey }),
    ]),
    label(spec.x.label, { x: (FRAME.left + right) / 2, y: bottom + 34 + below, 'text-anchor': 'middle', ...grey }),
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
  const fill = series.points === 'dot' ? stroke : colours('--paper');
  const dots = series.points
    ? points.map(([cx, cy]) => tag('circle', { cx, cy, r: 3, fill, stroke, 'stroke-width': 1.5 }))
    : [];
  return [tag('path', { d: `M${corners(points)}`, fill: 'none', stroke, 'stroke-width': 2, ...dash }), ...dots];
}

/**
 * The stretches of a band between two series: where one of them has no value, it ends.
 * @param {ChartSpec} spec
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function bandPaths(spec, { x, y }, colours) {
  return (spec.bands ?? []).flatMap(({ upper, lower, colour }) => {
    /** @type {{over: [number, number][], under: [number, number][]}[]} */
    const stretches = [{ over: [], under: [] }];
    for (let i = 0; i < spec.xs.length; i += 1) {
      const left = x.at(spec.xs[i]);
      const [top, floor] = [upper, lower].map((at) => y.at(spec.series[at].values[i] ?? NaN));
      if (Number.isFinite(left + top + floor)) {
        stretches[stretches.length - 1].over.push([left, top]);
        stretches[stretches.length - 1].under.push([left, floor]);
      } else {
        stretches.push({ over: [], under: [] });
      }
    }
    return stretches
      .filter(({ over }) => over.length > 1)
      .map(({ over, under }) => {
        const d = `M${corners([...over, ...under.reverse()])}Z`;
        return tag('path', { d, fill: colours(colour), 'fill-opacity': 0.22 });
      });
  });
}

/**
 * @param {ChartSpec} spec
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function markerLines(spec, { x, y }, colours) {
  const [bottom, right] = [HEIGHT - FRAME.bottom, WIDTH - FRAME.right];
  const rowOf = rowsWithoutOverlap();
  return (spec.markers ?? []).flatMap(({ axis, at, label: words, colour }) => {
    const place = axis === 'x' ? x.at(at) : y.at(at);
    const inside = axis === 'x' ? place >= FRAME.left && place <= right : place >= FRAME.top && place <= bottom;
    if (!inside) return [];
    const upright = axis === 'x';
    const d = upright ? `M${written(place)} ${FRAME.top}V${bottom}` : `M${FRAME.left} ${written(place)}H${right}`;
    const width = words.length * LETTER;
    const end = !upright || place + width + 8 > right;
    const row = upright ? rowOf(end ? place - width - 4 : place + 4, width + 4) : 0;
    const where = upright
      ? { x: place + (end ? -4 : 4), y: FRAME.top + 10 + 13 * row }
      : { x: right - 4, y: place - 4 };
    return [
      tag('path', { d, stroke: colours(colour), 'stroke-width': 1.5, 'stroke-dasharray': '5 4' }),
      label(words, { ...where, 'text-anchor': end ? 'end' : 'start', fill: colours('--ink'), 'font-size': 11 }),
    ];
  });
}

/**
 * The entries one after the other, in as many rows as they need.
 * @param {ChartSpec} spec
 * @param {Colours} colours
 * @returns {{parts: string[], height: number}} height beyond that of one row
 */
function legend(spec, colours) {
  let [left, row] = [FRAME.left, 0];
  const parts = legendOf(spec).flatMap(({ label: words, colour, kind }) => {
    const width = 26 + words.length * LETTER + 14;
    if (left > FRAME.left && left + width > WIDTH) [left, row] = [FRAME.left, row + 1];
    const [x, y] = [left, HEIGHT - 14 + 18 * row];
    left += width;
    const fill = colours(colour);
    const sample = {
      line: () => tag('rect', { x, y: y - 5.5, width: 20, height: 3, fill }),
      dashed: () => tag('path', { d: `M${x} ${y - 4}h20`, stroke: fill, 'stroke-width': 2, 'stroke-dasharray': '5 4' }),
      marks: () => tag('circle', { cx: x + 10, cy: y - 4, r: 3, fill }),
      bars: () => tag('rect', { x, y: y - 8.5, width: 20, height: 9, fill, 'fill-opacity': 0.65 }),
      band: () => tag('rect', { x, y: y - 8.5, width: 20, height: 9, fill, 'fill-opacity': 0.3 }),
    };
    return [sample[kind](), label(words, { x: x + 26, y, fill: colours('--ink') })];
  });
  return { parts, height: 18 * row };
}

/**
 * @param {ChartSpec} spec
 * @param {{title: string, drawn: DrawnAxes, colours: Colours, simulated?: string[]}} options
 * @returns {string}
 */
export function chartSvg(spec, { title, drawn, colours, simulated = [] }) {
  const scales = scalesOf(spec, drawn);
  const { parts, height } = legend(spec, colours);
  const sheet = { width: WIDTH, height: HEIGHT + height, title, summary: spec.summary, simulated, colours };
  return sheetOf(sheet, [
    label(title, { x: 12, y: 20, 'font-size': 14, 'font-weight': 600, fill: colours('--ink') }),
    label(spec.summary, { x: 12, y: 38, 'font-size': 11, fill: colours('--muted') }),
    ...axes(spec, scales, colours),
    ...bandPaths(spec, scales, colours),
    ...spec.series.flatMap((series) => seriesPath(spec, series, scales, colours)),
    ...markerLines(spec, scales, colours),
    ...parts,
  ]);
}
