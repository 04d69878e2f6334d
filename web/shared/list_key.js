// What stands for a list of requests in a key: of millions of rows only some are compared.

/**
 * @template Row
 * @param {readonly Row[]|{digest: string}|null|undefined} list rows, or a list that the engine holds
 * @returns {unknown} the digest, or the length and three of the rows; null if there is no list
 */
export function listKey(list) {
  if (list === null || list === undefined) return null;
  if ('digest' in list) return list.digest;
  return [list.length, list[0], list[list.length >> 1], list[list.length - 1]];
}
