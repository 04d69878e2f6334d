// Words of the table of a moment.

import { count } from '../shared/format.js';

/** The table of all instances. */
export const TABLE = {
  label: 'State of every instance',
  /** @param {string} clock */
  caption: (clock) => `Every instance at ${clock}`,
  heads: [
    'Instance',
    'Waiting',
    'Prefill',
    'Decode',
    'Step budget',
    'Slots',
    'KV blocks',
    'KV full',
    'Waits for',
    'On the way',
    'Preemptions',
    'Completed',
  ],
  /** Another one where there is a second tier of KV memory. @param {string} clock */
  tierCaption: (clock) => `Its CPU tier at ${clock}`,
  tierHeads: ['Instance', 'CPU blocks', 'Stored in CPU', 'Evicted from CPU', 'Brought back', 'Transfers'],
  /** @param {number} part @param {number} whole */
  partOf: (part, whole) => `${count(part)} of ${count(whole)}`,
};
