// A button that shows a link as a QR code, as large as the window: for a projector.

import { fileMissing } from '../shared/builds.js';
import { CODE, codeFailed, codeNote, tooLongForCode } from '../words/share.js';
import { FAR_CHARACTERS, MOST_CHARACTERS } from './code_limits.js';
import { element } from './dom.js';

/** Longer links nobody types; the code is then all that is shown. */
const TYPED = 160;

/**
 * @param {() => string} link that is shown when the button is pressed
 * @param {string} [shorter] how such a link gets shorter
 * @returns {HTMLElement} the button, and the dialog that it opens
 */
export function linkCode(link, shorter = CODE.shorter) {
  const button = element('button', { type: 'button', 'aria-haspopup': 'dialog' }, CODE.button);
  const close = element('button', { type: 'button' }, CODE.close);
  const shown = element('div', { class: 'link-code-shown' });
  const dialog = element('dialog', { class: 'link-code', 'aria-label': CODE.title }, shown, close);
  const root = element('span', { class: 'link-code-part' }, button, dialog);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => shown.replaceChildren());
  // It is the dialog that Escape closes, and not what lies below it.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  button.addEventListener('click', async () => {
    const address = link();
    shown.replaceChildren(await contents(address, shorter));
    if (!dialog.open) dialog.showModal();
  });
  return root;
}

/** @param {string} link @param {string} shorter */
async function contents(link, shorter) {
  const note = (/** @type {string} */ words) => element('p', { class: 'link-code-note' }, words);
  try {
    const { codeOf, codePicture } = await import('./qr.js');
    const code = codeOf(link);
    const words = code?.far ? CODE.point : codeNote(link.length, FAR_CHARACTERS);
    const picture = code ? codePicture(code, CODE.picture) : null;
    return element(
      'div',
      { class: code ? 'link-code-picture' : '' },
      picture,
      link.length <= TYPED ? element('p', { class: 'link-code-link' }, link) : null,
      note(code ? words : tooLongForCode(link.length, MOST_CHARACTERS)),
      code?.far ? null : note(shorter),
    );
  } catch (error) {
    // As after a loss of the connection: the next press tries again.
    fileMissing();
    return element('p', { role: 'alert' }, codeFailed(error));
  }
}
