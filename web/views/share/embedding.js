// The page as part of another one: without settings, with the way out.

import { ADDRESS_PARTS } from '../../address/page_state.js';
import { byId, element } from '../../ui/dom.js';
import { linkTo } from './links.js';

/** @import {Store} from '../../app/state.js' */

/** @param {Store} store */
export function createEmbedding(store) {
  const whole = element(
    'a',
    { class: 'whole-page', href: './', target: '_blank', rel: 'noopener' },
    'Open the playground',
  );
  byId('toolbar').before(whole);
  // What leads out of a lesson needs more room than the frame has.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (store.state.embed === '1' && link) Object.assign(link, { target: '_blank', rel: 'noopener' });
  });
  const render = () => {
    const { state } = store;
    document.body.classList.toggle('embed', state.embed === '1');
    whole.hidden = state.embed !== '1';
    if (state.embed === '1') whole.href = linkTo(state, {});
  };
  store.watch([...ADDRESS_PARTS], render);
  render();
}
