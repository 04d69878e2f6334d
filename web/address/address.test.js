import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../app/state.js';
import { Address } from './address.js';

/** @import {Pair} from '../shared/types.d.ts' */

/** A browser's history in a few lines: entries, where one is in them, and the events of moving. */
class FakeBrowser {
  /** @type {{state: any, hash: string}[]} */
  entries = [{ state: null, hash: '' }];

  at = 0;

  /** @type {Record<string, (event: any) => void>} */
  listeners = {};

  refusals = 0;

  history = /** @type {any} */ ({
    back: () => this.go(-1),
    replaceState: (/** @type {any} */ state, /** @type {string} */ _title, /** @type {string} */ url) => {
      this.entries[this.at] = { state, hash: hashOf(url) };
    },
    pushState: (/** @type {any} */ state, /** @type {string} */ _title, /** @type {string} */ url) => {
      if (this.refusals > 0) {
        this.refusals -= 1;
        throw new Error('SecurityError');
      }
      this.entries.splice(this.at + 1, Infinity, { state, hash: hashOf(url) });
      this.at += 1;
    },
  });

  location = /** @type {any} */ (
    Object.defineProperties(
      {},
      {
        hash: { get: () => this.entries[this.at].hash },
        href: { get: () => `http://x/${this.entries[this.at].hash}` },
      },
    )
  );

  /**
   * @param {string} name
   * @param {(event: any) => void} listener
   */
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  /** @param {number} steps */
  go(steps) {
    const before = this.entries[this.at].hash;
    this.at += steps;
    this.#tell(before);
  }

  /** @param {string} hash as by a link */
  follow(hash) {
    const before = this.entries[this.at].hash;
    this.entries.splice(this.at + 1, Infinity, { state: null, hash });
    this.at += 1;
    this.#tell(before);
  }

  /** @param {string} before */
  #tell(before) {
    const { state, hash } = this.entries[this.at];
    this.listeners.popstate({ state });
    if (hash !== before) this.listeners.hashchange({ newURL: `http://x/${hash}` });
  }
}

/** @param {string} url */
const hashOf = (url) => new URL(url, 'http://x/').hash;

/** Settings are taken over at once, as if the engine had accepted them. */
function page() {
  const store = new Store();
  const browser = new FakeBrowser();
  /** @type {string[]} */
  const opened = [];
  const accept = (/** @type {Pair[]} */ pairs, importedName = '') =>
    store.change({ config: /** @type {any} */ ({}), pairs, importedName });
  const session = {
    open: (/** @type {{pairs: Pair[]}} */ { pairs }, /** @type {string|undefined} */ importedName) => {
      opened.push(pairs.map((pair) => pair.join('=')).join(' '));
      accept(pairs, importedName);
    },
    startOver: () => opened.push('opening'),
    isSettled: true,
  };
  const address = new Address(store, session, /** @type {any} */ (browser));
  address.start();
  accept([['instances', '4']]);
  return { store, browser, address, accept, opened };
}

test('a view is a place: Back leads to the one before, without another run', () => {
  const { store, browser, opened } = page();
  store.change({ tab: 'details' });
  assert.deepEqual(
    browser.entries.map(({ hash }) => hash),
    ['#v=2&instances=4', '#v=2&instances=4&tab=details'],
  );
  browser.go(-1);
  assert.equal(store.state.tab, '');
  browser.go(1);
  assert.equal(store.state.tab, 'details');
  assert.deepEqual(opened, []);
});

test('a request that is selected, or let go, is a place: Back leads to it and not out of the page', () => {
  const { store, browser } = page();
  store.change({ request: 7 });
  store.change({ request: 9, at: 1000 });
  store.change({ at: 2000 });
  store.change({ request: null, at: null });
  assert.deepEqual(
    browser.entries.map(({ hash }) => hash),
    ['', '&request=7', '&request=9', ''].map((end) => `#v=2&instances=4${end}`),
  );
  browser.go(-1);
  assert.equal(store.state.request, 9);
  browser.go(-2);
  assert.equal(store.state.request, null);
});

