// Reading a moment: the numbers of an instance by name, and the cluster in words.

import { waitsInWords } from '../../words/limits.js';
import { instanceWords, momentWords } from '../../words/cluster.js';
import { clockText } from './clock.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {StateName} from '../../ui/palette.js' */

/**
 * What an instance has of everything.
 * @typedef {object} Bounds
 * @property {number} limit slots of the batch
 * @property {number} kvBlocks
 * @property {number} stepBudget tokens of a step
 * @property {number} fullest most requests that an instance holds at any time of the run
 */

/**
 * The numbers of an instance.
 * @param {MomentView} moment
 * @param {number} instance
 */
export function instanceAt({ instances }, instance) {
  const [waiting, prefill, decode] = [
    instances.waiting[instance],
    instances.prefill[instance],
    instances.decode[instance],
  ];
  return {
    waiting,
    prefill,
    decode,
    running: prefill + decode,
    // The gateway's count includes what waits and runs; the rest is on its way.
    onTheWay: instances.inFlight[instance] - waiting - prefill - decode,
    usedBlocks: instances.usedBlocks[instance],
    evictions: instances.evictions[instance],
    completed: instances.completed[instance],
    lost: instances.lost[instance],
    stopped: instances.routable[instance] === 0,
    stepTokens: instances.stepTokens[instance],
    limit: instances.limits[instance],
    tier: instances.tiers[instance] ?? null,
  };
}

/**
 * Requests of the whole cluster by state.
 * @param {MomentView} moment
 * @returns {Record<StateName, number>}
 */
export function countsByState({ counts }) {
  return {
    future: counts.future,
    transit: counts.admission + counts.routing + counts.delivery,
    waiting: counts.waiting,
    preempted: counts.evicted,
    prefill: counts.prefill,
    decode: counts.decode,
    done: counts.completed,
    rejected: counts.rejected,
    'timed-out': counts.timed_out,
    dropped: counts.dropped,
    lost: counts.lost,
  };
}

/**
 * The cluster in one sentence, for screen readers.
 * @param {MomentView} moment
 */
export function momentInWords(moment) {
  const { 'timed-out': timedOut, ...counts } = countsByState(moment);
  return momentWords(clockText(moment.timeUs), { ...counts, timedOut });
}

/**
 * @param {MomentView} moment
 * @param {number} instance
 * @param {Omit<Bounds, 'fullest'>} bounds
 */
export function instanceInWords(moment, instance, { limit, kvBlocks, stepBudget }) {
  const numbers = instanceAt(moment, instance);
  const waits = numbers.waiting > 0 ? waitsInWords(numbers) : '';
  const kvShare = percent(numbers.usedBlocks, kvBlocks);
  return instanceWords(instance, { ...numbers, stepBudget, limit, kvShare, waits });
}

/**
 * @param {number} part
 * @param {number} whole
 */
export function percent(part, whole) {
  return whole > 0 ? `${Math.round((100 * part) / whole)}%` : '–';
}
