// A chart as a file: its data as CSV, its picture as PNG.

import { colour } from './theme.js';

/** @import {ChartSpec} from './spec.js' */

/** Margin around a picture and height of a line of text, CSS pixels. */
const MARGIN = 12;
const LINE = 18;

/** @param {string} text */
function cell(text) {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

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
    [spec.xs[i], ...spec.series.map(({ values }) => values[i] ?? '')].map((value) => cell(String(value))).join(','),
  );
  return `${[heads.map(cell).join(','), ...rows].join('\n')}\n`;
}

/**
 * The canvas of a plot on the page's paper, with title and summary over it.
 * @param {HTMLCanvasElement} plot
 * @param {string} title
 * @param {string} summary
 * @returns {Promise<Blob>}
 */
export function chartPng(plot, title, summary) {
  const scale = plot.width / plot.clientWidth;
  const canvas = document.createElement('canvas');
  canvas.width = plot.width + 2 * MARGIN * scale;
  canvas.height = plot.height + (2 * MARGIN + 2 * LINE) * scale;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser gives no canvas to draw on');
  context.fillStyle = colour(plot, '--paper');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colour(plot, '--ink');
  context.textBaseline = 'top';
  context.font = `600 ${14 * scale}px system-ui, sans-serif`;
  context.fillText(title, MARGIN * scale, MARGIN * scale, plot.width);
  context.font = `${12 * scale}px system-ui, sans-serif`;
  context.fillText(summary, MARGIN * scale, (MARGIN + LINE) * scale, plot.width);
  context.drawImage(plot, MARGIN * scale, (MARGIN + 2 * LINE) * scale);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the browser could not make a PNG'))),
      'image/png',
    );
  });
}
