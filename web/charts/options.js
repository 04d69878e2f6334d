// From our description of a chart to uPlot's.

import uPlot from 'uplot';
import { font } from '../ui/type.js';
import { drawMarkers } from './markers.js';
import { textWidth } from './measure.js';
import { xRange, yRange } from './ranges.js';
import { valueRange } from './spec.js';
import { colour } from './theme.js';
import { axisSteps, sideBySide, spaceFor, stacked, wrapTo } from './ticks.js';

/** @import {Axis, ChartSpec, Series, Tick} from './spec.js' */

/** What hears of the ticks of an axis whenever they are drawn. @typedef {(ticks: Tick[]) => void} OnTicks */

/** Width of a line that stays behind the others, px. */
const THIN = 1.25;

/** Height of a line of a tick label, px. */
const TICK_LINE = 21;

/** Least room between the names of two bars, px. */
const BETWEEN_NAMES = 8;

/** Room that a y axis has besides its labels, and steps in which it grows: the plot does not move with every digit. */
const BESIDE = 14;
const GROWS_BY = 8;

/**
 * What a plot is built for: a change of it needs a new plot. All that the options below read only once has to be in here;
 * what is redrawn each time, such as the texts of ticks, they read from the current description.
 * @param {ChartSpec} spec
 * @param {boolean} log whether the y scale is logarithmic
 */
export function plotShape({ x, series, bands = [] }, log) {
  return JSON.stringify([
    log,
    [x.label, x.log, x.whole, x.lines, x.turned],
    series.map(({ label, kind, colour: name, dash, points, thin }) => [label, kind, name, dash, points, thin]),
    bands.map(({ upper, lower, colour: name }) => [upper, lower, name]),
  ]);
}

/**
 * @param {Element} host whose custom properties give the colours
 * @param {() => ChartSpec} current the description at the time of drawing
 * @param {object} options
 * @param {boolean} options.log
 * @param {number} options.width
 * @param {number} options.height
 * @param {(index: number|null) => void} options.onCursor
 * @param {(axis: 'x'|'y', ticks: Tick[]) => void} [options.onTicks] called whenever they are drawn
 * @returns {uPlot.Options}
 */
