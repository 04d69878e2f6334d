// Dashed lines across a plot, each with its label.

import { colour } from './theme.js';

/** @import uPlot from 'uplot' */
/** @import {Marker} from './spec.js' */

/** Between a line and its label, in CSS pixels. */
const GAP = 4;

/** Height of a row of labels, in CSS pixels. */
const ROW = 13;

/**
 * @param {uPlot} plot
 * @param {Element} host whose custom properties give the colours
 * @param {Marker[]} markers
 */
export function drawMarkers(plot, host, markers) {
  const { ctx } = plot;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.lineWidth = 1.5 * devicePixelRatio;
  const row = rowsWithoutOverlap();
  for (const marker of markers) {
    ctx.strokeStyle = colour(host, marker.colour);
    if (marker.axis === 'x') drawUpright(plot, host, marker, row);
    else drawLevel(plot, host, marker);
  }
  ctx.restore();
}

/**
 * Puts a label into the row below if it would run into the one before.
 * @returns {(start: number, width: number) => number}
 */
export function rowsWithoutOverlap() {
  let row = 0;
  let end = -Infinity;
  return (start, width) => {
    row = start < end ? row + 1 : 0;
    end = Math.max(end, start + width);
    return row;
  };
}

/**
 * @param {uPlot} plot
 * @param {Element} host
 * @param {Marker} marker
 * @param {(start: number, width: number) => number} rowOf
 */
function drawUpright(plot, host, { at, label }, rowOf) {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(at, 'x', true);
  const right = bbox.left + bbox.width;
  if (x < bbox.left || x > right) return;
  drawLine(ctx, [x, bbox.top], [x, bbox.top + bbox.height]);
  const gap = GAP * devicePixelRatio;
  const width = ctx.measureText(label).width;
  const start = x + width + 2 * gap <= right ? x + gap : x - width - gap;
  drawLabel(ctx, host, label, start, bbox.top + (10 + ROW * rowOf(start, width + gap)) * devicePixelRatio);
}

/**
 * @param {uPlot} plot
 * @param {Element} host
 * @param {Marker} marker
 */
function drawLevel(plot, host, { at, label }) {
  const { ctx, bbox } = plot;
  const y = plot.valToPos(at, 'y', true);
  const right = bbox.left + bbox.width;
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  drawLine(ctx, [bbox.left, y], [right, y]);
  const gap = GAP * devicePixelRatio;
  drawLabel(ctx, host, label, right - ctx.measureText(label).width - gap, y - gap);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
function drawLine(ctx, from, to) {
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

/**
 * Text with a rim in the colour of the paper, readable over lines and bars.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Element} host
 * @param {string} label
 * @param {number} x
 * @param {number} y
 */
function drawLabel(ctx, host, label, x, y) {
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.strokeStyle = colour(host, '--paper');
  ctx.strokeText(label, x, y);
  ctx.fillStyle = colour(host, '--ink');
  ctx.fillText(label, x, y);
  ctx.restore();
}
