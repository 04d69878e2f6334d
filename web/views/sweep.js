// TTFT p99 against the number of instances, with the spread over seeds.

import { duration, plural } from '../format.js';

/** @import {ChartSpec} from '../charts/spec.js' */
/** @import {State} from '../state.js' */
/** @import {Sweep, SweepPoint} from '../types.d.ts' */

/**
 * @param {Sweep} sweep
 * @param {SweepPoint} point
 */
function current(sweep, { bySeed }) {
  return bySeed.get(sweep.seed) ?? null;
}

/**
 * The spread is drawn where more than one seed is known.
 * @param {SweepPoint} point
 * @param {(...values: number[]) => number} extreme
 */
function spread({ bySeed }, extreme) {
  return bySeed.size > 1 ? extreme(...bySeed.values()) : null;
}

/**
 * @param {Sweep} sweep
 * @param {number} instances
 */
function summarise(sweep, instances) {
  const known = sweep.points.flatMap((point) => {
    const p99 = current(sweep, point);
    return p99 === null ? [] : [{ instances: point.instances, p99 }];
  });
  if (known.length < sweep.points.length) return `Computing: ${sweep.finished} of ${sweep.planned} runs done.`;
  const [first, last] = [known[0], known[known.length - 1]];
  const here = known.find((point) => point.instances === instances);
  const atHere = here ? ` ${duration(here.p99)} at the current ${instances}.` : '';
  // The smallest count from which on more instances bring less than a tenth.
  const knee = known.find(({ p99 }) => p99 <= last.p99 * 1.1);
  const flat = knee && knee.instances < last.instances ? ` From ${knee.instances} on, more bring less than 10 %.` : '';
  return `From ${duration(first.p99)} at ${plural(first.instances, 'instance')} to ${duration(last.p99)} at ${last.instances};${atHere}${flat}`;
}

/**
 * @param {Readonly<State>} state
 * @returns {ChartSpec|null}
 */
export function sweepChart({ sweep, config }) {
  if (sweep === null || config === null) return null;
  const instances = config.cluster.num_instances;
  const seeds = Math.max(...sweep.points.map(({ bySeed }) => bySeed.size), 1);
  const band = seeds > 1;
  return {
    summary: summarise(sweep, instances),
    xName: 'Instances',
    x: { label: 'instances', format: (value) => plural(value, 'instance'), tick: String, whole: true },
    y: { label: 'TTFT p99', format: duration, log: 'auto', zero: true },
    xs: sweep.points.map((point) => point.instances),
    series: [
      {
        label: 'p99',
        values: sweep.points.map((point) => current(sweep, point)),
        kind: 'line',
        colour: '--main',
        points: 'dot',
      },
      {
        label: 'lowest of the seeds',
        values: sweep.points.map((point) => spread(point, Math.min)),
        kind: 'edge',
        colour: '--main',
      },
      {
        label: 'highest of the seeds',
        values: sweep.points.map((point) => spread(point, Math.max)),
        kind: 'edge',
        colour: '--main',
      },
    ],
    bands: band ? [{ upper: 2, lower: 1, label: `lowest to highest of ${seeds} seeds`, colour: '--main' }] : [],
    markers: [{ axis: 'x', at: instances, label: `now: ${instances}`, colour: '--accent' }],
  };
}
