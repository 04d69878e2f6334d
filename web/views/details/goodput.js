// Goodput against the latency targets: how many of the requests are good as the target of TTFT moves.

import { targetsInWords } from '../../settings/targets.js';
import { count, duration, number } from '../../shared/format.js';

/** @import {ChartSpec, Series} from '../../charts/spec.js' */
/** @import {Details} from '../../shared/types.d.ts' */

/**
 * @param {Details} details
 * @returns {ChartSpec|null}
 */
export function goodputChart({ curves }) {
  const { ttft_ms: limits, ttft_alone: alone, with_others: others, arrivals, goodput, targets } = curves.goodput;
  const from = Math.max(
    limits.findIndex((ms) => ms > 0),
    0,
  );
  if (limits.length === 0) return null;
  const percent = (/** @type {number[]} */ shares) => shares.slice(from).map((share) => 100 * share);
  const further = others.some((share, i) => share !== alone[i]);
  /** @type {Series[]} */
  const series = [{ label: 'TTFT alone', values: percent(alone), kind: 'line', colour: '--main' }];
  if (further)
    series.push({
      label: 'with the other targets',
      values: percent(others),
      kind: 'line',
      colour: '--ink',
      dash: [6, 4],
    });
  const best = others[others.length - 1];
  const rest = best < 0.9995 ? ` No target of TTFT brings more than ${number(100 * best)}%.` : '';
  const words = targetsInWords(targets);
  const good = goodput
    ? `${number(100 * goodput.slo_attainment)}% of ${count(arrivals)} requests are good: ${words}.`
    : `No latency target is set. Of all ${count(arrivals)} requests, rejected and unfinished ones count, too.`;
  const marks = new Set(Object.values(targets).flatMap(({ ttft_ms: ms }) => (typeof ms === 'number' ? [ms] : [])));
  return {
    summary: `${good}${rest}`,
    xName: 'Target of TTFT',
    x: { label: 'target of TTFT', format: (value) => `TTFT within ${duration(value)}`, tick: duration, log: true },
    y: { label: '% of the requests', format: (value) => `${number(value)}%`, log: 'never', zero: true, max: 100 },
    xs: limits.slice(from),
    series,
    markers: [...marks].map((at) => ({ axis: 'x', at, label: `target ${duration(at)}`, colour: '--accent' })),
  };
}
