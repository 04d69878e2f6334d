// Why a setting that was looked for by name has no control at the moment.

import {
  NEEDS,
  fromFileWords,
  hiddenByLinkWords,
  moreWithoutControlWords,
  notHereWords,
  withoutEffectWords,
} from '../words/settings.js';
import { textOf } from './settings.js';
import { valueWords } from './words.js';

/** @import {Setting} from '../shared/types.d.ts' */

/** At most so many are told one by one. */
const MOST_TOLD = 3;

/**
 * What it takes for a setting to have an effect; null if nothing is known to be missing.
 * @param {Setting} setting
 * @param {Map<string, string>} accepted
 * @param {Setting[]} schema
 */
function needOf({ applies_when: conditions }, accepted, schema) {
  for (const { path, test, values } of conditions) {
    const other = schema.find((each) => each.path === path);
    if (!other) continue;
    const texts = values.map((value) => (value === null ? '' : String(value)));
    const holds = texts.includes(textOf(other, accepted)) === (test === 'is');
    if (holds) continue;
    if (other.kind.type === 'document') return NEEDS.own;
    if (texts[0] === '') return NEEDS.empty(other.label);
    return (test === 'is' ? NEEDS.is : NEEDS.isNot)(other.label, valueWords(other, texts[0]));
  }
  return null;
}

/**
 * @param {Setting} setting
 * @param {{accepted: Map<string, string>, hidden: Set<string>, schema: Setting[]}} state
 */
function missingWords(setting, { accepted, hidden, schema }) {
  const { label, kind, key, in_page: inPage } = setting;
  if (kind.type === 'document') return fromFileWords(label);
  if (!inPage) return notHereWords(label);
  if (hidden.has(key)) return hiddenByLinkWords(label);
  const need = needOf(setting, accepted, schema);
  return need === null ? null : withoutEffectWords(label, need);
}

/**
 * Sentences about settings that were meant and are not shown.
 * @param {Setting[]} settings
 * @param {{accepted: Map<string, string>, hidden: Set<string>, schema: Setting[]}} state
 * @returns {string[]}
 */
export function missingRemarks(settings, state) {
  const told = settings.flatMap((setting) => missingWords(setting, state) ?? []);
  const rest = told.length - MOST_TOLD;
  return rest > 0 ? [...told.slice(0, MOST_TOLD), moreWithoutControlWords(rest)] : told;
}
