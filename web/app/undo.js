// Undoes an action that has discarded settings, until something else changes them.

import { Toast } from '../ui/toast.js';

/** @import {Address} from '../address/address.js' */
/** @import {Session} from './session.js' */
/** @import {Store} from './state.js' */

export class Undo {
  #session;

  #address;

  #toast;

  /** Whether the change that can be undone is still to come. */
  #expected = false;

  /**
   * @param {Store} store
   * @param {Session} session
   * @param {Address} address
   * @param {HTMLElement} after the element that the toast follows
   */
  constructor(store, session, address, after) {
    this.#session = session;
    this.#address = address;
    this.#toast = new Toast(after);
    store.watch(['pairs'], () => {
      if (!this.#expected) this.#toast.hide();
      this.#expected = false;
    });
  }

  /**
   * @param {string} words what happens
   * @param {() => unknown} act
   * @param {Element|null} opener has the focus afterwards
   */
  offer(words, act, opener) {
    const kept = this.#session.keep();
    const place = this.#address.here;
    const restore = () => this.#session.restore(kept);
    this.#address.step();
    this.#expected = true;
    const undo = () => this.#address.returnTo(place, restore);
    this.#toast.show(words, undo, opener instanceof HTMLElement ? opener : null);
    act();
  }
}
