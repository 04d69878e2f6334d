// Building elements without markup in strings. Whatever text they show, every character of it is seen.

import { visible } from '../shared/visible.js';

/** The attributes that are data: what is edited, copied or followed stays exact. */
const EXACT = new Set(['value', 'href', 'src', 'download']);

/**
 * An element with attributes and children. `true` sets an empty attribute; `false`, `null` and `undefined` none.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string|number|boolean|null|undefined>} [attributes]
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    const text = value === true ? '' : String(value);
    made.setAttribute(name, EXACT.has(name) ? text : visible(text));
  }
  const present = children.filter((child) => child !== null && child !== undefined);
  made.append(...present.map((child) => (typeof child === 'string' ? visible(child) : child)));
  return made;
}

/**
 * An element of a drawing.
 * @param {string} tag
 * @param {Record<string, string|number>} attributes
 * @param {...(Node|string)} children
 */
export function svgElement(tag, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, visible(String(value)));
  made.append(...children.map((child) => (typeof child === 'string' ? visible(child) : child)));
  return made;
}

/**
 * Gives an element other words. A region that is read aloud is left alone if they are the same.
 * @param {Node} node
 * @param {string} words
 * @returns {boolean} whether they are others
 */
export function setWords(node, words) {
  const shown = visible(words);
  if (node.textContent === shown) return false;
  node.textContent = shown;
  return true;
}

/**
 * The element with this id, which index.html is known to have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}
