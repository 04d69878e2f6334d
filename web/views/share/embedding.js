// The page as part of another one: a view with the line of what it simulates, and the way out.

import { ADDRESS_PARTS } from '../../address/page_state.js';
import { byId, element } from '../../ui/dom.js';
import { WHOLE_PAGE } from '../../words/share.js';
import { linkTo } from './links.js';

/** @import {Store} from '../../app/state.js' */

/** @param {Store} store */
export function createEmbedding(store) {
  const whole = element('a', { class: 'whole-page', href: './', target: '_blank', rel: 'noopener' }, WHOLE_PAGE);
  byId('toolbar').before(whole);
  // What leads out of a lesson needs more room than the frame has. The link is told before its own listeners are, which
  // otherwise follow it within the frame.
  const lead = (/** @type {MouseEvent} */ { target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (store.state.embed === '1' && link) Object.assign(link, { target: '_blank', rel: 'noopener' });
  };
  document.addEventListener('click', lead, { capture: true });
  const render = () => {
    const { state } = store;
    const embedded = state.embed === '1';
    if (embedded) document.body.dataset.embed = '1';
    else delete document.body.dataset.embed;
    whole.hidden = !embedded;
    // The page's name is only read aloud there.
    document.querySelector('.masthead h1 a')?.setAttribute('tabindex', embedded ? '-1' : '0');
    const { hide, lock } = state;
    if (embedded) whole.href = linkTo(state, lock === '1' ? { hide, lock: true } : {});
  };
  store.watch([...ADDRESS_PARTS], render);
  render();
}
