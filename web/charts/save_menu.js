// What can be taken away of a chart, behind one word, so that the head of a chart stays a head.

import { element } from '../ui/dom.js';

/**
 * @param {...HTMLButtonElement} buttons
 */
export function saveMenu(...buttons) {
  const summary = element('summary', { class: 'quiet' }, 'save');
  const menu = element('details', { class: 'save-menu' }, summary, element('div', {}, ...buttons));
  const close = () => {
    menu.open = false;
  };
  for (const button of buttons) button.addEventListener('click', close);
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    if (!menu.contains(/** @type {Node|null} */ (relatedTarget))) close();
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    close();
    summary.focus();
  });
  return menu;
}

/**
 * A button of the menu that saves what is shown, if something is.
 * @template Spec
 * @param {string} kind as people call it: CSV, SVG, PNG
 * @param {() => Spec|null} shown
 * @param {(spec: Spec) => void} save
 */
export function saveButton(kind, shown, save) {
  const button = element('button', { type: 'button', class: 'quiet', 'aria-label': `Download as ${kind}` }, kind);
  button.addEventListener('click', () => {
    const spec = shown();
    if (spec) save(spec);
  });
  return button;
}
