// A list of requests that settings name instead of holding it.

/** @import {Pair, Problem} from './types.d.ts' */

/** @typedef {{digest: string, name: string, requests: number}} NamedList */

/** The setting that holds requests, or names them. */
export const LIST_KEY = 'requests';

/**
 * The list that settings name; null if they name none.
 * @param {readonly Pair[]} pairs
 * @returns {NamedList|null}
 */
export function namedList(pairs) {
  const text = pairs.find(([key]) => key === LIST_KEY)?.[1];
  if (!text?.startsWith('{')) return null;
  try {
    const { digest, name = '', requests = 0 } = JSON.parse(text);
    return typeof digest === 'string' ? { digest, name: String(name), requests: Number(requests) } : null;
  } catch {
    return null;
  }
}

/**
 * The list that settings name and that is not there, by its name; null if a problem is another one.
 * @param {Pick<Problem, 'path'|'value'>} problem
 * @returns {string|null}
 */
export function missingList({ path, value }) {
  const [, name] = (path === 'workload.requests' && value.match(/^the list (.*)$/s)) || [];
  return name ?? null;
}
