// How the router spread the requests.

import { count, number, plural } from '../../shared/format.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec} from '../../charts/spec.js' */

/** @param {Uint32Array} routed */
function summarise(routed) {
  const min = Math.min(...routed);
  const max = Math.max(...routed);
  const total = routed.reduce((sum, value) => sum + value, 0);
  if (routed.length === 1) return `The only instance gets all ${plural(total, 'request')}.`;
  if (min === max) return `Every instance gets ${plural(max, 'request')}.`;
  const share = total > 0 ? (max * routed.length) / total - 1 : 0;
  return `Between ${count(min)} and ${count(max)} requests; the busiest gets ${number(Math.round(share * 1000) / 10)}% more than an even share.`;
}

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function instancesChart({ run }) {
  if (run === null) return null;
  const routed = run.requestsPerInstance;
  const mean = routed.reduce((sum, value) => sum + value, 0) / routed.length;
  return {
    summary: summarise(routed),
    xName: 'Instance',
    x: { label: 'instance', format: (value) => `Instance ${value}`, tick: String, whole: true },
    y: { label: 'requests', format: count, log: 'never', zero: true, whole: true },
    xs: Array.from(routed, (_value, i) => i),
    series: [{ label: 'requests', values: Array.from(routed), kind: 'bars', colour: '--main' }],
    markers: routed.length > 1 ? [{ axis: 'y', at: mean, label: `even share ${number(mean)}`, colour: '--warm' }] : [],
  };
}
