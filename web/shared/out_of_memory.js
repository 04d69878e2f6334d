// How a want of memory shows in a worker. Every browser has its own words for it.

/**
 * Whether memory was refused: to the engine, which then stops without a word, or to JavaScript.
 * @param {unknown} error
 * @param {boolean} [panicked] whether the engine has said why it stopped: then it was something else
 */
export function isOutOfMemory(error, panicked = false) {
  if (error instanceof WebAssembly.RuntimeError) return !panicked && /unreachable/i.test(error.message);
  return error instanceof Error && /out of memory|allocat|invalid (array|string) length/i.test(error.message);
}
