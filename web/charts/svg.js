// A chart as a picture of its own: the series, marks and words of the page on the axes that the page has drawn, for papers
// and slides. The colours are written out, so that it looks the same everywhere.

import { placeLabels } from './labels.js';
import { textWidth } from './measure.js';
import { label, shape, written } from './shapes.js';
import { sheetFile, sheetOf } from './sheet.js';
import { legendOf } from './spec.js';

/** @import {ChartSpec, DrawnAxes, LegendEntry, Series, Tick} from './spec.js' */
/** @import {Colours, Shape} from './shapes.js' */

/** Twice as many pixels are a slide. */
export const WIDTH = 800;

const HEIGHT = 372;

/** The plot within the picture. */
export const FRAME = { left: 80, right: WIDTH - 18, top: 30, bottom: HEIGHT - 50 };

/** Height of a line of text. */
const LINE = 18;

/** Between a marked line and its label. */
const GAP = 4;

/** Width of a sample in a legend with the room after it, and the room after an entry. */
const SAMPLE = 28;
const AFTER = 20;

const ROW = 22;

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
    x: scaleOf(drawn.x, spec.x.log === true, FRAME.left, FRAME.right),
    y: scaleOf(drawn.y, drawn.log, FRAME.bottom, FRAME.top),
  };
}

/**
 * A tick label of several lines, one below the other.
 * @param {string} text
 * @param {Record<string, string|number>} attributes
 */
function lines(text, attributes) {
  const [first, ...rest] = text.split('\n');
  return shape('text', attributes, first, ...rest.map((line) => shape('tspan', { x: attributes.x, dy: LINE }, line)));
}

/** Lines below the first one in the labels of an axis. @param {Tick[]} ticks */
const furtherLines = (ticks) => Math.max(0, ...ticks.map(({ label: text }) => text.split('\n').length - 1));

/**
 * Room below an axis besides that of one line.
 * @param {ChartSpec} spec
 * @param {Tick[]} ticks
 */
function belowAxis({ x }, ticks) {
  if (!x.turned) return furtherLines(ticks) * LINE;
  return Math.ceil(Math.max(0, ...ticks.map(({ label: text }) => textWidth(text) - LINE / 2)));
}

/**
 * A tick label that stands upright.
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {Record<string, string>} colour
 */
function upright(text, x, y, colour) {
  const at = `${written(x + 5)} ${written(y)}`;
  return label(text, { transform: `translate(${at}) rotate(-90)`, 'text-anchor': 'end', ...colour });
}

/**
 * @param {ChartSpec} spec
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function axes(spec, { x, y }, colours) {
  const { left, right, top, bottom } = FRAME;
  const rule = { stroke: colours('--rule') };
  const grey = { fill: colours('--muted') };
  const below = belowAxis(spec, x.ticks);
  return [
    ...y.ticks.flatMap(({ at, label: text }) => [
      shape('path', { d: `M${left} ${written(y.at(at))}H${right}`, ...rule }),
      label(text, { x: left - 6, y: y.at(at) + 5, 'text-anchor': 'end', ...grey }),
    ]),
    ...x.ticks.flatMap(({ at, label: text }) => [
      shape('path', { d: `M${written(x.at(at))} ${top}V${bottom}`, ...rule }),
      spec.x.turned
        ? upright(text, x.at(at), bottom + 8, grey)
        : lines(text, { x: x.at(at), y: bottom + LINE, 'text-anchor': 'middle', ...grey }),
    ]),
    label(spec.x.label, { x: (left + right) / 2, y: bottom + 2 * LINE + below, 'text-anchor': 'middle', ...grey }),
    label(spec.y.label, { x: 16, y: top - 12, ...grey }),
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

/** How far bars stand apart. @param {[number, number][]} points */
const apartOf = (points) =>
  points.length > 1 ? Math.min(...points.slice(1).map(([left], i) => left - points[i][0])) : 60;

/**
 * @param {[number, number][]} points
 * @param {string} fill
 */
function bars(points, fill) {
  const width = Math.min(apartOf(points) * 0.86, 60);
  return points.map(([left, top]) => {
    const height = Math.max(FRAME.bottom - top, 0);
    return shape('rect', { x: left - width / 2, y: top, width, height, fill, 'fill-opacity': 0.65 });
  });
}

/**
 * @param {ChartSpec} spec
 * @param {Series} series
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 * @returns {Shape[]}
 */
function seriesShapes(spec, series, scales, colours) {
  const points = places(spec, series, scales);
  const stroke = colours(series.colour);
  if (points.length === 0 || series.kind === 'edge') return [];
  if (series.kind === 'marks')
    return points.map(([cx, cy]) => shape('circle', { cx, cy, r: series.points ? 4.5 : 2.5, fill: stroke }));
  if (series.kind === 'bars') return bars(points, stroke);
  /** @type {Record<string, string|number>} */
  const dash = series.dash ? { 'stroke-dasharray': series.dash.join(' ') } : {};
  const line = { fill: 'none', stroke, 'stroke-width': series.thin ? 1.25 : 2, ...dash };
  if (series.kind === 'outline') return [shape('path', { d: outline(points), ...line })];
  const fill = series.points === 'dot' ? stroke : colours('--paper');
  const dots = series.points
    ? points.map(([cx, cy]) => shape('circle', { cx, cy, r: 3, fill, stroke, 'stroke-width': 1.5 }))
    : [];
  return [shape('path', { d: `M${corners(points)}`, ...line }), ...dots];
}

