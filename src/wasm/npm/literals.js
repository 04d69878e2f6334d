// Values as TypeScript, so that a compiler can hold them against their declared types.

/** Longer lists are represented by their different items. */
const LONGEST = 200;

/** @param {unknown[]} list */
function withoutRepeats(list) {
  if (list.length <= LONGEST) return list;
  const kinds = new Map(list.map((item) => [JSON.stringify(item), item]));
  return [...kinds.values()].slice(0, LONGEST);
}

/**
 * The literal of a value.
 * @param {unknown} value
 * @returns {string}
 */
export function literal(value) {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${withoutRepeats(value).map(literal).join(', ')}]`;
  const type = value.constructor.name;
  if (value instanceof Map) return 'new Map<unknown, unknown>()';
  if (ArrayBuffer.isView(value)) return `new ${type}()`;
  if (type !== 'Object') return `(null! as api.${type})`;
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}: ${literal(field)}`);
  return `{ ${fields.join(', ')} }`;
}

/**
 * A statement that compiles only if the type describes the value: everything that the value has, and nothing that it has
 * not. What is frozen has to be declared so.
 * @param {string} type
 * @param {unknown} value
 */
export function claim(type, value) {
  const frozen = typeof value === 'object' && value !== null && Object.isFrozen(value);
  return `void (${literal(value)}${frozen ? ' as const' : ''} satisfies ${type});`;
}

/**
 * A statement that compiles only if the type has these names and no others.
 * @param {string} type
 * @param {string[]} names
 */
export function namesClaim(type, names) {
  return `void ({ ${names.map((name) => `${JSON.stringify(name)}: true`).join(', ')} } satisfies Record<${type}, true>);`;
}
