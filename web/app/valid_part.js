// A link of which some values are wrong: what of it can be simulated, and what is shown at the controls.

import { isOptional } from '../settings/settings.js';

/** @import {Pair, Problem, Setting} from '../shared/types.d.ts' */

/**
 * @param {Problem[]} problems with what the link asks for
 * @param {Map<string, string>} asked
 * @param {Setting[]} schema
 * @returns {{good: Pair[], drafts: Map<string, string>, shown: Map<string, string>}} the values that are valid by themselves;
 *   the others, for their controls; and all of them, those that are missing as missing, where not even these go together
 */
export function validPart(problems, asked, schema) {
  // A document has no control: nothing could take it away again.
  const known = (/** @type {[string, string][]} */ texts) =>
    new Map(texts.filter(([name]) => schema.some(({ key, kind }) => key === name && kind.type !== 'document')));
  const bad = new Set(problems.map(({ key, path }) => key ?? path).filter((key) => asked.has(key)));
  const missing = problems.flatMap((problem) => {
    const setting = schema.find(({ key }) => key === problem.key);
    return setting && isOptional(setting) && !asked.has(setting.key) ? [/** @type {Pair} */ ([setting.key, ''])] : [];
  });
  return {
    good: [...asked].filter(([key]) => !bad.has(key)),
    drafts: known([...asked].filter(([key]) => bad.has(key))),
    shown: known([...asked, ...missing]),
  };
}
