// Where each setting of the form stands: four at first, the rest in sections that are folded.

import { openingPairs } from '../address/opening.js';
import { SECTION_TITLES } from '../words/sections.js';

/** @import {Setting} from '../shared/types.d.ts' */

/** @typedef {keyof typeof SECTION_TITLES} SectionName */

/** What is there at first, in this order; the scorers only with the policy that has some. */
const FIRST = ['cluster.num_instances', 'workload.rate', 'model.name', 'routing.policy', 'routing.scorers'];

/** What leads its section: it limits most clusters. */
const LEADING = ['instance.max_num_running_reqs', 'instance.max_num_scheduled_tokens'];

/** The sections, in the order of the page. */
export const SECTIONS = /** @type {SectionName[]} */ (Object.keys(SECTION_TITLES));

/** The section of a group of the engine's table. @type {Record<Setting['group'], SectionName>} */
const SECTION_OF_GROUP = {
  cluster: 'traffic',
  workload: 'traffic',
  model: 'model',
  routing: 'gateway',
  admission: 'gateway',
  instance: 'instance',
  memory: 'instance',
  targets: 'targets',
  trace: 'targets',
};

/** Settings of the workload that say how long its requests are. */
const LENGTHS = /^workload\.(kind$|prefix_|prompt_|output_)/;

/** @param {Pick<Setting, 'path'|'group'>} setting */
export function placeOf({ path, group }) {
  if (FIRST.includes(path)) return 'first';
  return LENGTHS.test(path) ? 'lengths' : SECTION_OF_GROUP[group];
}

/**
 * The settings of a place in the order in which they stand there: what is changed often comes first.
 * @template {{setting: Setting}} Entry
 * @param {Entry[]} entries in the order of the engine's table
 * @param {SectionName|'first'} place
 * @returns {Entry[]}
 */
export function entriesOf(entries, place) {
  const here = entries.filter(({ setting }) => placeOf(setting) === place);
  const rank = (/** @type {Entry} */ { setting }) =>
    place === 'first' ? FIRST.indexOf(setting.path) : Number(setting.advanced) - Number(LEADING.includes(setting.path));
  return here.sort((left, right) => rank(left) - rank(right));
}

const OPENING = new Map(openingPairs());

/**
 * Whether somebody has changed a setting: it has neither its default nor the value that the page opens with.
 * @param {Pick<Setting, 'key'|'default_text'>} setting
 * @param {string} text
 */
export function isChanged({ key, default_text: usual }, text) {
  return text !== usual && text !== OPENING.get(key);
}
