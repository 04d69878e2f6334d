// What stands for a list of requests in a key: of millions of rows only some are compared.

/**
 * @template Row
 * @param {readonly Row[]|null|undefined} list
 * @returns {[number, Row|undefined, Row|undefined, Row|undefined]|null} its length and three of its rows
 */
export function listKey(list) {
  return list === null || list === undefined
    ? null
    : [list.length, list[0], list[list.length >> 1], list[list.length - 1]];
}
