// Dashed lines across a plot with their labels, and the handle of what can be pulled.

import { font } from '../ui/type.js';
import { isWithin, placeLabels } from './labels.js';
import { textWidth } from './measure.js';
import { valueRange } from './spec.js';
import { colour } from './theme.js';

/** @import uPlot from 'uplot' */
/** @import {ChartSpec, Marker} from './spec.js' */
/** @import {Box, MarkedLine} from './labels.js' */

/** Between a line and its label, and height of a row of labels, in CSS pixels. */
const SIZES = { gap: 4, height: 18 };

/** From the top of a row to the feet of its letters. */
const BASE = 14;

/** Of the handle, in CSS pixels. */
const RADIUS = 8;

/**
 * The plot without its axes, in CSS pixels.
 * @param {uPlot} plot
 * @returns {Box}
 */
function plotBox({ bbox: { left, top, width, height } }) {
  const [x, y] = [left / devicePixelRatio, top / devicePixelRatio];
  return { left: x, top: y, right: x + width / devicePixelRatio, bottom: y + height / devicePixelRatio };
}

/**
 * Where labels stand that are written over a plot; null for those that are not.
 * @param {uPlot} plot
 * @param {Marker[]} markers
 */
function layOut(plot, markers) {
  const box = plotBox(plot);
  /** @type {MarkedLine[]} */
  const lines = markers.map(({ axis, at, label }) => ({
    axis,
    place: plot.valToPos(at, axis, true) / devicePixelRatio,
    width: textWidth(label),
  }));
  return { box, lines, boxes: placeLabels(lines, box, SIZES) };
}

/**
 * @param {uPlot} plot
 * @param {Element} host whose custom properties give the colours
 * @param {ChartSpec} spec
 */
export function drawMarkers(plot, host, spec) {
  const { markers = [], choice, xs, series } = spec;
  const { ctx } = plot;
  ctx.save();
  ctx.scale(devicePixelRatio, devicePixelRatio);
  const { box, lines, boxes } = layOut(plot, markers);
  ctx.lineWidth = 1.5;
  ctx.setLineDash([5, 4]);
  lines.forEach((line, i) => {
    if (!isWithin(line, box)) return;
    ctx.strokeStyle = colour(host, markers[i].colour);
    ctx.beginPath();
    ctx.moveTo(line.axis === 'x' ? line.place : box.left, line.axis === 'x' ? box.top : line.place);
    ctx.lineTo(line.axis === 'x' ? line.place : box.right, line.axis === 'x' ? box.bottom : line.place);
    ctx.stroke();
  });
  ctx.setLineDash([]);
  // Before there is a value, there is no curve to pull it along.
  if (choice && valueRange(spec) !== null) {
    const here = Array.from(xs).indexOf(choice.at);
    drawHandle(plot, host, choice, series[0].values[here] ?? null);
  }
  // Labels come last: no line goes through their words.
  boxes.forEach((place, i) => place && drawLabel(ctx, host, markers[i].label, place));
  ctx.restore();
}

/**
 * What is pulled along the curve: a disc with an arrow to either side, at the floor while the value there is unknown.
 * @param {uPlot} plot with a context that is scaled to CSS pixels
 * @param {Element} host
 * @param {NonNullable<ChartSpec['choice']>} choice
 * @param {number|null} value
 */
function drawHandle(plot, host, { at, colour: name }, value) {
  const { ctx } = plot;
  const box = plotBox(plot);
  const x = plot.valToPos(at, 'x', true) / devicePixelRatio;
  if (x < box.left - 1 || x > box.right + 1) return;
  const floor = box.bottom - RADIUS;
  const y = value === null ? floor : Math.min(plot.valToPos(value, 'y', true) / devicePixelRatio, floor);
  ctx.fillStyle = colour(host, name);
  ctx.strokeStyle = colour(host, '--paper');
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(x, y, RADIUS, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.beginPath();
  for (const side of [-1, 1]) {
    const tip = x + side * (RADIUS + 6);
    ctx.moveTo(tip - side * 4, y - 5);
    ctx.lineTo(tip, y);
    ctx.lineTo(tip - side * 4, y + 5);
  }
  ctx.strokeStyle = colour(host, name);
  ctx.stroke();
}

/**
 * Text on a plate in the colour of the paper, readable over lines and bars.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Element} host
 * @param {string} label
 * @param {Box} place
 */
function drawLabel(ctx, host, label, { left, top, right, bottom }) {
  ctx.save();
  ctx.font = font();
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = colour(host, '--paper');
  ctx.fillRect(left - 2, top + 2, right - left + 4, bottom - top - 4);
  ctx.fillStyle = colour(host, '--ink');
  ctx.fillText(label, left, top + BASE);
  ctx.restore();
}