/**
 * The upper edge of bars that stand side by side, from the floor and back to it.
 * @param {[number, number][]} points
 */
function outline(points) {
  const half = apartOf(points) / 2;
  const floor = FRAME.bottom;
  const tops = points.map(([at, top]) => `V${written(top)}H${written(at + half)}`);
  return `M${written(points[0][0] - half)} ${floor}${tops.join('')}V${floor}`;
}

/**
 * The stretches of a band between two series: where one of them has no value, it ends.
 * @param {ChartSpec} spec
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function bandShapes(spec, { x, y }, colours) {
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
        return shape('path', { d, fill: colours(colour), 'fill-opacity': 0.22 });
      });
  });
}

/**
 * @param {ChartSpec} spec
 * @param {{x: Scale, y: Scale}} scales
 * @param {Colours} colours
 */
function markerShapes({ markers = [] }, scales, colours) {
  const { left, right, top, bottom } = FRAME;
  const marked = markers.map(({ axis, at, label: words }) => ({
    axis,
    place: scales[axis].at(at),
    width: textWidth(words),
  }));
  const boxes = placeLabels(marked, FRAME, { height: LINE, gap: GAP });
  const inside = markers.filter((_marker, i) =>
    marked[i].axis === 'x'
      ? marked[i].place >= left && marked[i].place <= right
      : marked[i].place >= top && marked[i].place <= bottom,
  );
  const strokes = inside.map(({ axis, at, colour }) => {
    const place = written(scales[axis].at(at));
    const d = axis === 'x' ? `M${place} ${top}V${bottom}` : `M${left} ${place}H${right}`;
    return shape('path', { d, stroke: colours(colour), 'stroke-width': 1.5, 'stroke-dasharray': '5 4' });
  });
  const texts = markers.flatMap(({ label: words }, i) => {
    const box = boxes[i];
    if (box === null) return [];
    const plate = { x: box.left - 2, y: box.top + 2, width: box.right - box.left + 4, height: LINE - 4 };
    return [
      shape('rect', { ...plate, fill: colours('--paper') }),
      label(words, { x: box.left, y: box.top + 14, 'text-anchor': 'start', fill: colours('--ink') }),
    ];
  });
  return [...strokes, ...texts];
}

/** @type {Record<LegendEntry['kind'], (x: number, y: number, fill: string) => Shape>} */
const SAMPLES = {
  line: (x, y, fill) => shape('rect', { x, y: y - 6.5, width: 20, height: 3, fill }),
  dashed: (x, y, stroke) =>
    shape('path', { d: `M${x} ${y - 5}h20`, stroke, 'stroke-width': 2, 'stroke-dasharray': '5 4' }),
  outline: (x, y, stroke) => shape('path', { d: `M${x} ${y}v-9h20v9`, fill: 'none', stroke, 'stroke-width': 2 }),
  marks: (x, y, fill) => shape('circle', { cx: x + 10, cy: y - 5, r: 3, fill }),
  bars: (x, y, fill) => shape('rect', { x, y: y - 10, width: 20, height: 10, fill, 'fill-opacity': 0.65 }),
  band: (x, y, fill) => shape('rect', { x, y: y - 10, width: 20, height: 10, fill, 'fill-opacity': 0.3 }),
};

/**
 * The entries one after the other, in as many rows as they need.
 * @param {ChartSpec} spec
 * @param {Colours} colours
 * @param {number} top
 * @returns {{parts: Shape[], height: number}}
 */
function legend(spec, colours, top) {
  let [left, row] = [FRAME.left, 0];
  const entries = legendOf(spec);
  const parts = entries.flatMap(({ label: words, colour, kind }) => {
    const width = SAMPLE + textWidth(words) + AFTER;
    if (left > FRAME.left && left + width > WIDTH) [left, row] = [FRAME.left, row + 1];
    const [x, y] = [left, top + 15 + ROW * row];
    left += width;
    return [SAMPLES[kind](x, y, colours(colour)), label(words, { x: x + SAMPLE, y, fill: colours('--ink') })];
  });
  return { parts, height: entries.length > 0 ? ROW * (row + 1) : 0 };
}

/**
 * @param {ChartSpec} spec
 * @param {{title: string, drawn: DrawnAxes, colours: Colours, simulated?: string[]}} options
 */
export function chartSheet(spec, { title, drawn, colours, simulated = [] }) {
  const scales = scalesOf(spec, drawn);
  const plot = HEIGHT + belowAxis(spec, drawn.x.ticks);
  const { parts, height } = legend(spec, colours, plot);
  const words = { width: WIDTH, title, summary: spec.summary, simulated, colours };
  return sheetOf(words, {
    height: plot + height,
    parts: [
      ...axes(spec, scales, colours),
      ...bandShapes(spec, scales, colours),
      ...spec.series.flatMap((series) => seriesShapes(spec, series, scales, colours)),
      ...markerShapes(spec, scales, colours),
      ...parts,
    ],
  });
}

/**
 * @param {Parameters<typeof chartSheet>[0]} spec
 * @param {Parameters<typeof chartSheet>[1]} options
 */
export function chartSvg(spec, options) {
  return sheetFile(chartSheet(spec, options));
}
