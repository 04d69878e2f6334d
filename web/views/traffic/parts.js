// Pieces that the parts of the dialog are made of: labelled selects, sections, and a way to build anew without losing the focus.

import { element } from '../../ui/dom.js';

/**
 * Runs a change of the page after which the focus is where it was, if what had it is there again under its id.
 * @param {HTMLElement} root
 * @param {() => void} change
 */
export function keepingFocus(root, change) {
  const { activeElement: focused } = document;
  const id = focused && root.contains(focused) ? focused.id : '';
  change();
  const again = id === '' || document.activeElement?.id === id ? null : document.getElementById(id);
  if (again !== null && root.contains(again)) again.focus();
}

/**
 * Builds the content of an element anew when its key changes, and only then.
 * @param {HTMLElement} root
 */
export function keyed(root) {
  let last = '';
  return (/** @type {string} */ key, /** @type {() => (Node|null)[]} */ build) => {
    if (key === last) return;
    last = key;
    keepingFocus(root, () => root.replaceChildren(...build().filter((node) => node !== null)));
  };
}

/**
 * @param {string} id
 * @param {Record<string, string>} options words by value
 * @param {string} value
 * @param {(value: string) => void} onChange
 * @param {Record<string, string|boolean>} [attributes]
 */
export function select(id, options, value, onChange, attributes = {}) {
  const entries = Object.entries(options).map(([each, words]) =>
    element('option', { value: each, selected: each === value }, words),
  );
  const made = element('select', { id, ...attributes }, ...entries);
  made.addEventListener('change', () => onChange(made.value));
  return made;
}

/**
 * A control with its label, in one line.
 * @param {string} label
 * @param {HTMLElement} control with an id
 * @param {...Node} after
 */
export function labelled(label, control, ...after) {
  return element('div', { class: 'traffic-field' }, element('label', { for: control.id }, label), control, ...after);
}

/**
 * A section of the dialog with its heading.
 * @param {string} id
 * @param {string} title
 * @param {...(Node|null)} children
 */
export function section(id, title, ...children) {
  return element(
    'section',
    { class: 'traffic-part', id, 'aria-labelledby': `${id}-title`, hidden: true },
    element('h3', { id: `${id}-title` }, title),
    ...children,
  );
}

/**
 * A list of names and values.
 * @param {[string, string][]} entries
 */
export function facts(entries) {
  const rows = entries.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  return element('dl', { class: 'traffic-facts' }, ...rows);
}
