// A chart as a file: its data as CSV, its picture as PNG.

import { csvCell } from '../shared/visible.js';
import { CAPTION_LINE, captionLines } from './caption.js';
import { colour } from './theme.js';

/** @import {ChartSpec, LegendEntry} from './spec.js' */

/** Margin around a picture and height of a line of text, CSS pixels. */
const MARGIN = 12;
const LINE = 18;

/** Width of a sample of a line in a legend, and the room after an entry. */
const SAMPLE = 20;
const GAP = 14;

/**
 * A title as the name of a file.
 * @param {string} title
 * @param {string} extension
 */
export function fileName(title, extension) {
  return `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.${extension}`;
}

/**
 * Plain numbers, so that another program can go on computing.
 * @param {ChartSpec} spec
 */
export function chartCsv(spec) {
  const heads = [spec.x.label, ...spec.series.map(({ label }) => `${label} (${spec.y.label})`)];
  const rows = Array.from({ length: spec.xs.length }, (_unused, i) =>
    [spec.xs[i], ...spec.series.map(({ values }) => values[i] ?? '')].join(','),
  );
  return `${[heads.map(csvCell).join(','), ...rows].join('\n')}\n`;
}

/**
 * The entries of a legend, with their places in rows that are no wider than the plot.
 * @param {CanvasRenderingContext2D} context with the font that they are written in
 * @param {LegendEntry[]} entries
 * @param {number} width
 * @param {number} scale
 */
function placed(context, entries, width, scale) {
  let [left, row] = [0, 0];
  return entries.map((entry) => {
    const needed = (SAMPLE + 6 + GAP) * scale + context.measureText(entry.label).width;
    if (left > 0 && left + needed > width) [left, row] = [0, row + 1];
    const at = { ...entry, left, row };
    left += needed;
    return at;
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} kind of a legend's entry
 * @param {number} left
 * @param {number} middle
 * @param {number} scale
 */
function drawSample(context, kind, left, middle, scale) {
  const [width, tall] = [SAMPLE * scale, 9 * scale];
  if (kind === 'marks') {
    context.beginPath();
    context.arc(left + width / 2, middle, 3 * scale, 0, 2 * Math.PI);
    context.fill();
  } else if (kind === 'bars' || kind === 'band') {
    context.globalAlpha = kind === 'band' ? 0.3 : 0.65;
    context.fillRect(left, middle - tall / 2, width, tall);
    context.globalAlpha = 1;
  } else {
    context.setLineDash(kind === 'dashed' ? [5 * scale, 4 * scale] : []);
    context.lineWidth = (kind === 'dashed' ? 2 : 3) * scale;
    context.beginPath();
    context.moveTo(left, middle);
    context.lineTo(left + width, middle);
    context.stroke();
  }
}

/**
 * The canvas of a plot on the page's paper, with title and summary over it, the legend and what was simulated below. The
 * canvas need not be in sight.
 * @param {HTMLCanvasElement} plot
 * @param {{title: string, summary: string, simulated: string[], legend?: LegendEntry[]}} words
 * @returns {Promise<Blob>}
 */
export function chartPng(plot, { title, summary, simulated, legend = [] }) {
  const scale = devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = plot.width + 2 * MARGIN * scale;
  const small = `${12 * scale}px system-ui, sans-serif`;
  const measuring = canvas.getContext('2d');
  if (measuring) measuring.font = small;
  const entries = measuring ? placed(measuring, legend, plot.width, scale) : [];
  const lines = measuring
    ? captionLines(simulated, plot.width, (text) => measuring.measureText(text).width)
    : simulated;
  const rows = entries.length > 0 ? entries[entries.length - 1].row + 1 : 0;
  canvas.height = plot.height + (2 * MARGIN + (2 + rows) * LINE + lines.length * CAPTION_LINE) * scale;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser gives no canvas to draw on');
  context.fillStyle = colour(plot, '--paper');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colour(plot, '--ink');
  context.textBaseline = 'top';
  context.font = `600 ${14 * scale}px system-ui, sans-serif`;
  context.fillText(title, MARGIN * scale, MARGIN * scale, plot.width);
  context.font = small;
  context.fillText(summary, MARGIN * scale, (MARGIN + LINE) * scale, plot.width);
  context.drawImage(plot, MARGIN * scale, (MARGIN + 2 * LINE) * scale);
  for (const { label, colour: name, kind, left, row } of entries) {
    const [x, y] = [MARGIN * scale + left, (MARGIN + (2 + row) * LINE) * scale + plot.height];
    context.fillStyle = context.strokeStyle = colour(plot, name);
    drawSample(context, kind, x, y + 7 * scale, scale);
    context.fillStyle = colour(plot, '--ink');
    context.fillText(label, x + (SAMPLE + 6) * scale, y);
  }
  context.fillStyle = colour(plot, '--muted');
  lines.forEach((line, i) => {
    const y = (MARGIN + (2 + rows) * LINE + i * CAPTION_LINE) * scale + plot.height;
    context.fillText(line, MARGIN * scale, y, plot.width);
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the browser could not make a PNG'))),
      'image/png',
    );
  });
}
