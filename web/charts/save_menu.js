// What can be taken away of a chart, behind one word, so that the head of a chart stays a head.

import { fileMissing } from '../shared/builds.js';
import { element } from '../ui/dom.js';
import { COPIED, COPY, downloadAs, notCopied, notSaved, SAVE } from '../words/charts.js';
import { canCopyPictures, copyPicture } from './picture_file.js';

/** Shows a sentence about what was done, and has it read aloud. @typedef {(words: string) => void} Tell */

/**
 * @param {...HTMLButtonElement} buttons
 */
export function saveMenu(...buttons) {
  const summary = element('summary', { class: 'quiet' }, SAVE);
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
 * @param {Tell} tell of a failure, as after a loss of the connection
 */
export function saveButton(kind, shown, save, tell) {
  const button = element('button', { type: 'button', class: 'quiet', 'aria-label': downloadAs(kind) }, kind);
  button.addEventListener('click', async () => {
    const spec = shown();
    if (!spec) return;
    try {
      await save(spec);
    } catch (error) {
      fileMissing();
      tell(notSaved(kind, error));
      reportError(error);
    }
  });
  return button;
}

/**
 * A button of the menu that copies the picture; hidden where the browser has no clipboard for pictures.
 * @template Spec
 * @param {() => Spec|null} shown
 * @param {(spec: Spec) => Promise<Blob>} make
 * @param {Tell} tell
 */
export function copyButton(shown, make, tell) {
  const button = element('button', { type: 'button', class: 'quiet' }, COPY);
  button.hidden = !canCopyPictures();
  button.addEventListener('click', async () => {
    const spec = shown();
    if (!spec) return;
    try {
      await copyPicture(make(spec));
      tell(COPIED);
    } catch (error) {
      // Browsers refuse it in frames, and where a person has forbidden it.
      tell(notCopied(error));
    }
  });
  return button;
}
