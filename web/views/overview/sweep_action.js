// The button behind the sentence of the sweep: it stops what is computed, and computes what is not computed by itself.

import { timeWords } from '../../shared/costs.js';
import { ActionButton } from '../../ui/action.js';
import { COMPUTE_REST, computeSweep, STOP } from '../../words/overview_charts.js';

/** @import {Session} from '../../app/session.js' */
/** @import {Store} from '../../app/state.js' */
/** @import {Chart} from '../../charts/chart.js' */
/** @import {Sweep} from '../../shared/types.d.ts' */

/**
 * What the button offers; empty for nothing.
 * @param {Pick<Sweep, 'status'|'seconds'>|null} sweep
 */
export function sweepOffer(sweep) {
  switch (sweep?.status) {
    case 'running':
      return STOP;
    case 'offered':
      return computeSweep(timeWords(sweep.seconds));
    case 'stopped':
      return COMPUTE_REST;
    default:
      return '';
  }
}

/**
 * @param {Chart} chart
 * @param {Store} store
 * @param {Session} session
 */
export function createSweepAction(chart, store, session) {
  const button = new ActionButton('sweep-action', () => {
    if (store.state.sweep?.status === 'running') session.stopSweep();
    else session.resumeSweep();
  });
  chart.summary.after(' ', button.root);
  store.follow(['sweep'], ({ sweep }) => button.show(sweepOffer(sweep), { soon: sweep?.status === 'running' }));
}
