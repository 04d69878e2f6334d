// A newer build has taken the place of the one that this tab shows: says so, and offers to load it.

import { fitsIntoLink } from '../address/url.js';
import { BUILD, MISSING, PAGE, serviceWorkers } from '../shared/builds.js';
import { element, setWords } from '../ui/dom.js';
import { DISMISS, RELOAD, newerBuild, viewMissing } from '../words/page.js';

/** @import {Store} from './state.js' */

/** How the folders of builds are named. */
const FOLDERS = /\bapp-\w+(?=\/)/g;

/**
 * Whether a page is ours, and of another build.
 * @param {string} html
 * @param {string} build
 */
export function isOfAnother(html, build) {
  const folders = [...html.matchAll(FOLDERS)].map(([name]) => name);
  return folders.length > 0 && !folders.includes(build);
}

/** Whether the server has a newer build; not known, and so no, without a connection. */
async function isPublished() {
  try {
    const response = await fetch(PAGE, { cache: 'no-store' });
    return response.ok && isOfAnother(await response.text(), BUILD);
  } catch {
    return false;
  }
}

/** @param {() => void} onClick */
function reloadButton(onClick = () => location.reload()) {
  const button = element('button', { type: 'button', class: 'reload' }, RELOAD);
  button.addEventListener('click', onClick);
  return button;
}

export class NewerBuild {
  #store;

  #words = element('p', { role: 'status' });

  #actions = element('div', { class: 'toast-parts', hidden: true });

  #root = element('div', { class: 'toast newer' }, this.#words, this.#actions);

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    const dismiss = element('button', { type: 'button', class: 'quiet', 'aria-label': DISMISS }, '×');
    dismiss.addEventListener('click', () => this.#show(false));
    this.#actions.append(reloadButton(), dismiss);
    document.body.append(this.#root);
    addEventListener(MISSING, () => this.#check());
    // A service worker says of which build it is when it takes over. That of a page in a folder above may be in charge
    // of this one, too, until this one has its own.
    serviceWorkers()?.addEventListener('message', ({ data }) => {
      if (data?.page === PAGE.href && typeof data.build === 'string' && data.build !== BUILD) this.#show(true);
    });
  }

  /** What a reload brings, and what it costs. */
  get words() {
    return newerBuild(fitsIntoLink(this.#store.state.pairs));
  }

  /** Asks the server after a file was missing, and offers what is new. */
  async #check() {
    if (await isPublished()) this.#show(true);
  }

  /**
   * Says where something was to be shown that did not come why that is and what helps; aloud only in the first place.
   * @param {unknown} error
   * @param {HTMLElement[]} places
   */
  async sayMissing(error, ...places) {
    const published = await isPublished();
    for (const place of places) {
      const role = place === places[0] ? { role: 'alert' } : {};
      const words = published ? this.#notice() : [viewMissing(error)];
      place.replaceChildren(element('p', { class: 'view-empty', ...role }, ...words));
    }
  }

  /** The words with their button; they are not said twice. */
  #notice() {
    this.#show(false);
    return [`${this.words} `, reloadButton()];
  }

  /** @param {boolean} shown */
  #show(shown) {
    setWords(this.#words, shown ? this.words : '');
    this.#actions.hidden = !shown;
    this.#root.classList.toggle('shown', shown);
  }
}
