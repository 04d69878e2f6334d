// The address follows the state, and Back and Forward lead through the places that a person has been to: views, lessons,
// selected requests, and settings taken whole. What is typed or dragged changes the place where one is.

import { ADDRESS_PARTS, pagePairs, pageState } from './page_state.js';
import { debouncedWriter, formatHash, listOf, parseHash } from './url.js';

/** @import {State, Store} from '../app/state.js' */
/** @import {Pair} from '../shared/types.d.ts' */

/**
 * A place in the history: the settings are kept beside its address, which cannot hold long lists.
 * @typedef {{hash: string, pairs: Pair[], importedName: string}} Place
 */

/**
 * @typedef {object} Session what follows an address
 * @property {(link: {pairs: Pair[], rejected: string[]}, importedName?: string) => unknown} open
 * @property {() => unknown} startOver
 * @property {boolean} isSettled whether the settings of the state are those that were wanted last
 */

/** What is needed of a browser; a test passes its own. @typedef {Pick<Window, 'history'|'location'|'addEventListener'>} Browser */

export class Address {
  #store;

  #session;

  #browser;

  #writer;

  /** Places of this load of the page, by the number in their history entry. @type {Map<number, Place>} */
  #places = new Map();

  /** Number of the entry that is shown. */
  #entry;

  /** Whether the next change of the address is a step that Back leads back from. */
  #step = false;

  /** Whether a change of the view is no step, as when the state follows the address. */
  #arriving = false;

  /** Restores the settings of the place ahead, whose address may lack some. @type {(() => unknown)|null} */
  #restore = null;

  /** The entry that a move through the history has led to; its address comes with the event after it. @type {unknown} */
  #ahead = null;

  /**
   * @param {Store} store
   * @param {Session} session
   * @param {Browser} browser
   */
  constructor(store, session, browser = globalThis.window) {
    this.#store = store;
    this.#session = session;
    this.#browser = browser;
    // Numbers of an earlier load may still be in the history: they must not be mistaken for ours.
    this.#entry = Date.now();
    this.#writer = debouncedWriter((hash) => this.#write(hash, false));
  }

  /** Follows state and history from here on. */
  start() {
    const { history, location } = this.#browser;
    history.replaceState({ entry: this.#entry }, '', location.href);
    this.#store.watch(['tab', 'lesson', 'room', 'present', 'request'], () => {
      if (!this.#arriving) this.step();
    });
    this.#store.watch(ADDRESS_PARTS, (state) => this.#follow(state));
    this.#browser.addEventListener('popstate', ({ state }) => this.#onPop(state?.entry));
    this.#browser.addEventListener('hashchange', ({ newURL }) => this.#arrive(new URL(newURL).hash, this.#ahead));
  }

  /** Makes the next change a step: Back leads to what is shown now. */
  step() {
    this.#step = true;
  }

  /** Keeps the next change in the present place. */
  stay() {
    this.#step = false;
  }

  /** Number of the place that is shown. */
  get here() {
    return this.#entry;
  }

  /**
   * Leads back from the step after a place, if it has become one; in any case the settings are restored.
   * @param {number} place
   * @param {() => unknown} restore
   */
  returnTo(place, restore) {
    if (this.#entry !== place + 1) {
      restore();
      return;
    }
    this.#restore = restore;
    this.#browser.history.back();
  }

  /**
   * A change that is no step even if it leads to another view, such as the next of a row of tabs.
   * @param {() => void} change
   */
  within(change) {
    this.#arriving = true;
    change();
    this.#arriving = false;
  }

  /** @param {Readonly<State>} state */
  #follow(state) {
    // Before the first settings are accepted there is nothing that could be written.
    if (state.config === null) return;
    const hash = formatHash(state.pairs, pagePairs(state));
    if (!this.#step) {
      this.#writer(hash);
      this.#remember(hash, state);
      return;
    }
    this.#step = false;
    this.#writer.flush();
    const here = this.#places.get(this.#entry);
    if (here && here.hash === hash && listOf(here.pairs) === listOf(state.pairs)) return;
    this.#entry += 1;
    this.#remember(hash, state);
    this.#write(hash, true);
  }

  /**
   * @param {string} hash
   * @param {Pick<State, 'pairs'|'importedName'>} state
   */
  #remember(hash, { pairs, importedName }) {
    this.#places.set(this.#entry, { hash, pairs, importedName });
  }

  /**
   * @param {string} hash
   * @param {boolean} push whether it is a new place
   */
  #write(hash, push) {
    const { history } = this.#browser;
    const state = { entry: this.#entry };
    if (!push) {
      history.replaceState(state, '', hash);
      return;
    }
    try {
      history.pushState(state, '', hash);
    } catch {
      // Too many in a short time: the writer tries again later, then in the present place.
      this.#writer(hash);
    }
  }

  /**
   * A move through the history. If the address changes with it, the next event brings the address, and reliably:
   * by now a write of ours may have replaced it.
   * @param {unknown} entry
   */
  #onPop(entry) {
    const { hash } = this.#browser.location;
    this.#ahead = entry ?? null;
    if (hash === this.#places.get(this.#entry)?.hash) this.#arrive(hash, entry);
  }

  /**
   * @param {string} hash
   * @param {unknown} entry of the history; none of ours for a link that was followed
   */
  #arrive(hash, entry) {
    this.#ahead = null;
    this.#writer.drop();
    this.#step = false;
    const known = typeof entry === 'number' ? this.#places.get(entry) : undefined;
    const place = known?.hash === hash ? known : undefined;
    this.#entry = typeof entry === 'number' ? entry : this.#newEntry(hash);
    const asked = place ? { pairs: place.pairs, rejected: [] } : parseHash(hash);
    const { pairs } = this.#store.state;
    this.within(() => this.#store.change(pageState(hash)));
    const restore = this.#restore;
    this.#restore = null;
    if (restore) restore();
    else if (asked === null) this.#session.startOver();
    else if (asked.rejected.length > 0 || !this.#session.isSettled || !sameSettings(asked.pairs, pairs))
      this.#session.open(asked, place?.importedName);
  }

  /**
   * A link has added an entry.
   * @param {string} hash
   */
  #newEntry(hash) {
    const entry = Math.max(this.#entry, ...this.#places.keys()) + 1;
    this.#browser.history.replaceState({ entry }, '', hash === '' ? this.#browser.location.href : hash);
    return entry;
  }
}

/**
 * @param {Pair[]} one
 * @param {Pair[]} other
 */
function sameSettings(one, other) {
  return formatHash(one) === formatHash(other) && listOf(one) === listOf(other);
}
