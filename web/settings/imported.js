// What a workload is called that was brought in, and how large it is.

import { number } from '../shared/format.js';
import { IMPORTED_REQUESTS, PATTERN_NAMES, SPECIFICATION, rateWords, requestsWords } from '../words/simulated.js';
import { patternId, patternOf } from './pattern_read.js';

/** @import {State} from '../app/state.js' */
/** @import {Imported} from '../shared/types.d.ts' */

/**
 * `1,000 requests · 200 requests/s`
 * @param {Imported} imported
 * @param {unknown} [specification]
 */
export function cardWords({ requests, rate }, specification = null) {
  const words = [];
  // What is planned of conversations stands in their own fields.
  if (patternOf(specification) !== null) return '';
  if (typeof requests === 'number') words.push(requestsWords(requests));
  if (typeof rate === 'number') words.push(rateWords(number(rate)));
  return words.join(' · ');
}

/**
 * What it is called: the name of its file, the pattern that it was made from, or its kind.
 * @param {Pick<State, 'imported'|'importedName'> & {config?: State['config']}} state
 */
export function cardName({ imported, importedName, config }) {
  if (importedName !== '') return importedName;
  const pattern = imported?.kind === 'specification' ? patternId(config?.workload.spec) : null;
  if (pattern !== null) return PATTERN_NAMES[pattern];
  return imported?.kind === 'specification' ? SPECIFICATION : IMPORTED_REQUESTS;
}
