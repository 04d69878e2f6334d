// What the headline says of conversations and of a second tier of KV memory; their other words come with the views that need them.

import { brokenOff, hitRateOf } from '../shared/metrics.js';
import { count, duration, number, plural } from '../shared/format.js';

/** @import {Summary} from '../shared/types.d.ts' */

/**
 * What became of the conversations, in a sentence for the headline; empty without any.
 * @param {Summary} summary
 */
export function conversationLine(summary) {
  const { conversations } = summary;
  if (!conversations) return '';
  const { metrics, follow_ups: later, moved } = conversations;
  const broken = brokenOff(summary);
  const hits = hitRateOf(summary);
  const parts = [
    ...(metrics.duration.count > 0 ? [`${duration(metrics.duration.mean_ms)} each on average`] : []),
    ...(broken > 0 ? [`${count(broken)} broken off`] : []),
    ...(later > 0
      ? [`${number((100 * moved) / later)}% of the later turns on another instance than the one before`]
      : []),
    ...(Number.isFinite(hits) ? [`${number(hits)}% of the prompts’ tokens from the cache`] : []),
  ];
  return `${plural(metrics.sessions, 'conversation')}: ${parts.join(', ')}.`;
}

/**
 * The warning that requests ran in a circle; empty if none did.
 * @param {Summary} summary
 */
export function circlingWords({ tiers }) {
  const many = tiers?.circling ?? 0;
  if (many === 0) return '';
  return `Livelock: ${plural(many, 'request')} ${many === 1 ? 'was' : 'were'} evicted and admitted again fifty times or more, because a waiting request holds blocks that came back from the CPU tier. That lasts until another request leaves; these latencies say nothing about the cluster.`;
}