test('a request that is inspected in another view is one place', () => {
  const { store, browser } = page();
  store.change({ request: 7, tab: 'cluster' });
  assert.equal(browser.entries.length, 2);
});

test('a step in the settings is a place, what is typed after it is not', () => {
  const { browser, address, accept, opened } = page();
  address.step();
  accept([['instances', '12']]);
  accept([['instances', '13']]);
  address.stay();
  accept([['instances', '14']]);
  assert.equal(browser.entries.length, 2);
  browser.go(-1);
  assert.deepEqual(opened, ['instances=4']);
});

test('a step that changes nothing is no place', () => {
  const { browser, address, accept } = page();
  address.step();
  accept([['instances', '4']]);
  address.step();
  accept([['instances', '4']]);
  assert.equal(browser.entries.length, 1);
});

test('Back and Forward bring back a list of requests that no address can hold, with its name', () => {
  const { store, browser, address, accept, opened } = page();
  const long = (/** @type {string} */ mark) => /** @type {Pair[]} */ ([['requests', mark.repeat(5000)]]);
  address.step();
  accept(long('a'), 'a.csv');
  address.step();
  accept(long('b'), 'b.csv');
  assert.equal(browser.entries.length, 3, 'two lists differ although their addresses are the same');
  browser.go(-1);
  assert.equal(store.state.pairs[0][1], 'a'.repeat(5000));
  assert.equal(store.state.importedName, 'a.csv');
  browser.go(-1);
  assert.deepEqual(store.state.pairs, [['instances', '4']]);
  browser.go(2);
  assert.equal(store.state.importedName, 'b.csv');
  assert.equal(opened.length, 3);
});

test('a link that is followed is a place of its own, and Back leads to what was before it', () => {
  const { store, browser, opened } = page();
  store.change({ tab: 'lessons', lesson: 'one' });
  browser.follow('#v=2&instances=8');
  assert.deepEqual([store.state.tab, opened.at(-1)], ['', 'instances=8']);
  browser.go(-1);
  assert.deepEqual([store.state.tab, store.state.lesson, opened.at(-1)], ['lessons', 'one', 'instances=4']);
});

test('passing along the tabs makes one place', () => {
  const { store, browser, address } = page();
  store.change({ tab: 'cluster' });
  address.within(() => store.change({ tab: 'details' }));
  address.within(() => store.change({ tab: 'compare' }));
  assert.equal(browser.entries.length, 2);
  browser.go(-1);
  assert.equal(store.state.tab, '');
});

test('what is undone leads back to the place before it, and Back from there further back', () => {
  const { browser, address, accept, opened } = page();
  address.step();
  accept([['instances', '8']]);
  const { here } = address;
  address.step();
  accept([['instances', '12']]);
  address.returnTo(here, () => opened.push('restored'));
  assert.equal(browser.at, 1);
  browser.go(-1);
  assert.deepEqual(opened, ['restored', 'instances=4']);
});

test('what has become no place of its own is undone where one is', () => {
  const { browser, address, opened } = page();
  address.step();
  address.returnTo(address.here, () => opened.push('restored'));
  assert.deepEqual([browser.at, opened], [0, ['restored']]);
});

test('an entry of an earlier load of the page is read from its address', () => {
  const { browser, opened } = page();
  browser.entries.unshift({ state: { entry: 7 }, hash: '#v=2&instances=2' });
  browser.at += 1;
  browser.go(-1);
  assert.deepEqual(opened, ['instances=2']);
});

test('a browser that refuses another entry does not stop the page', () => {
  const { store, browser } = page();
  browser.refusals = 1;
  store.change({ tab: 'details' });
  store.change({ tab: 'plan' });
  assert.equal(browser.entries.at(-1)?.hash, '#v=2&instances=4&tab=plan');
});
