// Reading a moment: the numbers of an instance by name, and the cluster in words.

import { count, plural } from '../format.js';
import { clockText } from './clock.js';

/** @import {MomentView} from '../types.d.ts' */
/** @import {StateName} from '../palette.js' */

const WIDTH = 7;

/**
 * The numbers of an instance.
 * @param {MomentView} moment
 * @param {number} instance
 */
export function instanceAt({ instances }, instance) {
  const at = instance * WIDTH;
  const [waiting, prefill, decode, usedBlocks, inFlight, evictions, completed] = instances.subarray(at, at + WIDTH);
  return {
    waiting,
    prefill,
    decode,
    running: prefill + decode,
    usedBlocks,
    // The gateway's count includes what waits and runs; the rest is on its way.
    onTheWay: inFlight - waiting - prefill - decode,
    evictions,
    completed,
  };
}

/** @param {MomentView} moment */
export function instanceCount({ instances }) {
  return instances.length / WIDTH;
}

/**
 * Requests of the whole cluster by state.
 * @param {MomentView} moment
 * @returns {Record<StateName, number>}
 */
export function countsByState({ counts }) {
  return {
    future: counts[0],
    transit: counts[1] + counts[2] + counts[3],
    waiting: counts[4],
    preempted: counts[5],
    prefill: counts[6],
    decode: counts[7],
    done: counts[8],
    rejected: counts[9],
    'timed-out': counts[10],
    dropped: counts[11],
  };
}

/**
 * The cluster in one sentence, for those who hear it.
 * @param {MomentView} moment
 */
export function momentInWords(moment) {
  const { waiting, preempted, prefill, decode, done, rejected, 'timed-out': timedOut } = countsByState(moment);
  const lost = [
    [preempted, 'preempted'],
    [rejected, 'rejected'],
    [timedOut, 'timed out'],
  ].flatMap(([many, what]) => (Number(many) > 0 ? [`${count(Number(many))} ${what}`] : []));
  const parts = [`${count(waiting)} waiting`, `${count(prefill)} in prefill`, `${count(decode)} in decode`];
  return `At ${clockText(moment.timeUs)}: ${[...parts, `${count(done)} completed`, ...lost].join(', ')}.`;
}

/**
 * @param {MomentView} moment
 * @param {number} instance
 * @param {{limit: number, kvBlocks: number}} bounds
 */
export function instanceInWords(moment, instance, { limit, kvBlocks }) {
  const { waiting, prefill, decode, running, usedBlocks, evictions } = instanceAt(moment, instance);
  const parts = [
    `${count(waiting)} waiting`,
    `batch ${count(running)} of ${count(limit)} (${count(prefill)} prefill, ${count(decode)} decode)`,
    `KV cache ${percent(usedBlocks, kvBlocks)} full`,
  ];
  if (evictions > 0) parts.push(plural(evictions, 'preemption'));
  return `Instance ${instance}: ${parts.join(', ')}.`;
}

/**
 * @param {number} part
 * @param {number} whole
 */
export function percent(part, whole) {
  return whole > 0 ? `${Math.round((100 * part) / whole)} %` : '–';
}
