// Undoes an action that has discarded settings, until something else changes them.

import { Toast } from '../ui/toast.js';

/** @import {Address} from '../address/address.js' */
/** @import {Session} from './session.js' */
/** @import {Store} from './state.js' */

export class Undo {
  #session;

  #address;

  #toast = new Toast();

  #home;

  /** Whether the change that can be undone is still to come. */
  #expected = false;

  /**
   * @param {Store} store
   * @param {Session} session
   * @param {Address} address
   * @param {HTMLElement} home what the toast follows, unless a place is given
   */
  constructor(store, session, address, home) {
    this.#session = session;
    this.#address = address;
    this.#home = home;
    this.#toast.follow(home);
    store.watch(['pairs'], () => {
      if (!this.#expected) this.#toast.hide();
      this.#expected = false;
    });
  }

  /**
   * @param {string} words what happens
   * @param {() => unknown} act
   * @param {Element|null} opener has the focus afterwards
   * @param {HTMLElement} [after] after which the way back is the next stop of the keyboard
   */
  offer(words, act, opener, after = this.#home) {
    const kept = this.#session.keep();
    const place = this.#address.here;
    const restore = () => this.#session.restore(kept);
    this.#address.step();
    this.#expected = true;
    const undo = () => this.#address.returnTo(place, restore);
    this.#toast.follow(after);
    this.#toast.show(words, undo, opener instanceof HTMLElement ? opener : null);
    act();
  }
}