export function plotOptions(host, current, { log, width, height, onCursor, onTicks = () => {} }) {
  const spec = current();
  return {
    width,
    height,
    padding: [14, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { time: false, distr: spec.x.log ? 3 : 1, range: () => xRange(current()) },
      y: { distr: log ? 3 : 1, range: (_plot, min, max) => yRange(current(), log, min, max) },
    },
    axes: [
      xAxis(
        host,
        current,
        tickLabels(
          () => current().x,
          (ticks) => onTicks('x', ticks),
          (plot, labels) => (current().x.lines ? underBars(plot, current(), labels) : labels),
        ),
      ),
      yAxis(
        host,
        log,
        tickLabels(
          () => yTicks(current()),
          (ticks) => onTicks('y', ticks),
        ),
      ),
    ],
    series: [{}, ...spec.series.map((series) => plotSeries(host, series))],
    bands: (spec.bands ?? []).map(({ upper, lower, colour: name }) => ({
      series: /** @type {[number, number]} */ ([upper + 1, lower + 1]),
      fill: `color-mix(in srgb, ${colour(host, name)} 22%, transparent)`,
    })),
    hooks: {
      draw: [(plot) => drawMarkers(plot, host, current())],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

/**
 * @param {Element} host
 * @returns {uPlot.Axis}
 */
function axisColours(host) {
  const line = { stroke: colour(host, '--rule'), width: 1 };
  return { stroke: colour(host, '--muted'), font: font(), labelFont: font(), grid: line, ticks: { ...line, size: 4 } };
}

/**
 * Before there is a value, a scale would be made up: it has no labels then.
 * @param {ChartSpec} spec
 * @returns {Axis}
 */
function yTicks(spec) {
  return valueRange(spec) === null ? { ...spec.y, tick: () => '' } : spec.y;
}

/**
 * @param {() => Axis} current
 * @param {OnTicks} onTicks hears of the labels as they are drawn
 * @param {(plot: uPlot, labels: string[]) => string[]} [fitted] makes labels fit into their room
 * @returns {(plot: uPlot, splits: number[]) => string[]}
 */
function tickLabels(current, onTicks, fitted = (_plot, labels) => labels) {
  return (plot, splits) => {
    const { tick, format, whole } = current();
    const words = splits.map((value) => (whole && !Number.isInteger(value) ? '' : (tick ?? format)(value)));
    const labels = fitted(plot, words);
    onTicks(splits.map((at, i) => ({ at, label: labels[i] })));
    return labels;
  };
}

/** @param {Axis} axis */
const tickText = ({ tick, format }) => tick ?? format;

/**
 * The steps of a logarithmic x axis that have room.
 * @param {uPlot} plot
 * @param {Axis} axis
 * @param {number} min
 * @param {number} max
 */
function logSplits(plot, axis, min, max) {
  const room = plot.bbox.width / devicePixelRatio || plot.width * 0.8;
  const place = (/** @type {number} */ step) => (room * Math.log(step / min)) / Math.log(max / min);
  return sideBySide(axisSteps(min, max), place, (step) => textWidth(tickText(axis)(step)));
}

/**
 * @param {Element} host
 * @param {() => ChartSpec} current
 * @param {(plot: uPlot, splits: number[]) => string[]} values
 * @returns {uPlot.Axis}
 */
function xAxis(host, current, values) {
  const { x } = current();
  const width = (/** @type {number} */ step) => textWidth(tickText(current().x)(step));
  return {
    ...axisColours(host),
    label: x.label || undefined,
    labelSize: x.label ? 20 : 0,
    labelGap: 0,
    size: (_plot, labels) =>
      x.turned ? heightOf(labels) : 28 + TICK_LINE * ((labels ? linesOf(labels) : (x.lines ?? 1)) - 1),
    ...(x.turned ? { rotate: -90 } : {}),
    gap: 4,
    values,
    space: x.turned ? 1 : x.lines ? 20 : (_plot, _index, min, max) => spaceFor(width, min, max),
    ...(x.log
      ? {
          splits: (plot, _index, min, max) => logSplits(plot, current().x, min, max),
          filter: (/** @type {uPlot} */ _plot, /** @type {number[]} */ splits) => splits,
        }
      : {}),
    ...(x.turned ? { incrs: [1] } : x.whole ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] } : {}),
  };
}

/** @param {string[]} labels */
const linesOf = (labels) => Math.max(1, ...labels.map((label) => label.split('\n').length));

/** Height of labels that stand upright. @param {string[]|null} labels */
const heightOf = (labels) => 12 + Math.ceil(Math.max(0, ...(labels ?? []).map((text) => textWidth(text))));

/**
 * Names of bars, each no wider than there is room for it.
 * @param {uPlot} plot
 * @param {ChartSpec} spec
 * @param {string[]} labels
 */
function underBars(plot, { xs }, labels) {
  const room = (plot.bbox?.width || plot.width * 0.8 * devicePixelRatio) / devicePixelRatio;
  return labels.map((label) => wrapTo(label, room / (xs.length + 0.2) - BETWEEN_NAMES, textWidth));
}

/**
 * As wide as the labels: room that none needs would be missed by the plot of a phone.
 * @param {uPlot} plot
 * @param {string[]|null} labels
 * @param {number} index of the axis
 * @param {number} cycle of the layout, which may not go on for ever
 */
function widthOfLabels(plot, labels, index, cycle) {
  const axis = /** @type {uPlot.Axis & {_size: number}} */ (plot.axes[index]);
  if (cycle > 1) return axis._size;
  const widest = Math.max(0, ...(labels ?? []).map((text) => textWidth(text)));
  return Math.ceil((widest + BESIDE) / GROWS_BY) * GROWS_BY;
}

/**
 * @param {Element} host
 * @param {boolean} log
 * @param {(plot: uPlot, splits: number[]) => string[]} values
 * @returns {uPlot.Axis}
 */
function yAxis(host, log, values) {
  const axis = { ...axisColours(host), size: widthOfLabels, gap: 4, values };
  if (!log) return axis;
  return {
    ...axis,
    splits: (plot, _index, min, max) =>
      stacked(axisSteps(min, max), (plot.bbox.height || plot.height * 0.8) / devicePixelRatio),
    filter: (_plot, splits) => splits,
  };
}

/**
 * @param {Element} host
 * @param {Series} series
 * @returns {uPlot.Series}
 */
function plotSeries(host, { label, kind, colour: name, dash, points, thin }) {
  const stroke = colour(host, name);
  if (kind === 'bars') {
    const bars = uPlot.paths.bars?.({ size: [0.86, 60], align: 0 });
    return {
      label,
      stroke,
      width: 1,
      fill: `color-mix(in srgb, ${stroke} 62%, transparent)`,
      paths: bars,
      points: { show: false },
    };
  }
  if (kind === 'outline') {
    return { label, stroke, width: 2, dash, paths: outlinePaths, points: { show: false } };
  }
  if (kind === 'edge') return { label, stroke: 'transparent', width: 0, points: { show: false } };
  if (kind === 'marks') {
    return {
      label,
      stroke,
      width: 0,
      paths: () => null,
      points: { show: true, size: points ? 9 : 5, width: 1, fill: stroke },
    };
  }
  return {
    label,
    stroke,
    width: thin ? THIN : 2,
    dash,
    spanGaps: true,
    points: points
      ? { show: true, size: 6, width: 1.5, fill: points === 'dot' ? stroke : colour(host, '--paper') }
      : { show: false },
  };
}

/**
 * The upper edge of bars that stand side by side.
 * @type {uPlot.Series.PathBuilder}
 */
function outlinePaths(plot, index, from, to) {
  const [xs, values] = [plot.data[0], plot.data[index]];
  const place = (/** @type {number} */ i) => plot.valToPos(xs[i], 'x', true);
  const floor = plot.bbox.top + plot.bbox.height;
  const half = xs.length > 1 ? (place(1) - place(0)) / 2 : 30 * devicePixelRatio;
  const stroke = new Path2D();
  let last = -1;
  for (let i = from; i <= to; i += 1) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const top = plot.valToPos(value, 'y', true);
    if (last === -1) stroke.moveTo(place(i) - half, floor);
    stroke.lineTo(place(i) - half, top);
    stroke.lineTo(place(i) + half, top);
    last = i;
  }
  if (last !== -1) stroke.lineTo(place(last) + half, floor);
  return { stroke, fill: null, clip: null, band: null, flags: 1 };
}
