// The views of the page, one at a time: a list of tabs over their panels. The panels stand in index.html as
// `<div class="tab-panel" id="panel-plan" data-tab="plan" data-title="Plan" hidden>`, so a further tab is one more line.

import { element } from './dom.js';

/**
 * The tab that a key leads to, or null if the key has no meaning here.
 * @param {string} key
 * @param {number} index of the present tab
 * @param {number} count
 * @returns {number|null}
 */
export function tabAfterKey(key, index, count) {
  switch (key) {
    case 'ArrowRight':
      return (index + 1) % count;
    case 'ArrowLeft':
      return (index + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

export class Tabs {
  #names;

  #panels;

  #buttons;

  /** Whether the arrow keys have already led from one tab to another. */
  #passing = false;

  /**
   * @param {HTMLElement} parent of the buttons
   * @param {HTMLElement[]} panels
   * @param {(name: string, passing: boolean) => void} onChoose a person has chosen a tab, or passes one in a row of them
   */
  constructor(parent, panels, onChoose) {
    this.#panels = panels;
    this.#names = panels.map(({ dataset }) => dataset.tab ?? '');
    this.#buttons = panels.map((panel, index) =>
      this.#button(panel, () => {
        this.#passing = false;
        onChoose(this.#names[index], false);
      }),
    );
    parent.setAttribute('role', 'tablist');
    parent.setAttribute('aria-label', 'Views');
    parent.replaceChildren(...this.#buttons);
    parent.addEventListener('keydown', (event) => {
      // A link may hide some of them.
      const seen = this.#buttons.filter((button) => button.getClientRects().length > 0);
      const index = seen.indexOf(/** @type {HTMLButtonElement} */ (event.target));
      const next = index < 0 ? null : tabAfterKey(event.key, index, seen.length);
      if (next === null) return;
      event.preventDefault();
      seen[next].focus();
      onChoose(this.#names[this.#buttons.indexOf(seen[next])], this.#passing);
      this.#passing = true;
    });
    parent.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && parent.contains(relatedTarget))) this.#passing = false;
    });
  }

  /** The name that stands for the first tab, and for every name that there is no tab of. */
  get first() {
    return this.#names[0];
  }

  /**
   * @param {HTMLElement} panel
   * @param {() => void} onClick
   */
  #button(panel, onClick) {
    const { tab, title } = panel.dataset;
    const attributes = { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-controls': panel.id };
    const button = element('button', attributes, title ?? '');
    button.addEventListener('click', onClick);
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', button.id);
    return button;
  }

  /**
   * Shows a tab; an unknown name shows the first.
   * @param {string} name
   */
  show(name) {
    const shown = Math.max(this.#names.indexOf(name), 0);
    // A panel that is hidden would take the focus with it.
    const left = this.#panels.some((panel, index) => index !== shown && panel.contains(document.activeElement));
    this.#buttons.forEach((button, index) => {
      button.setAttribute('aria-selected', String(index === shown));
      button.tabIndex = index === shown ? 0 : -1;
      this.#panels[index].hidden = index !== shown;
    });
    if (left) this.#buttons[shown].focus();
  }
}
