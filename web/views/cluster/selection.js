// Where the keyboard is on the picture: on an instance, or on a request in it. And what the pointer is on.

import { gridFor, inside, marksOf, markUnder } from './marks.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {Layout} from './layout.js' */

/** @typedef {{instance: number, index: number|null}} Selection Index among waiting, then running requests. */

/**
 * The requests of an instance in the order in which the keyboard visits them.
 * @param {MomentView} moment
 * @param {number} instance
 */
export function requestsOf({ queues, batches }, instance) {
  return [...queues[instance], ...batches[instance]];
}

/**
 * Where a key leads, null if it has no meaning there.
 * @param {Selection} selection
 * @param {string} key
 * @param {{columns: number, instances: number, requests: number}} counts
 * @returns {Selection|null}
 */
export function afterKey({ instance, index }, key, { columns, instances, requests }) {
  if (index !== null) {
    const last = requests - 1;
    const steps = { ArrowRight: index + 1, ArrowDown: index + 1, ArrowLeft: index - 1, ArrowUp: index - 1 };
    const next = { ...steps, Home: 0, End: last, PageDown: index + 10, PageUp: index - 10 }[key];
    if (key === 'Escape' || last < 0) return { instance, index: null };
    return next === undefined ? null : { instance, index: Math.min(Math.max(next, 0), last) };
  }
  if (key === 'Enter' && requests > 0) return { instance, index: 0 };
  const next = {
    ArrowRight: instance + 1,
    ArrowLeft: instance - 1,
    ArrowDown: instance + columns,
    ArrowUp: instance - columns,
  }[key];
  if (next === undefined) return null;
  return next >= 0 && next < instances ? { instance: next, index: null } : { instance, index: null };
}

/**
 * What is under the pointer, null if it is no instance.
 * @param {Layout} layout
 * @param {MomentView} moment
 * @param {{x: number, y: number}} point
 * @returns {Selection|null}
 */
export function under(layout, moment, point) {
  const instance = layout.cards.findIndex(({ box }) => inside(box, point.x, point.y));
  if (instance < 0 || instance >= moment.instanceCount) return null;
  const { queue, batch } = layout.cards[instance];
  const marks = marksOf(layout, moment);
  const waiting = moment.queues[instance].length;
  const queued = markUnder(queue, gridFor(queue, marks.waiting), waiting, point, true);
  if (queued >= 0) return { instance, index: queued };
  const grid = gridFor(batch, marks.running);
  const member = marks.areas ? -1 : markUnder(batch, grid, moment.batches[instance].length, point, false);
  return { instance, index: member >= 0 ? waiting + member : null };
}
