// Saved pictures as a tree of shapes, which is written as SVG or painted on a canvas: one picture in two kinds of file.

import { visible } from '../shared/visible.js';

/**
 * An element of SVG; of its names and attributes only those that `paint.js` knows.
 * @typedef {object} Shape
 * @property {string} name
 * @property {Record<string, string|number>} attributes
 * @property {(Shape|string)[]} parts
 */

/** Colours by name of their CSS custom property. @typedef {(name: string) => string} Colours */

/** Elements that have a text, even an empty one. */
const WITH_TEXT = ['text', 'tspan', 'title', 'desc'];

/**
 * @param {string} name
 * @param {Record<string, string|number>} attributes
 * @param {...(Shape|string)} parts
 * @returns {Shape}
 */
export function shape(name, attributes, ...parts) {
  return { name, attributes, parts };
}

/**
 * @param {string} text
 * @param {Record<string, string|number>} attributes
 */
export function label(text, attributes) {
  return shape('text', attributes, text);
}

/**
 * Shapes moved down.
 * @param {number} down
 * @param {Shape[]} parts
 */
export function moved(down, parts) {
  return shape('g', { transform: `translate(0 ${written(down)})` }, ...parts);
}

/**
 * Text that may stand in XML, which has no way to write most controls: every hidden character is shown by its escape.
 * @param {string} text
 */
export function escapeXml(text) {
  const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return visible(text).replaceAll(/[&<>"]/g, (mark) => escapes[/** @type {keyof typeof escapes} */ (mark)]);
}

/** @param {string|number} value */
export function written(value) {
  return typeof value === 'number' ? String(Number(value.toFixed(2))) : value;
}

/**
 * A shape as the text of an SVG.
 * @param {Shape} shape
 * @returns {string}
 */
export function svgText({ name, attributes, parts }) {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(written(value))}"`);
  const separator = name === 'svg' || name === 'g' ? '\n' : '';
  const inner = parts.map((part) => (typeof part === 'string' ? escapeXml(part) : svgText(part))).join(separator);
  if (inner === '' && !WITH_TEXT.includes(name)) return `<${name}${words.join('')}/>`;
  return `<${name}${words.join('')}>${separator}${inner || ' '}${separator}</${name}>`;
}
