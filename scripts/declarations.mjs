// The declarations of the package out of those that wasm-bindgen writes: functions first, then classes, then the types
// that those name and no others; nothing of the module's insides; and the same name for one thing only.

/**
 * @typedef {object} Declaration
 * @property {'function'|'class'|'interface'|'type'|'enum'} kind
 * @property {string} name
 * @property {string} comment lines of its comment
 * @property {string} code
 */

/** What stands for the insides: how the module is started, and what of it may be of use. */
const WAYS_IN = `/**
 * Fetches and starts the engine; everything else has to wait for it. Without an argument the module is fetched from
 * beside the package's own file. In Node the engine is there as soon as the package has been imported, and this does
 * nothing. A second call gives what the first one gave.
 *
 * @throws {Error} if the module cannot be fetched, or is no WebAssembly
 */
export default function init(module?: { module_or_path: InitInput | Promise<InitInput> }): Promise<Engine>;

/**
 * Starts the engine from a module that is already there.
 *
 * @throws {Error} if it is no WebAssembly
 */
export function initSync(module: { module: SyncInitInput }): Engine;

/**
 * The running engine.
 */
export interface Engine {
    /**
     * The memory that all objects share. It never shrinks.
     */
    readonly memory: WebAssembly.Memory;
}

/**
 * Where the module comes from.
 */
export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

/**
 * A module that is already there.
 */
export type SyncInitInput = BufferSource | WebAssembly.Module;
`;

const END = `    /**
     * Gives back what the object holds in the module's memory. Safe at any time and any number of times; every other
     * method and getter throws afterwards.
     */
    free(): void;
    /**
     * The same, for \`using\`.
     */
    [Symbol.dispose](): void;
`;

/**
 * @param {string} text declarations as wasm-bindgen writes them: each begins at the margin, after its comment
 * @returns {Declaration[]}
 */
export function declarationsIn(text) {
  const found = [];
  const pattern =
    /(\/\*\*\n(?: \*.*\n)+)?^export (default function|function|class|interface|type|enum) (\w+)((?:.*\{\n(?:.*\n)*?\})|(?:[^;{]|\{[^\n]*\})*;)$/gm;
  for (const [all, comment = '', kind, name] of text.matchAll(pattern)) {
    const code = all.slice(comment.length);
    found.push({ kind: /** @type {Declaration['kind']} */ (kind.replace('default ', '')), name, comment, code });
  }
  return found;
}

/** @param {string} code @returns {string} without comments and texts, so that only names of types are left */
const bare = (code) => code.replaceAll(/\/\*[\s\S]*?\*\/|'[^']*'|"[^"]*"/g, '');

/**
 * What functions and classes lead to.
 * @param {Declaration[]} all
 * @returns {Set<Declaration>}
 */
function reachable(all) {
  const byName = new Map(all.map((declaration) => [declaration.name, declaration]));
  if (byName.size < all.length) {
    const twice = all.filter((declaration) => byName.get(declaration.name) !== declaration);
    throw new Error(`two things have one name: ${twice.map(({ name }) => name).join(', ')}`);
  }
  const reached = new Set(all.filter(({ kind }) => kind === 'function' || kind === 'class' || kind === 'enum'));
  for (const { code } of reached) {
    for (const [name] of bare(code).matchAll(/\w+/g)) {
      const named = byName.get(name);
      if (named) reached.add(named);
    }
  }
  return reached;
}

/**
 * Comments come from Rust; here they name things as JavaScript does.
 * @param {string} text
 */
const inJavaScript = (text) =>
  text
    .replaceAll(/\[`([^`\]]+)`\](\([^)]*\))?/g, (_, name) => `\`${name.replaceAll('::', '.')}\``)
    .replaceAll('`RunResult', '`Result')
    .replaceAll('    free(): void;\n    [Symbol.dispose](): void;\n', END);

/**
 * @param {string} generated what wasm-bindgen has written
 * @returns {string}
 */
export function packageDeclarations(generated) {
  const insides = new Set(['start', 'InitInput', 'InitOutput', 'SyncInitInput', 'initSync', '__wbg_init']);
  const all = declarationsIn(generated).filter(({ name }) => !insides.has(name));
  const reached = reachable(all);
  const rank = { function: 0, class: 1, enum: 2, interface: 3, type: 3 };
  const order = (/** @type {Declaration} */ left, /** @type {Declaration} */ right) =>
    rank[left.kind] - rank[right.kind] || (left.name < right.name ? -1 : 1);
  const parts = [...reached].sort(order).map(({ comment, code }) => inJavaScript(`${comment}${code}\n`));
  return ['/// <reference lib="esnext.disposable" />\n/* eslint-disable */\n', WAYS_IN, ...parts].join('\n');
}
