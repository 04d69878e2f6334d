// Addresses to give away: the experiment, the experiment with controls hidden, the experiment inside another page.

import { pagePairs } from '../../address/page_state.js';
import { formatHash } from '../../address/url.js';
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
  return page.split('#')[0] + formatHash(state.pairs, [...pairs]);
}

/**
 * Markup for another page.
 * @param {string} link
 */
export function embedSnippet(link) {
  const address = link.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<iframe src="${address}" title="${SHARE.title}" width="100%" height="640" loading="lazy"></iframe>`;
}
