// In the worker: columns of numbers, copied out of the engine.

/**
 * @template {object} Columns
 * @template {keyof Columns} Name
 * @param {Columns} columns
 * @param {readonly Name[]} names
 * @returns {Pick<Columns, Name>}
 */
export function copyColumns(columns, names) {
  return /** @type {Pick<Columns, Name>} */ (Object.fromEntries(names.map((name) => [name, columns[name]])));
}
