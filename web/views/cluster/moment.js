// Reading a moment: the numbers of an instance by name, and the cluster in words.

import { count, plural } from '../../shared/format.js';
import { waitsInWords } from '../../shared/limits.js';
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
    stepTokens: instances.stepTokens[instance],
    limit: instances.limits[instance],
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
  };
}

/**
 * The cluster in one sentence, for screen readers.
 * @param {MomentView} moment
 */
export function momentInWords(moment) {
  const { waiting, preempted, prefill, decode, done, rejected, 'timed-out': timedOut } = countsByState(moment);
  const lost = [
    [preempted, 'preempted'],
    [rejected, 'rejected'],
    [timedOut, 'timed out'],
  ].flatMap(([amount, what]) => (Number(amount) > 0 ? [`${count(Number(amount))} ${what}`] : []));
  const parts = [`${count(waiting)} waiting`, `${count(prefill)} in prefill`, `${count(decode)} in decode`];
  return `At ${clockText(moment.timeUs)}: ${[...parts, `${count(done)} completed`, ...lost].join(', ')}.`;
}

/**
 * @param {MomentView} moment
 * @param {number} instance
 * @param {Omit<Bounds, 'fullest'>} bounds
 */
export function instanceInWords(moment, instance, { limit, kvBlocks, stepBudget }) {
  const numbers = instanceAt(moment, instance);
  const { waiting, prefill, decode, running, usedBlocks, evictions, stepTokens } = numbers;
  const parts = [
    `${count(waiting)} waiting`,
    `step budget ${count(stepTokens)} of ${count(stepBudget)} tokens`,
    `${count(running)} of ${count(limit)} slots (${count(prefill)} prefill, ${count(decode)} decode)`,
    `KV blocks ${percent(usedBlocks, kvBlocks)} full`,
  ];
  if (evictions > 0) parts.push(plural(evictions, 'preemption'));
  if (waiting > 0) parts.push(waitsInWords(numbers));
  return `Instance ${instance}: ${parts.join(', ')}.`;
}

/**
 * @param {number} part
 * @param {number} whole
 */
export function percent(part, whole) {
  return whole > 0 ? `${Math.round((100 * part) / whole)}%` : '–';
}
