// The end of the dialog: a name for the requests, and the press that makes them the workload.

import { element } from '../../ui/dom.js';
import { TRAFFIC } from '../../words/traffic.js';
import { MAX_NAME } from './kept_part.js';
import { labelled } from './parts.js';

/** @import {Shown} from './reading.js' */

/**
 * @param {{onUse: (name: string, horizon: boolean) => unknown}} actions
 */
export function usePart({ onUse }) {
  const name = element('input', { id: 'traffic-name', class: 'text', maxlength: MAX_NAME, autocomplete: 'off' });
  const horizon = element('input', {
    type: 'checkbox',
    id: 'traffic-horizon',
    'aria-describedby': 'traffic-horizon-note',
  });
  const use = element('button', { type: 'submit', class: 'primary', id: 'traffic-use' }, TRAFFIC.use);
  const root = element(
    'form',
    { class: 'traffic-part traffic-use', 'aria-label': TRAFFIC.use, novalidate: true, hidden: true },
    labelled(TRAFFIC.name, name),
    element('label', { class: 'traffic-box', for: horizon.id }, horizon, TRAFFIC.horizon),
    element('p', { class: 'note', id: 'traffic-horizon-note' }, TRAFFIC.horizonNote),
    use,
  );
  let file = '';
  let under = false;
  root.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (under || use.getAttribute('aria-disabled') === 'true') return;
    under = true;
    try {
      await onUse(name.value.trim() || file, horizon.checked);
    } finally {
      under = false;
    }
  });
  return {
    root,
    /** Another file: its name is proposed. @param {string} proposed */
    begin(proposed) {
      file = proposed;
      name.value = proposed.slice(0, MAX_NAME);
      horizon.checked = false;
    },
    /** @param {Shown} shown */
    render({ cut, phase, old }) {
      root.hidden = cut === null;
      use.setAttribute('aria-disabled', String(phase !== 'read' || old));
    },
  };
}
