// The page as part of another one, or with controls hidden by the link: a notice, with the way out.

import { hiddenKeys } from '../../settings/hidden.js';
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
  const words = element('span', {});
  const showAll = element('button', { type: 'button', class: 'quiet' }, 'Show them');
  showAll.addEventListener('click', () => store.change({ hide: '' }));
  const hidden = element('p', { class: 'hidden-controls' }, words, showAll);
  byId('form').before(hidden);
  const render = () => {
    const { state } = store;
    document.body.classList.toggle('embed', state.embed === '1');
    whole.hidden = state.embed !== '1';
    if (state.embed === '1') whole.href = linkTo(state, {});
    const keys = hiddenKeys(state.hide);
    const count = (state.description?.schema ?? []).filter(({ key }) => keys.has(key)).length;
    hidden.hidden = count === 0;
    words.textContent = count === 1 ? 'This link hides one setting. ' : `This link hides ${count} settings. `;
  };
  store.watch(['embed', 'hide', 'pairs', 'description', 'tab'], render);
  render();
}
