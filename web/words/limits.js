// Why requests wait in front of an instance: the limits by name, and in words.

import { count, duration, number, plural } from '../shared/format.js';

/** @import {Limit, Wait} from '#engine' */

/** What is true while requests wait for it, and what it is. @type {Record<Limit, {name: string, full: string, meaning: string}>} */
export const LIMITS = {
  step_budget: {
    name: 'step budget',
    full: 'prompt reading is full',
    meaning: 'the token budget of a step is used up: prompts are read as fast as steps allow',
  },
  slots: {
    name: 'slots',
    full: 'slots are full',
    meaning: 'as many requests run as may: one has to finish first',
  },
  kv_blocks: {
    name: 'KV blocks',
    full: 'KV blocks are full',
    meaning: 'the KV cache has no room for the next prompt',
  },
  step_under_way: {
    name: 'step under way',
    full: 'for the end of the step',
    meaning: 'they came during a step and join the next one',
  },
};

/**
 * The line under an instance.
 * @param {{waiting: number, limit: Limit|null}} numbers
 */
export function waitsInWords({ waiting, limit }) {
  // Requests that waited may have given up.
  return waiting === 0 || limit === null ? 'nothing waits' : `waits: ${LIMITS[limit].full}`;
}

/**
 * How the queue moved while a request stood in it.
 * @param {Wait} wait
 * @param {Limit} limit for which it waited longest
 * @param {number} slots
 */
function progress({ steps, admissions }, limit, slots) {
  if (limit === 'step_under_way') return 'it waited for the step under way to end';
  if (limit === 'step_budget' && steps > 0) {
    const read = number(Number((admissions / steps).toPrecision(2)));
    return `each step read about ${read} ${read === '1' ? 'prompt' : 'prompts'}`;
  }
  const joined = `${plural(admissions, 'request')} joined the batch in ${plural(steps, 'step')}`;
  const full = limit === 'slots' ? `all ${count(slots)} slots were taken` : LIMITS[limit].full.replace('are', 'were');
  return `${full}: ${joined}`;
}

/**
 * Why a request waited, as one sentence.
 * @param {Wait} wait
 * @param {number} slots
 */
export function waitInWords(wait, slots) {
  const { before, times_us: times, from_us: from, to_us: to = null, admitted } = wait;
  const ahead = before === 0 ? 'No request was' : before === 1 ? '1 request was' : `${plural(before, 'request')} were`;
  const parts = /** @type {[Limit, number][]} */ (Object.entries(times))
    .filter(([, us]) => us > 0)
    .sort(([, a], [, b]) => b - a);
  if (parts.length === 0) return `${ahead} ahead of it; it joined the next batch at once.`;
  const whole = parts.reduce((sum, [, us]) => sum + us, 0);
  const words = parts.map(([name, us]) => `${number((100 * us) / whole)}% ${LIMITS[name].name}`);
  const end = to === null ? 'when the run ended, so far' : admitted ? '' : 'until it gave up';
  const length = `It waited ${duration((to === null ? whole : to - from) / 1000)}${end ? ` ${end}` : ''}`;
  const split = parts.length > 1 ? `: ${words.join(', ')}` : '';
  return `${ahead} ahead of it; ${progress(wait, parts[0][0], slots)}. ${length}${split}.`;
}
