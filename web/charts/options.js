// From our description of a chart to uPlot's.

import uPlot from 'uplot';
import { drawMarkers } from './markers.js';
import { xRange, yRange } from './ranges.js';
import { logarithmicSteps } from './spec.js';
import { colour } from './theme.js';

/** @import {Axis, ChartSpec, Series, Tick} from './spec.js' */

/** What hears of the ticks of an axis whenever they are drawn. @typedef {(ticks: Tick[]) => void} OnTicks */

const FONT = '12px system-ui, sans-serif';

/** Least height between the tick labels of the y axis, px. */
const ROW = 17;

/** Height of a line of a tick label, px. */
const TICK_LINE = 18;

/**
 * What a plot is built for: a change of it needs a new plot. All that the options below read only once has to be in here;
 * what is redrawn each time, such as the texts of ticks, they read from the current description.
 * @param {ChartSpec} spec
 * @param {boolean} log whether the y scale is logarithmic
 */
export function plotShape({ x, series, bands = [] }, log) {
  return JSON.stringify([
    log,
    [x.label, x.log, x.whole, x.lines],
    series.map(({ label, kind, colour: name, dash, points }) => [label, kind, name, dash, points]),
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
    padding: [14, 14, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { time: false, distr: spec.x.log ? 3 : 1, range: () => xRange(current()) },
      y: { distr: log ? 3 : 1, range: (_plot, min, max) => yRange(current(), log, min, max) },
    },
    axes: [
      xAxis(
        host,
        spec,
        tickLabels(
          () => current().x,
          (ticks) => onTicks('x', ticks),
        ),
      ),
      yAxis(
        host,
        log,
        tickLabels(
          () => current().y,
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
      draw: [(plot) => drawMarkers(plot, host, current().markers ?? [])],
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
  return { stroke: colour(host, '--muted'), font: FONT, labelFont: FONT, grid: line, ticks: { ...line, size: 4 } };
}

/**
 * @param {() => Axis} current
 * @param {OnTicks} onTicks
 * @returns {(plot: uPlot, splits: number[]) => string[]}
 */
function tickLabels(current, onTicks) {
  return (_plot, splits) => {
    const { tick, format, whole } = current();
    const labels = splits.map((value) => (whole && !Number.isInteger(value) ? '' : (tick ?? format)(value)));
    onTicks(splits.map((at, i) => ({ at, label: labels[i] })));
    return labels;
  };
}

/**
 * Where there are more steps than room for labels, only powers of ten.
 * @param {number[]} steps
 * @param {number} room
 */
function fewSteps(steps, room) {
  const tens = steps.filter((step) => Number.isInteger(Math.log10(step)));
  return steps.length > room && tens.length > 1 ? tens : steps;
}

/**
 * @param {Element} host
 * @param {ChartSpec} spec
 * @param {(plot: uPlot, splits: number[]) => string[]} values
 * @returns {uPlot.Axis}
 */
function xAxis(host, spec, values) {
  return {
    ...axisColours(host),
    label: spec.x.label || undefined,
    labelSize: spec.x.label ? 18 : 0,
    labelGap: 0,
    size: 26 + TICK_LINE * ((spec.x.lines ?? 1) - 1),
    gap: 3,
    values,
    ...(spec.x.log
      ? {
          splits: (_plot, _index, min, max) => fewSteps(logarithmicSteps(min, max), 6),
          filter: (/** @type {uPlot} */ _plot, /** @type {number[]} */ splits) => splits,
        }
      : {}),
    ...(spec.x.whole ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] } : {}),
    ...(spec.x.lines ? { space: 20 } : {}),
  };
}

/**
 * @param {Element} host
 * @param {boolean} log
 * @param {(plot: uPlot, splits: number[]) => string[]} values
 * @returns {uPlot.Axis}
 */
function yAxis(host, log, values) {
  const axis = { ...axisColours(host), size: 56, gap: 4, values };
  if (!log) return axis;
  return {
    ...axis,
    splits: (plot, _index, min, max) => fewSteps(logarithmicSteps(min, max), plot.bbox.height / devicePixelRatio / ROW),
    filter: (_plot, splits) => splits,
  };
}

/**
 * @param {Element} host
 * @param {Series} series
 * @returns {uPlot.Series}
 */
function plotSeries(host, { label, kind, colour: name, dash, points }) {
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
  if (kind === 'edge') return { label, stroke: 'transparent', width: 0, points: { show: false } };
  if (kind === 'marks') {
    return { label, stroke, width: 0, paths: () => null, points: { show: true, size: 5, width: 1, fill: stroke } };
  }
  return {
    label,
    stroke,
    width: 2,
    dash,
    spanGaps: true,
    points: points
      ? { show: true, size: 6, width: 1.5, fill: points === 'dot' ? stroke : colour(host, '--paper') }
      : { show: false },
  };
}
