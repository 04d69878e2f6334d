// How the router spread the requests.

import { count, number } from '../../shared/format.js';
import {
  evenShare,
  evenSpread,
  INSTANCE,
  INSTANCE_AXIS,
  instanceName,
  onlyInstance,
  REQUESTS,
  unevenSpread,
} from '../../words/overview_charts.js';
import { ghostOf } from './ghost.js';

/** @import {State} from '../../app/state.js' */
/** @import {ChartSpec} from '../../charts/spec.js' */

/** @param {Uint32Array} routed */
function summarise(routed) {
  const min = Math.min(...routed);
  const max = Math.max(...routed);
  const total = routed.reduce((sum, value) => sum + value, 0);
  if (routed.length === 1) return onlyInstance(total);
  if (min === max) return evenSpread(max);
  const share = total > 0 ? (max * routed.length) / total - 1 : 0;
  return unevenSpread(min, max, Math.round(share * 1000) / 10);
}

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function instancesChart(state) {
  const { run } = state;
  if (run === null) return null;
  const ghost = ghostOf(state);
  const routed = run.requestsPerInstance;
  const mean = routed.reduce((sum, value) => sum + value, 0) / routed.length;
  const before = ghost?.run.requestsPerInstance ?? [];
  const xs = Array.from({ length: Math.max(routed.length, before.length) }, (_unused, i) => i);
  const column = (/** @type {ArrayLike<number>} */ values) => xs.map((i) => values[i] ?? null);
  return {
    summary: summarise(routed),
    xName: INSTANCE,
    x: { label: INSTANCE_AXIS, format: instanceName, tick: String, whole: true },
    y: { label: REQUESTS, format: count, log: 'never', zero: true, whole: true },
    xs,
    series: [
      { label: REQUESTS, values: column(routed), kind: 'bars', colour: '--main' },
      ...(ghost
        ? [{ label: ghost.words, values: column(before), kind: /** @type {const} */ ('outline'), colour: '--muted' }]
        : []),
    ],
    markers: routed.length > 1 ? [{ axis: 'y', at: mean, label: evenShare(number(mean)), colour: '--ink' }] : [],
  };
}
