// Paints the shapes of a saved picture on a canvas. They are our own, so that this knows just what they use of SVG.

import { visible } from '../shared/visible.js';
import { font, SMALL_PX } from '../ui/type.js';

/** @import {Shape} from './shapes.js' */

/** What shapes have from those around them. @typedef {Record<string, string|number>} Inherited */

const PASSED_ON = ['fill', 'fill-opacity', 'font-size', 'font-weight'];

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Shape} shape
 * @param {Inherited} [around]
 */
export function paint(context, { name, attributes, parts }, around = {}) {
  const own = { ...around, ...attributes };
  const passed = Object.fromEntries(PASSED_ON.filter((key) => key in own).map((key) => [key, own[key]]));
  context.save();
  switch (name) {
    case 'svg':
    case 'g':
      context.translate(0, Number(/translate\(0 (.*)\)/.exec(String(attributes.transform))?.[1] ?? 0));
      for (const part of parts) if (typeof part !== 'string') paint(context, part, passed);
      break;
    case 'text':
      paintText(context, own, parts);
      break;
    case 'title':
    case 'desc':
      break;
    default:
      paintPath(context, own, pathOf(name, attributes));
  }
  context.restore();
}

/**
 * @param {string} name
 * @param {Inherited} attributes
 */
function pathOf(name, { d, x, y, width, height, cx, cy, r }) {
  if (name === 'path') return new Path2D(String(d));
  const path = new Path2D();
  if (name === 'rect') path.rect(Number(x ?? 0), Number(y ?? 0), Number(width), Number(height));
  else if (name === 'circle') path.arc(Number(cx), Number(cy), Number(r), 0, 2 * Math.PI);
  else throw new Error(`there is no way to paint <${name}>`);
  return path;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Inherited} attributes
 * @param {Path2D} path
 */
function paintPath(context, attributes, path) {
  const { fill = 'black', stroke } = attributes;
  if (fill !== 'none') {
    context.globalAlpha = Number(attributes['fill-opacity'] ?? 1);
    context.fillStyle = String(fill);
    context.fill(path);
    context.globalAlpha = 1;
  }
  if (stroke === undefined) return;
  context.strokeStyle = String(stroke);
  context.lineWidth = Number(attributes['stroke-width'] ?? 1);
  context.lineJoin = 'round';
  context.setLineDash(
    String(attributes['stroke-dasharray'] ?? '')
      .split(' ')
      .filter((length) => length !== '')
      .map(Number),
  );
  context.stroke(path);
}

/** Where text stands to its place. @type {Record<string, CanvasTextAlign>} */
const ALIGN = { start: 'left', middle: 'center', end: 'right' };

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Inherited} attributes
 * @param {Shape['parts']} parts
 */
function paintText(context, attributes, parts) {
  context.font = font(String(attributes['font-weight'] ?? 'normal'), Number(attributes['font-size'] ?? SMALL_PX));
  context.textAlign = ALIGN[String(attributes['text-anchor'] ?? 'start')];
  context.fillStyle = String(attributes.fill ?? 'black');
  let y = Number(attributes.y);
  for (const part of parts) {
    const line = typeof part === 'string' ? part : part.parts.join('');
    if (typeof part !== 'string') y += Number(part.attributes.dy);
    context.fillText(visible(line), Number(attributes.x), y);
  }
}
