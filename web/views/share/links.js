// Addresses to give away: the experiment, the experiment with controls hidden, the experiment inside another page.

import { pagePairs } from '../../address/page_state.js';
import { formatHash, shareable } from '../../address/url.js';
import { SHARE } from '../../words/share.js';

/** @import {State} from '../../app/state.js' */

/**
 * @param {Readonly<State>} state
 * @param {{hide?: string, lock?: boolean, embed?: boolean}} options
 * @param {string} page address of the page; a hash is cut off
 */
export function linkTo(state, { hide = '', lock = false, embed = false } = {}, page = location.href) {
  const pairs = new Map(pagePairs(state));
  pairs.set('hide', hide);
  pairs.set('lock', lock ? '1' : '');
  pairs.set('embed', embed ? '1' : '');
  // What only this browser keeps is of no use to others.
  const { pairs: settings, page: left } = shareable(state.pairs);
  return page.split('#')[0] + formatHash(settings, [...pairs, ...left]);
}

/**
 * Markup for another page.
 * @param {string} link
 */
export function embedSnippet(link) {
  const address = link.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<iframe src="${address}" title="${SHARE.title}" width="100%" height="640" loading="lazy"></iframe>`;
}
