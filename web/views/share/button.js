// The menu "Share": its button, and files that are dropped on the page. Its panel comes when it is first wanted.

import { fileMissing } from '../../shared/builds.js';
import { element, setWords } from '../../ui/dom.js';
import { menuFailed, SHARE } from '../../words/share.js';

/** @import {PageParts} from '../../app/lazy_views.js' */
/** @import {sharePanel} from './view.js' */

/** @typedef {ReturnType<typeof sharePanel>} Panel */

/**
 * Files dropped anywhere on the page are imported.
 * @param {(files: File[]) => void} onFiles
 */
function acceptDrops(onFiles) {
  const holdsFile = (/** @type {DragEvent} */ event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
  addEventListener('dragover', (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) document.body.classList.remove('dropping');
  });
  addEventListener('drop', (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    document.body.classList.remove('dropping');
    onFiles([...(event.dataTransfer?.files ?? [])]);
  });
}

/**
 * @param {HTMLElement} parent
 * @param {Omit<PageParts, 'theorist'>} page
 * @param {() => void} onImport before something is taken in from a file
 * @returns {(files: File[]) => void} takes files that are brought in elsewhere
 */
export function createShare(parent, page, onImport) {
  const button = element(
    'button',
    { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'share-panel', id: 'share' },
    SHARE.button,
  );
  const shown = () => button.getAttribute('aria-expanded') === 'true';
  const failed = element('p', { class: 'share-panel', role: 'alert', hidden: true });
  /** @type {Promise<Panel>|null} */
  let coming = null;
  const load = async () => {
    const { sharePanel: create } = await import('./view.js');
    const panel = create(page, onImport);
    parent.append(panel.root);
    return panel;
  };
  /** The panel, as it is wanted by then; null if it did not come. */
  const show = async (/** @type {boolean} */ open) => {
    button.setAttribute('aria-expanded', String(open));
    failed.hidden = true;
    if (!open && coming === null) return null;
    try {
      coming ??= load();
      const panel = await coming;
      panel.open(shown());
      return panel;
    } catch (error) {
      return failing(error, open);
    }
  };
  /** @param {unknown} error @param {boolean} seen */
  const failing = (error, seen) => {
    // As after a loss of the connection: it is fetched anew at the next press.
    coming = null;
    setWords(failed, menuFailed(error));
    failed.hidden = !seen;
    fileMissing();
    return null;
  };
  button.addEventListener('click', () => show(!shown()));
  parent.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !shown()) return;
    show(false);
    button.focus();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (shown() && target instanceof Node && !parent.contains(target)) show(false);
  });
  const bring = async (/** @type {File[]} */ files) => {
    if (files.length === 0) return;
    try {
      coming ??= load();
      // What goes to a dialog of its own needs no menu.
      await (
        await coming
      ).bring(files, () => {
        // What the menu says must not stand behind a dialog.
        for (const dialog of document.querySelectorAll('dialog')) dialog.close();
        show(true);
      });
    } catch (error) {
      failing(error, true);
    }
  };
  acceptDrops(bring);
  parent.append(button, failed);
  return bring;
}
