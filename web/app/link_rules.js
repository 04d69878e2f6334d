// What a link asks of the page: to hide parts of it, and to leave the settings as they are.

import { parseHash } from '../address/url.js';
import { hiddenParts } from '../settings/hidden.js';
import { byId, element, setWords } from '../ui/dom.js';
import { hiddenPartsWords, LOCKED, SHOW_PARTS } from '../words/page.js';

/** @import {Store} from './state.js' */

/** @param {Store} store */
export function followLinkRules(store) {
  const words = element('span', {});
  const show = element('button', { type: 'button', class: 'quiet' }, SHOW_PARTS);
  const line = element('p', { class: 'link-notice', role: 'note' });
  byId('content').prepend(line);
  show.addEventListener('click', () => {
    store.change({ hide: '' });
    byId('content').focus({ preventScroll: true });
  });
  store.follow(['hide', 'lock'], ({ hide, lock }) => {
    const locked = lock === '1';
    const parts = hiddenParts(hide);
    const { dataset } = document.documentElement;
    // Without points, which classes have in style sheets.
    dataset.hides = parts.join(' ').replaceAll('.', '-');
    if (locked) dataset.lock = '1';
    else delete dataset.lock;
    const said = [parts.length > 0 ? hiddenPartsWords(parts.length) : '', locked ? LOCKED : ''].filter(Boolean);
    setWords(words, said.join(' '));
    line.replaceChildren(...(said.length > 0 ? [words] : []), ...(said.length > 0 && !locked ? [show] : []));
  });
  // A link of the page to other settings, such as those of a lesson's run, leads nowhere while this one is locked.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (store.state.lock !== '1' || event.defaultPrevented || !link?.getAttribute('href')?.startsWith('#')) return;
    if ((parseHash(link.hash)?.pairs.length ?? 0) > 0) event.preventDefault();
  });
}
