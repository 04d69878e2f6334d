// The four places of the page: which one is shown, and the links that lead from one to another.

import { formatHash } from '../address/url.js';
import { ADDRESS_PARTS, pagePairs } from '../address/page_state.js';
import { placeOf } from '../shared/places.js';
import { byId } from '../ui/dom.js';

/** @import {Place} from '../shared/places.js' */
/** @import {State, Store} from './state.js' */

/** A press that asks the browser for more than to follow the link here. @param {MouseEvent} event */
const isPlain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

/**
 * @param {HTMLElement} root
 * @returns {HTMLAnchorElement[]}
 */
const linksIn = (root) => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (root.querySelectorAll('a[data-place]'))];

/**
 * Follows a link to another view or lesson of this page by the state: the address is written once, and nothing is read anew.
 * @param {HTMLAnchorElement} link
 * @param {() => void} go
 */
export function followWithin(link, go) {
  link.addEventListener('click', (event) => {
    if (!isPlain(event) || link.target !== '') return;
    event.preventDefault();
    go();
  });
}

/**
 * Shows the place of the state, and keeps the links to the others up to date.
 * @param {Store} store
 */
export function createPlaces(store) {
  const content = byId('content');
  const links = linksIn(document.body);
  /** The view in which each place was left. @type {Record<string, string>} */
  const views = { story: 'story', lessons: 'lessons', plan: 'plan', explore: '' };
  for (const link of links) followWithin(link, () => store.change({ tab: views[link.dataset.place ?? ''] }));

  byId('skip').addEventListener('click', (event) => {
    // The address is the experiment's: it does not change to that of a part of the page.
    event.preventDefault();
    content.focus();
  });

  const showPlace = (/** @type {Readonly<State>} */ { tab }) => {
    const place = placeOf(tab);
    const before = document.documentElement.dataset.place;
    views[place] = tab;
    document.body.dataset.tab = tab;
    document.documentElement.dataset.place = place;
    for (const link of links)
      if (link.dataset.place === place) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    if (place === before) return;
    scrollTo(0, 0);
    // What had the focus may have gone with its place.
    const { activeElement } = document;
    if (activeElement !== document.body && activeElement?.getClientRects().length === 0)
      content.focus({ preventScroll: true });
  };
  const address = (/** @type {Readonly<State>} */ state) => {
    // Out of a frame they lead to the whole page.
    const whole = state.embed === '1' ? { embed: '', ...(state.lock === '1' ? {} : { hide: '' }) } : {};
    for (const link of links) {
      const tab = views[link.dataset.place ?? ''];
      link.href = formatHash(state.pairs, pagePairs({ ...state, ...whole, tab }));
    }
  };
  store.follow(['tab'], showPlace);
  store.watch(ADDRESS_PARTS, (state) => {
    if (state.config !== null) address(state);
  });
}
