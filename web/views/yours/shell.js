// What the dialogs of models, GPUs and measurements have around them: a head with the way out, and the focus given back.

import { element } from '../../ui/dom.js';

/**
 * @param {object} options
 * @param {string} options.id
 * @param {string} options.title
 * @param {string} options.close what the way out is called
 * @param {string} options.kind a further class
 * @param {() => void} [options.onClose]
 */
export function dialogShell({ id, title, close, kind, onClose = () => {} }) {
  const heading = element('h2', { id: `${id}-title`, tabindex: -1 }, title);
  const body = element('div', { class: `traffic-body ${kind}-body` });
  const way = element('button', { type: 'button', class: 'quiet traffic-close', 'aria-label': close }, '×');
  const root = element(
    'dialog',
    { class: `traffic ${kind}`, id, 'aria-labelledby': `${id}-title` },
    element('div', { class: 'traffic-head' }, heading, way),
    body,
  );
  /** @type {HTMLElement|null} */
  let opener = null;
  way.addEventListener('click', () => root.close());
  root.addEventListener('close', () => {
    onClose();
    // What opened it may have gone meanwhile, or lies in another dialog that is open.
    opener?.focus();
    if (document.activeElement !== opener && document.querySelector('dialog[open]') === null)
      document.getElementById('content')?.focus();
  });
  // It is the dialog that Escape closes, and not what lies below it.
  root.addEventListener('keydown', (event) => event.stopPropagation());
  document.body.append(root);
  return {
    root,
    body,
    heading,
    /** What was pressed to open it; null if it was opened otherwise. */
    get opener() {
      return opener;
    },
    open() {
      if (root.open) return;
      const { activeElement: active } = document;
      opener = active instanceof HTMLElement && active !== document.body ? active : null;
      root.showModal();
      heading.focus();
    },
    close: () => root.close(),
  };
}
