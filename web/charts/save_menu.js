// What can be taken away of a chart, behind one word, so that the head of a chart stays a head.

import { fileMissing } from '../shared/builds.js';
import { element, setWords } from '../ui/dom.js';

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
 * A button of the menu that saves what is shown, if something is. What makes the file is loaded for it.
 * @template Spec
 * @param {string} kind as people call it: CSV, SVG, PNG
 * @param {() => Spec|null} shown
 * @param {(spec: Spec) => Promise<void>} save
 * @param {HTMLElement} readout where a failure is told of, as after a loss of the connection
 */
export function saveButton(kind, shown, save, readout) {
  const button = element('button', { type: 'button', class: 'quiet', 'aria-label': `Download as ${kind}` }, kind);
  button.addEventListener('click', async () => {
    const spec = shown();
    if (!spec) return;
    try {
      await save(spec);
    } catch (error) {
      fileMissing();
      setWords(readout, `This could not be saved as ${kind} (${error}).`);
      reportError(error);
    }
  });
  return button;
}
