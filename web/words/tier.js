// Words of the second tier of KV memory, in the CPU's: what it holds, what it brings back, and what that does not save.

import { count, duration, number, plural } from '../shared/format.js';

/** @import {Summary, TierFigures} from '../shared/types.d.ts' */

/** The first fact about it (docs/spec/kv-tiers.md): it contradicts what one expects of a tier. */
export const SAVES_NOTHING =
  'In BLIS a block that comes back saves no computation: the step computes all of its tokens all the same, and takes the transfer time in addition. In a real engine it replaces computation. So watch TTFT, not the hit rate.';

/** @param {number} us */
const time = (us) => duration(us / 1000);

export const TIER = {
  title: 'CPU tier',
  map: 'CPU tier in use',
  unit: '% of its blocks',
  caption: 'The CPU tier of each instance at the end of the run',
  heads: ['Instance', 'In use', 'Stored', 'Evicted', 'Brought back', 'Transfers', 'of the steps'],
  meanings: [
    '',
    'blocks in it, of its capacity',
    'blocks copied to it that were not there',
    'blocks removed from it to make room',
    'blocks brought back to the GPU',
    'time by which transfers made steps longer',
    'share of the time of all steps',
  ],
  region: 'CPU tier of each instance',
  time,
  /** @param {number} part @param {number} whole */
  share: (part, whole) => (whole > 0 ? `${number((100 * part) / whole)}%` : '–'),
};

/**
 * All tiers in a sentence.
 * @param {readonly TierFigures[]} tiers
 */
export function tiersWords(tiers) {
  const sum = (/** @type {keyof TierFigures} */ name) => tiers.reduce((all, tier) => all + Number(tier[name]), 0);
  const stores = sum('stores');
  const churn = stores > 0 ? `, ${number((100 * sum('evictions')) / stores)}% of them evicted again` : '';
  return `${plural(stores, 'block')} stored${churn}; ${count(sum('reloads'))} brought back, which made steps ${time(sum('transfer_us'))} longer in all.`;
}
