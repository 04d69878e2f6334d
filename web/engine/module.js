// The engine's WebAssembly: downloaded and compiled once, while the rest of the page loads, and handed to every worker.

import { ENGINE } from '../shared/folder.js';

/** @type {Promise<WebAssembly.Module|null>|undefined} */
let compiled;

/** @returns {Promise<WebAssembly.Module|null>} null if the page cannot compile it; each worker then tries itself and reports the error */
export function compiledEngine() {
  compiled ??= compileWhileLoading().catch(compileWhole);
  return compiled;
}

/** Fails as a promise, too, where there is no WebAssembly at all. */
async function compileWhileLoading() {
  return WebAssembly.compileStreaming(fetch(ENGINE));
}

/** Servers that name another type than `application/wasm` forbid to compile while the file arrives. */
async function compileWhole() {
  try {
    const response = await fetch(ENGINE);
    return response.ok ? await WebAssembly.compile(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
