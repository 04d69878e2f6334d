// Goodput against the service level: how many of all requests are good as the limit of TTFT moves.

import { duration, number } from '../format.js';
import { shareUpTo } from './ttft.js';

/** @import {ChartSpec, Series} from '../charts/spec.js' */
/** @import {Details, Limits} from '../types.d.ts' */

/**
 * The limits beside TTFT in words; empty if there are none.
 * @param {Limits} limits
 */
export function furtherLimits({ itlMs, e2eMs }) {
  const parts = [];
  if (itlMs !== null) parts.push(`ITL within ${duration(itlMs)}`);
  if (e2eMs !== null) parts.push(`E2E within ${duration(e2eMs)}`);
  return parts.join(' and ');
}

/**
 * @param {Details} details
 * @returns {ChartSpec|null}
 */
export function goodputChart({ curves }) {
  const { ttftOnly, withLimits, limits } = curves.goodput;
  if (ttftOnly.ms.length === 0) return null;
  const further = furtherLimits(limits);
  const xs = [...new Set([...ttftOnly.ms, ...withLimits.ms])].filter((ms) => ms > 0).sort((a, b) => a - b);
  const column = (/** @type {typeof ttftOnly} */ curve) => xs.map((ms) => 100 * shareUpTo(curve, ms));
  /** @type {Series[]} */
  const series = [{ label: 'TTFT alone', values: column(ttftOnly), kind: 'line', colour: '--main' }];
  if (further !== '')
    series.push({ label: `and ${further}`, values: column(withLimits), kind: 'line', colour: '--warm', dash: [6, 4] });
  const target = limits.ttftMs;
  const curve = further === '' ? ttftOnly : withLimits;
  const good = target === null ? null : 100 * shareUpTo(curve, target);
  const most = 100 * curve.share[curve.share.length - 1] || 0;
  const rest = most < 99.95 ? ` No limit of TTFT brings more than ${number(most)} %.` : '';
  return {
    summary:
      good === null || target === null
        ? `All requests count, rejected and unfinished ones too.${rest}`
        : `Of all requests ${number(good)} % are good: TTFT within ${duration(target)}${further === '' ? '' : ` and ${further}`}.${rest}`,
    xName: 'Limit of TTFT',
    x: { label: 'limit of TTFT', format: (value) => `TTFT within ${duration(value)}`, tick: duration, log: true },
    y: { label: '% of all requests', format: (value) => `${number(value)} %`, log: 'never', zero: true, most: 100 },
    xs,
    series,
    markers:
      target === null || xs.length === 0
        ? []
        : [{ axis: 'x', at: target, label: `target ${duration(target)}`, colour: '--accent' }],
  };
}
