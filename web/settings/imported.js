// What a workload is called that was brought in, and how large it is.

import { number } from '../shared/format.js';
import { IMPORTED_REQUESTS, SPECIFICATION, rateWords, requestsWords } from '../words/simulated.js';

/** @import {State} from '../app/state.js' */
/** @import {Imported} from '../shared/types.d.ts' */

/**
 * `1,000 requests · 200 requests/s`
 * @param {Imported} imported
 */
export function cardWords({ requests, rate }) {
  const words = [];
  if (typeof requests === 'number') words.push(requestsWords(requests));
  if (typeof rate === 'number') words.push(rateWords(number(rate)));
  return words.join(' · ');
}

/**
 * What it is called: the name of its file, or its kind.
 * @param {Pick<State, 'imported'|'importedName'>} state
 */
export function cardName({ imported, importedName }) {
  if (importedName !== '') return importedName;
  return imported?.kind === 'specification' ? SPECIFICATION : IMPORTED_REQUESTS;
}
