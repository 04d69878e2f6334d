// What the names of the figures mean, on a press: for keyboards and fingers, which see no titles.

import { element } from '../../ui/dom.js';
import { FIGURES, HELP, P99, VERDICTS } from '../../words/overview.js';

/** A button, and the list that it shows and hides. */
export function createHelp() {
  const button = element(
    'button',
    { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': 'figures-help' },
    HELP.button,
  );
  const panel = element('div', {
    class: 'simulated-list figures-help',
    id: 'figures-help',
    role: 'region',
    tabindex: 0,
    'aria-label': HELP.title,
    hidden: true,
  });
  const open = (/** @type {boolean} */ shown) => {
    if (shown && panel.childElementCount === 0) panel.append(...lists());
    panel.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
  };
  button.addEventListener('click', () => open(panel.hidden === true));
  const close = (/** @type {KeyboardEvent} */ { key }) => {
    if (key !== 'Escape' || panel.hidden) return;
    open(false);
    button.focus();
  };
  button.addEventListener('keydown', close);
  panel.addEventListener('keydown', close);
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !panel.contains(target) && !button.contains(target)) open(false);
  });
  return { button, panel };
}

/** @param {string} name @param {string} meaning */
const entry = (name, meaning) => [element('dt', {}, name), element('dd', {}, meaning)];

function lists() {
  const words = [P99, ...Object.values(FIGURES)].flatMap(({ label, meaning }) => entry(label, meaning));
  const verdicts = Object.values(VERDICTS).flatMap(({ symbol, words: name, meaning }) =>
    entry(`${symbol} ${name}`, meaning),
  );
  return [element('dl', {}, ...words, ...verdicts)];
}
